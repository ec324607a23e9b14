package dev.curfew.redis.codec;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.LookupKey;
import dev.curfew.store.UndecodableRevocationException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Entries as bytes: version, kind, flags, reason, actor kind (a byte each), bucket (2), revokedAt, issuedBefore,
 * forgetAfter (6 each), realm key (16), exempt session key (16) and its begin (6) if flagged, actor id. The target key
 * is the name of the field in which entries stand, each behind its length in one byte.
 */
public final class RevocationCodec {
    private static final byte VERSION = 1;
    private static final int EXEMPT = 1;
    private static final int EXEMPT_BEGAN = 2;

    private RevocationCodec() {}

    public static byte[] encode(Revocation revocation) {
        RevocationTarget target = revocation.target();
        Optional<ExemptSession> exempt = revocation.exempt();
        Optional<Instant> began = exempt.flatMap(ExemptSession::began);
        ByteBuffer bytes = ByteBuffer.allocate(128);
        bytes.put(VERSION).put((byte) target.kind().code());
        bytes.put((byte) ((exempt.isPresent() ? EXEMPT : 0) | (began.isPresent() ? EXEMPT_BEGAN : 0)));
        bytes.put((byte) revocation.reason().code());
        bytes.put((byte) revocation.actor().kind().code()).putShort((short) target.bucket());
        MillisCodec.put(bytes, revocation.revokedAt());
        MillisCodec.put(bytes, revocation.issuedBefore());
        MillisCodec.put(bytes, revocation.forgetAfter());
        bytes.put(target.realm().toBytes());
        exempt.ifPresent(session -> bytes.put(session.key().toBytes()));
        began.ifPresent(instant -> MillisCodec.put(bytes, instant));
        bytes.put(revocation.actor().id().getBytes(StandardCharsets.US_ASCII));
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    public static Revocation decode(LookupKey key, byte[] entry) {
        return decode(key, ByteBuffer.wrap(entry));
    }

    private static Revocation decode(LookupKey key, ByteBuffer entry) {
        try {
            return read(key, entry);
        } catch (BufferUnderflowException | IllegalArgumentException | InvalidIdentifierException e) {
            throw new UndecodableRevocationException("an entry in Redis is damaged");
        }
    }

    /** All entries of a field. */
    public static List<Revocation> field(LookupKey key, byte[] field) {
        List<Revocation> entries = new ArrayList<>(1);
        int from = 0;
        while (from < field.length) {
            int to = from + 1 + (field[from] & 0xFF);
            if (to > field.length) {
                throw new UndecodableRevocationException("a field of entries in Redis is cut short");
            }
            entries.add(decode(key, ByteBuffer.wrap(field, from + 1, to - from - 1)));
            from = to;
        }
        return entries;
    }

    private static Revocation read(LookupKey key, ByteBuffer bytes) {
        if (bytes.get() != VERSION) {
            throw new UndecodableRevocationException("an entry in Redis has a format that this version does not know");
        }
        RevocationTarget.Kind kind =
                known(RevocationTarget.Kind.ofCode(bytes.get()).orElse(null));
        int flags = bytes.get();
        RevocationReason reason = known(RevocationReason.ofCode(bytes.get()).orElse(null));
        Actor.Kind actor = known(Actor.Kind.ofCode(bytes.get()).orElse(null));
        int bucket = bytes.getShort();
        Revocation.Builder revocation;
        Instant revokedAt = MillisCodec.instant(bytes);
        Instant issuedBefore = MillisCodec.instant(bytes);
        Instant forgetAfter = MillisCodec.instant(bytes);
        LookupKey realm = key(bytes);
        revocation = Revocation.of(new RevocationTarget(kind, key, realm, bucket))
                .revokedAt(revokedAt)
                .issuedBefore(issuedBefore)
                .forgetAfter(forgetAfter);
        if ((flags & EXEMPT) != 0) {
            LookupKey session = key(bytes);
            revocation.exempt(
                    ExemptSession.stored(session, (flags & EXEMPT_BEGAN) != 0 ? MillisCodec.instant(bytes) : null));
        }
        byte[] id = new byte[bytes.remaining()];
        bytes.get(id);
        return revocation
                .because(reason, new Actor(actor, new String(id, StandardCharsets.US_ASCII)))
                .build();
    }

    private static LookupKey key(ByteBuffer bytes) {
        return new LookupKey(bytes.getLong(), bytes.getLong());
    }

    private static <T> T known(@Nullable T value) {
        if (value == null) {
            throw new UndecodableRevocationException("an entry in Redis has a code that this version does not know");
        }
        return value;
    }
}
