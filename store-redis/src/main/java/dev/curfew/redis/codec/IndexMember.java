package dev.curfew.redis.codec;

import dev.curfew.session.LookupKey;
import dev.curfew.store.SessionCursor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Members of the index of a bucket's sessions as bytes: subject key (16), inverted begin (6), inverted creation (6),
 * session key (16).
 */
public final class IndexMember {
    public static final int BYTES = 2 * LookupKey.BYTES + 2 * MillisCodec.BYTES;

    private IndexMember() {}

    public static LookupKey sessionOf(byte[] member) {
        return LookupKey.fromBytes(Arrays.copyOfRange(member, BYTES - LookupKey.BYTES, BYTES));
    }

    /** Where a session stands among those of its subject: the member without the subject. */
    public static byte[] position(SessionCursor cursor) {
        ByteBuffer position = ByteBuffer.allocate(BYTES - LookupKey.BYTES);
        MillisCodec.put(position, MillisCodec.MAX - cursor.authenticatedAt().toEpochMilli());
        MillisCodec.put(position, MillisCodec.MAX - cursor.createdAt().toEpochMilli());
        return position.put(cursor.key().toBytes()).array();
    }
}
