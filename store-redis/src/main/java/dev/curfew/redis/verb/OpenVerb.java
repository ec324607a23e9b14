package dev.curfew.redis.verb;

import dev.curfew.redis.connection.Outage;
import dev.curfew.redis.script.Layout;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.DamagedKeyException;
import dev.curfew.redis.server.PartitionsMismatchException;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The verb that opens: installs the store where there is none, and refuses one that does not fit. Stateless. */
public final class OpenVerb {
    private OpenVerb() {}

    /**
     * Makes sure that every partition is installed as the host configures the store. The first partition is asked
     * alone: what does not fit writes to no other one.
     */
    public static void open(ScriptRunner scripts, Instant now) {
        requireSameSettings(scripts, 0, scripts.run("open", ScriptCall.of(LuaScript.OPEN, 0), now));
        List<ScriptReply> replies =
                scripts.runAll("open", scripts.everywhere(partition -> ScriptCall.of(LuaScript.OPEN, partition)), now);
        for (int partition = 0; partition < replies.size(); partition++) {
            requireSameSettings(scripts, partition, replies.get(partition));
            requireLayout(scripts, partition, replies.get(partition).text(2), now);
        }
    }

    private static void requireSameSettings(ScriptRunner scripts, int partition, ScriptReply reply) {
        RedisKeys keys = scripts.keys();
        int partitions = (int) stored(keys, partition, reply, 0);
        if (partitions != keys.partitions()) {
            throw new PartitionsMismatchException(partitions, keys.partitions());
        }
        StoreSettings settings = scripts.settings();
        Duration retention = Duration.ofMillis(stored(keys, partition, reply, 1));
        if (retention.toMillis() != settings.retention().toMillis()) {
            throw new StoreSettingsMismatchException(retention, settings.retention());
        }
    }

    private static long stored(RedisKeys keys, int partition, ScriptReply reply, int index) {
        try {
            return reply.number(index);
        } catch (NumberFormatException e) {
            throw Outage.of(
                    "open",
                    new DamagedKeyException(
                            keys.part(partition), "no number of partitions or no retention", "what open wrote"));
        }
    }

    private static void requireLayout(ScriptRunner scripts, int partition, String stored, Instant now) {
        String layout = Layout.isOlder(stored) ? convert(scripts, partition, now) : stored;
        if (!layout.equals(Layout.KNOWN)) {
            throw Layout.mismatch(layout);
        }
    }

    /** What an older version has written is converted once; the store is refused until that is done. */
    private static String convert(ScriptRunner scripts, int partition, Instant now) {
        List<byte[]> containers = scripts.keys().containersOf(partition);
        return scripts.run("open", new ScriptCall(LuaScript.CONVERT_LAYOUT, partition, containers, List.of()), now)
                .text(0);
    }
}
