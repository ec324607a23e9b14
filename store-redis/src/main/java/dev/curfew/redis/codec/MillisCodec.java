package dev.curfew.redis.codec;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * Instants and durations as six bytes of milliseconds, from 1970 to the year 10889; what lies outside is cut to the
 * range.
 */
public final class MillisCodec {
    static final int BYTES = 6;

    static final long MAX = (1L << 48) - 1;

    private MillisCodec() {}

    static void put(ByteBuffer buffer, long millis) {
        long value = Math.max(0, Math.min(MAX, millis));
        buffer.putShort((short) (value >>> 32)).putInt((int) value);
    }

    static void put(ByteBuffer buffer, Instant instant) {
        put(buffer, instant.toEpochMilli());
    }

    /** An instant, cut to the range. */
    public static long clamp(Instant instant) {
        return instant.isBefore(Instant.EPOCH)
                ? 0
                : instant.isAfter(Instant.ofEpochMilli(MAX)) ? MAX : instant.toEpochMilli();
    }

    public static long get(ByteBuffer buffer) {
        return (buffer.getShort() & 0xFFFFL) << 32 | buffer.getInt() & 0xFFFFFFFFL;
    }

    static Instant instant(ByteBuffer buffer) {
        return Instant.ofEpochMilli(get(buffer));
    }
}
