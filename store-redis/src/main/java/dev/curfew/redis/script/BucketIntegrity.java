package dev.curfew.redis.script;

import dev.curfew.redis.codec.MillisCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that a bucket of revocations was lost, although its partition stands. Stateless.
 *
 * <p>A bucket and its partition hold the same 8 bytes, and the partition holds beside them until when something in the
 * bucket is remembered. Two readings, the partition's first, are compared at the instant of the check; where they
 * differ, a script sees both at once, since a purge or a first entry may have come between. If it finds the bucket
 * lost, the birth of the partition is renewed.
 */
public final class BucketIntegrity {
    private static final Logger LOG = LoggerFactory.getLogger(BucketIntegrity.class);
    private static final int ID_BYTES = 8;
    private static final int MARK_BYTES = ID_BYTES + 6;

    private BucketIntegrity() {}

    /** {@return the field of a bucket that is compared} */
    public static byte[] idField() {
        return new byte[] {'m'};
    }

    /** {@return the field of the partition that a bucket is compared with} */
    public static byte[] markField(int bucket) {
        return ("M" + bucket).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Whether a bucket is what its partition says, as far as two readings can tell.
     *
     * @param mark of the partition, no bytes if absent
     * @param id of the bucket, read later; no bytes if absent
     */
    public static boolean isIntact(byte[] mark, byte[] id, Instant now) {
        return mark.length == 0
                || mark.length == MARK_BYTES
                        && (Arrays.equals(mark, 0, ID_BYTES, id, 0, id.length)
                                || MillisCodec.get(ByteBuffer.wrap(mark, ID_BYTES, MARK_BYTES - ID_BYTES))
                                        <= now.toEpochMilli());
    }

    /** Looks, for a verb, at all buckets of a partition at once, and renews its birth if any is lost. */
    static void confirm(ScriptRunner scripts, String verb, int partition, Instant now) {
        RedisKeys keys = scripts.keys();
        ScriptCall call = new ScriptCall(
                LuaScript.CONFIRM_LOSS,
                partition,
                keys.bucketsOf(partition).stream().map(keys::revocations).toList(),
                List.of());
        long lost = scripts.write(verb, call, now).number(0);
        if (lost > 0) {
            LOG.error(
                    "Redis has lost the revocations of {} of the {} buckets of partition {} (evicted, expired or"
                            + " deleted): whatever began there before now is refused",
                    lost,
                    keys.bucketsOf(partition).size(),
                    partition);
        }
    }
}
