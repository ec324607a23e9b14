package dev.curfew.redis.script;

import dev.curfew.redis.connection.Outage;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.server.DamagedKeyException;
import dev.curfew.redis.server.LayoutMismatchException;
import dev.curfew.store.StoreTimes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the partitions say of their birth, layout, horizon and clock, beside what is read of the feed. */
public final class PartitionTimes {
    private static final int LAYOUT = 1;
    private static final int HORIZON = 2;
    private static final int TIME = 3;

    private PartitionTimes() {}

    /** One reading for each partition. */
    public static List<ReadCommand> reads(RedisKeys keys) {
        List<ReadCommand> reads = new ArrayList<>(keys.partitions());
        for (int partition = 0; partition < keys.partitions(); partition++) {
            reads.add(ReadCommand.script(keys.part(partition), LuaScript.PARTITION_TIMES));
        }
        return reads;
    }

    public static StoreTimes read(ScriptRunner scripts, Instant now) {
        return of(scripts, scripts.read("readAfter", reads(scripts.keys())), now);
    }

    /**
     * Whether a partition has lost its own hash; it is then born again.
     *
     * @throws LayoutMismatchException if one is of another version
     */
    public static boolean isReborn(ScriptRunner scripts, List<List<byte[]>> answers, Instant now) {
        boolean isReborn = false;
        for (int partition = 0; partition < answers.size(); partition++) {
            if (answers.get(partition).get(0).length == 0) {
                scripts.run("readAfter", ScriptCall.of(LuaScript.OPEN, partition), now);
                isReborn = true;
            } else {
                String layout = text(answers.get(partition).get(LAYOUT));
                if (!layout.equals(Layout.KNOWN)) {
                    throw Layout.mismatch(layout);
                }
            }
        }
        return isReborn;
    }

    /** The latest horizon; of several servers the clock that is farthest from the node's: a wrong one is noticed. */
    public static StoreTimes of(ScriptRunner scripts, List<List<byte[]>> answers, Instant now) {
        Instant horizon = Instant.EPOCH;
        Instant clock = now;
        Duration farthest = Duration.ofNanos(-1);
        for (int partition = 0; partition < answers.size(); partition++) {
            List<byte[]> answer = answers.get(partition);
            Instant of = horizon("readAfter", scripts.keys().part(partition), answer.get(HORIZON));
            horizon = of.isAfter(horizon) ? of : horizon;
            Instant reading = scripts.clock().reading(answer.subList(TIME, TIME + 2), now);
            Duration apart = Duration.between(now, reading).abs();
            if (apart.compareTo(farthest) > 0) {
                farthest = apart;
                clock = reading;
            }
        }
        return new StoreTimes(horizon, clock);
    }

    /** Reads the field of a partition's hash up to which something was forgotten; nothing was, if it is empty. */
    public static Instant horizon(String verb, byte[] part, byte[] field) {
        try {
            return field.length == 0 ? Instant.EPOCH : Instant.ofEpochMilli(Long.parseLong(text(field)));
        } catch (NumberFormatException e) {
            throw Outage.of(verb, new DamagedKeyException(part, "a field H that is no number", "milliseconds"));
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
