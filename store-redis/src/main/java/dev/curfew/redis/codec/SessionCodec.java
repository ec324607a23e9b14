package dev.curfew.redis.codec;

import dev.curfew.crypto.SecretHash;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.store.StoredSession;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows as bytes: version, flags (a byte each), lastSeen, idle time-out, expiry, created, forgetAfter (6 each), begin
 * (6), bucket and version of the id or 0 (2), realm key, subject key (16 each), the id's random bytes (16) if it is
 * ours, client key (16) and secret hash (32) as flagged; in version 2, which has a secret, a credential of 1 to 255
 * bytes behind its length (2); payload. A row without a credential has version 1. The session key is the name of the
 * field.
 *
 * <p>The first 72 bytes, up to the subject key, are the head. Every later version begins with them, and all in them but
 * the flags means the same there: a session of it is over at the earlier of its expiry and the last sign of life with
 * the time-out added, whatever else it has. So nodes of this version count it for a limit until then, purge it
 * afterwards, erase it with its subject's others and put it where it belongs in an index that they make anew.
 */
public final class SessionCodec {
    private static final byte PLAIN = 1;
    private static final byte WITH_CREDENTIAL = 2;
    private static final int CLIENT = 1;
    private static final int SECRET = 2;
    private static final int OURS = 4;
    private static final int ALL_FLAGS = CLIENT | SECRET | OURS;
    private static final int HEAD = 72;
    private static final int REALM = 40;
    private static final int SUBJECT = 56;
    private static final int BUCKET_SHIFT = 4;
    private static final int VERSION_OF_ID = 0xF;
    private static final int MILLIS_SHIFT = 16;

    private SessionCodec() {}

    public static byte[] encode(StoredSession session) {
        byte[] credential = session.credential();
        byte[] payload = session.payload();
        ByteBuffer bytes = ByteBuffer.allocate(
                HEAD + 2 * LookupKey.BYTES + SecretHash.BYTES + Short.BYTES + credential.length + payload.length);
        bytes.put(credential.length == 0 ? PLAIN : WITH_CREDENTIAL);
        bytes.put((byte) ((session.clientKey().isPresent() ? CLIENT : 0)
                | (session.secretHash().isPresent() ? SECRET : 0)
                | (session.id().isPresent() ? OURS : 0)));
        MillisCodec.put(bytes, session.lastSeenAt());
        MillisCodec.put(bytes, millis(session.idleTimeout()));
        MillisCodec.put(bytes, session.expiresAt());
        MillisCodec.put(bytes, session.createdAt());
        MillisCodec.put(bytes, session.forgetAfter());
        MillisCodec.put(bytes, session.authenticatedAt());
        int tail = session.id().map(id -> (int) (id.head() & 0xFFFF)).orElse(session.bucket() << BUCKET_SHIFT);
        bytes.putShort((short) tail);
        bytes.put(session.realmKey().toBytes()).put(session.subjectKey().toBytes());
        session.id().ifPresent(id -> bytes.putLong(id.random1()).putLong(id.random2()));
        session.clientKey().ifPresent(key -> bytes.put(key.toBytes()));
        session.secretHash().ifPresent(hash -> bytes.put(hash.toBytes()));
        if (credential.length > 0) {
            bytes.putShort((short) credential.length).put(credential);
        }
        bytes.put(payload);
        byte[] row = new byte[bytes.position()];
        bytes.flip().get(row);
        return row;
    }

    /** The key of the realm, also of a row that cannot be read otherwise; null if it is too short. */
    public static @Nullable LookupKey realmOf(byte[] row) {
        return key(row, REALM);
    }

    /** The key of the subject, also of a row that cannot be read otherwise; null if it is too short. */
    public static @Nullable LookupKey subjectOf(byte[] row) {
        return key(row, SUBJECT);
    }

    /** The key of the client, also of a row that cannot be read otherwise; null if it has none or is too short. */
    public static @Nullable LookupKey clientOf(byte[] row) {
        if (row.length < HEAD || (row[1] & CLIENT) == 0) {
            return null;
        }
        return key(row, HEAD + ((row[1] & 0xFF) >= OURS ? LookupKey.BYTES : 0));
    }

    private static @Nullable LookupKey key(byte[] row, int at) {
        return row.length < Math.max(HEAD, at + LookupKey.BYTES)
                ? null
                : LookupKey.fromBytes(Arrays.copyOfRange(row, at, at + LookupKey.BYTES));
    }

    public static StoredSession decode(LookupKey key, byte[] row) {
        try {
            return read(key, ByteBuffer.wrap(row));
        } catch (BufferUnderflowException | IllegalArgumentException | InvalidIdentifierException e) {
            throw new UndecodableSessionException("damaged", key);
        }
    }

    private static StoredSession read(LookupKey sessionKey, ByteBuffer bytes) {
        int version = bytes.get();
        int flags = bytes.get();
        if (version != PLAIN && version != WITH_CREDENTIAL || (flags & ~ALL_FLAGS) != 0) {
            throw new UndecodableSessionException("of a format that this version does not know", sessionKey);
        }
        Instant lastSeen = MillisCodec.instant(bytes);
        Duration idle = Duration.ofMillis(MillisCodec.get(bytes));
        Instant expiry = MillisCodec.instant(bytes);
        Instant created = MillisCodec.instant(bytes);
        Instant forgetAfter = MillisCodec.instant(bytes);
        long began = MillisCodec.get(bytes);
        int tail = bytes.getShort() & 0xFFFF;
        StoredSession.Builder row = StoredSession.stored()
                .keys(sessionKey, tail >>> BUCKET_SHIFT, key(bytes), key(bytes))
                .authenticatedAt(Instant.ofEpochMilli(began))
                .createdAt(created)
                .lastSeenAt(lastSeen)
                .ends(expiry, idle)
                .forgetAfter(forgetAfter);
        if ((flags & OURS) != 0) {
            row.id(new SessionId(began << MILLIS_SHIFT | tail, bytes.getLong(), bytes.getLong()));
        } else if ((tail & VERSION_OF_ID) != 0) {
            throw new IllegalArgumentException("a version of an id, and no id");
        }
        if ((flags & CLIENT) != 0) {
            row.clientKey(key(bytes));
        }
        if ((flags & SECRET) != 0) {
            row.secretHash(SecretHash.stored(take(bytes, SecretHash.BYTES)));
        }
        if (version == WITH_CREDENTIAL) {
            row.credential(credential(bytes));
        }
        return row.payload(take(bytes, bytes.remaining())).build();
    }

    /** A row whose credential has no bytes would have the other version, and two forms of one row are one too many. */
    private static byte[] credential(ByteBuffer bytes) {
        int length = bytes.getShort() & 0xFFFF;
        if (length == 0) {
            throw new IllegalArgumentException("a credential without bytes");
        }
        return take(bytes, length);
    }

    private static byte[] take(ByteBuffer bytes, int length) {
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    private static LookupKey key(ByteBuffer bytes) {
        return new LookupKey(bytes.getLong(), bytes.getLong());
    }

    private static long millis(Duration duration) {
        try {
            return duration.toMillis();
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }
}
