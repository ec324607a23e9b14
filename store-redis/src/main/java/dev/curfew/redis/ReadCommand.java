package dev.curfew.redis;

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
 * <p>The answer is flat, whatever the protocol nests: all its byte strings in their order, an absent one as no bytes.
 */
final class ReadCommand {
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
    static ReadCommand fields(byte[] hash, List<byte[]> fields) {
        return new ReadCommand(CommandType.HMGET, hash, fields);
    }

    /** Name and value of each field of a hash. */
    static ReadCommand wholeHash(byte[] hash) {
        return new ReadCommand(CommandType.HGETALL, hash, List.of());
    }

    /** All members of a sorted set. */
    static ReadCommand members(byte[] sortedSet) {
        return new ReadCommand(CommandType.ZRANGE, sortedSet, List.of(ascii("0"), ascii("-1")));
    }

    /** The first members of a sorted set behind one, by their bytes; without one, the first of all. */
    static ReadCommand membersBehind(byte[] sortedSet, byte[] member, int count) {
        byte[] from = ByteBuffer.allocate(1 + member.length)
                .put((byte) (member.length == 0 ? '-' : '('))
                .put(member)
                .array();
        return new ReadCommand(
                CommandType.ZRANGEBYLEX,
                sortedSet,
                List.of(from, ascii("+"), ascii("LIMIT"), ascii("0"), ScriptCall.number(count)));
    }

    /** Lines of a feed from a number on, inclusively: id, field name and content of each. */
    static ReadCommand lines(byte[] feed, long from, int count) {
        return new ReadCommand(
                CommandType.XRANGE,
                feed,
                List.of(ascii(from + "-0"), ascii("+"), ascii("COUNT"), ScriptCall.number(count)));
    }

    /**
     * What {@link PartitionTimes} reads of a partition's hash, with the clock of its server; a small script, since TIME
     * names no key.
     */
    static ReadCommand times(byte[] part) {
        return new ReadCommand(CommandType.EVAL, part, List.of());
    }

    /** The type of a key, as Redis names it. */
    static ReadCommand type(byte[] key) {
        return new ReadCommand(CommandType.TYPE, key, List.of());
    }

    byte[] key() {
        return key;
    }

    AsyncCommand<byte[], byte[], List<byte[]>> toCommand() {
        CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
        if (type == CommandType.EVAL) {
            args.add(LuaScript.PARTITION_TIMES.text()).add(1);
        }
        args.addKey(key);
        rest.forEach(args::add);
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
        public void multi(int count) {
            // Nesting is not kept.
        }
    }
}
