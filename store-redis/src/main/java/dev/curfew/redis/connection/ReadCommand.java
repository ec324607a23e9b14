package dev.curfew.redis.connection;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plain reading of one key. Immutable.
 *
 * <p>The answer is flat, whatever the protocol nests: all its byte strings in their order, an absent one as no bytes,
 * and a number as its text.
 */
public final class ReadCommand {
    private static final byte[] NOTHING = new byte[0];

    private final CommandType type;
    private final byte[] key;
    private final List<byte[]> rest;

    private ReadCommand(CommandType type, byte[] key, List<byte[]> rest) {
        this.type = type;
        this.key = key;
        this.rest = rest;
    }

    /** Fields of a hash in the order asked for. */
    public static ReadCommand fields(byte[] hash, List<byte[]> fields) {
        return new ReadCommand(CommandType.HMGET, hash, fields);
    }

    /** How many fields a hash has, as text. */
    public static ReadCommand length(byte[] hash) {
        return new ReadCommand(CommandType.HLEN, hash, List.of());
    }

    /** Name and value of each field of a hash. */
    public static ReadCommand wholeHash(byte[] hash) {
        return new ReadCommand(CommandType.HGETALL, hash, List.of());
    }

    /** All members of a sorted set. */
    public static ReadCommand members(byte[] sortedSet) {
        return new ReadCommand(CommandType.ZRANGE, sortedSet, List.of(ascii("0"), ascii("-1")));
    }

    /** The first members of a sorted set behind one, by their bytes; without one, the first of all. */
    public static ReadCommand membersBehind(byte[] sortedSet, byte[] member, int count) {
        byte[] from = ByteBuffer.allocate(1 + member.length)
                .put((byte) (member.length == 0 ? '-' : '('))
                .put(member)
                .array();
        return new ReadCommand(
                CommandType.ZRANGEBYLEX,
                sortedSet,
                List.of(from, ascii("+"), ascii("LIMIT"), ascii("0"), ascii(Integer.toString(count))));
    }

    /** Lines of a feed from a number on, inclusively: id, field name and content of each. */
    public static ReadCommand lines(byte[] feed, long from, int count) {
        return new ReadCommand(
                CommandType.XRANGE,
                feed,
                List.of(ascii(from + "-0"), ascii("+"), ascii("COUNT"), ascii(Integer.toString(count))));
    }

    /** What a script answers that is given one key, and writes nothing; it is sent as text. */
    public static ReadCommand script(byte[] key, Script script) {
        return new ReadCommand(CommandType.EVAL, key, List.of(script.text()));
    }

    /** The type of a key, as Redis names it. */
    public static ReadCommand type(byte[] key) {
        return new ReadCommand(CommandType.TYPE, key, List.of());
    }

    public byte[] key() {
        return key;
    }

    AsyncCommand<byte[], byte[], List<byte[]>> toCommand() {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        if (type == CommandType.EVAL) {
            rest.forEach(args::add);
            args.add(1).addKey(key);
        } else {
            args.addKey(key);
            rest.forEach(args::add);
        }
        return new AsyncCommand<>(new Command<>(type, new Flat(), args));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Flat extends CommandOutput<byte[], byte[], List<byte[]>> {
        Flat() {
            super(ByteArrayCodec.INSTANCE, new ArrayList<>());
        }

        @Override
        public void set(@Nullable ByteBuffer bytes) {
            byte[] value = NOTHING;
            if (bytes != null) {
                value = new byte[bytes.remaining()];
                bytes.get(value);
            }
            output.add(value);
        }

        @Override
        public void set(long number) {
            output.add(ascii(Long.toString(number)));
        }

        @Override
        public void multi(int count) {
            // Nesting is not kept.
        }
    }
}
