package dev.curfew.redis.codec;

import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import java.nio.ByteBuffer;

/**
 * Shared records as bytes: version (8), forgetAfter (6), random bytes of the write (8), value. Its twin for scripts is
 * shared_record_codec.lua.
 */
public final class SharedRecordCodec {
    private static final int HEAD = Long.BYTES + MillisCodec.BYTES;

    private SharedRecordCodec() {}

    /**
     * Writes a record.
     *
     * @param write tells this write from every other one, also from one of the same content
     */
    public static byte[] encode(SharedRecord one, long write) {
        ByteBuffer buffer = ByteBuffer.allocate(HEAD + Long.BYTES + one.size()).putLong(one.version());
        MillisCodec.put(buffer, one.forgetAfter());
        return buffer.putLong(write).put(one.value()).array();
    }

    /** What a script has found to be a record. */
    public static SharedRecord decode(RecordKey key, byte[] row) {
        ByteBuffer buffer = ByteBuffer.wrap(row);
        long version = buffer.getLong();
        var forgetAfter = MillisCodec.instant(buffer);
        buffer.getLong();
        byte[] value = new byte[buffer.remaining()];
        buffer.get(value);
        return new SharedRecord(key, version, value, forgetAfter);
    }

    /** A version as it stands in a record, 0 for none. */
    public static byte[] version(long version) {
        return ByteBuffer.allocate(Long.BYTES).putLong(version).array();
    }
}
