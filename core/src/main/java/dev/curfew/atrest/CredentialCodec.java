package dev.curfew.atrest;

import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.refresh.RetryRule;
import dev.curfew.refresh.RetryRule.Holder;
import dev.curfew.session.CredentialKind;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes the state of a credential as bytes that carry their format's version, and reads every version that was ever
 * released.
 *
 * <p>Version 1: the byte 1, the number of the kind (1), a byte of flags, the generation (4); then, each if its flag is
 * set, the hash of the family (32), the login's own retry rule (9), the last exchange: the hash of the previous secret
 * (32), its instant in milliseconds (8) and its rule (9); the salt (32); the tag of the attempt key (8). A rule is the
 * number of who gets the successor (1), the window and the tolerance in milliseconds (4 each). One more flag says
 * whether that exchange was a renewal. At most 137 bytes. The first byte is never 2, which is that of an envelope.
 * Thread-safe.
 */
final class CredentialCodec {
    private static final int VERSION_1 = 1;
    private static final int FAMILY = 1;
    private static final int KEYLESS = 2;
    private static final int LAST = 4;
    private static final int SALT = 8;
    private static final int TAG = 16;
    private static final int RENEWAL = 32;
    private static final int OF_EXCHANGE = SALT | TAG | RENEWAL;
    private static final int KNOWN_FLAGS = FAMILY | KEYLESS | LAST | OF_EXCHANGE;
    private static final int MOST_BYTES = 137;

    private CredentialCodec() {}

    static byte[] encode(CredentialState state) {
        LastExchange last = state.last();
        byte[] salt = last == null ? new byte[0] : last.salt();
        byte[] tag = last == null ? new byte[0] : last.attemptTag();
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        out.put((byte) VERSION_1).put((byte) numberOf(state.kind())).put((byte) flags(state, salt, tag));
        out.putInt(state.generation());
        if (state.family() != null) {
            out.put(state.family().toBytes());
        }
        if (state.keyless() != null) {
            put(out, state.keyless());
        }
        if (last != null) {
            out.put(last.previous().toBytes()).putLong(last.at().toEpochMilli());
            put(out, last.rule());
        }
        out.put(salt).put(tag);
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * Reads a state.
     *
     * @throws UndecodablePayloadException if it is damaged or of a version that this one does not know
     */
    static CredentialState decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            if (in.get() != VERSION_1) {
                throw new UndecodablePayloadException("session credential has an unknown version", null);
            }
            CredentialState state = readVersion1(in);
            if (in.hasRemaining()) {
                throw new UndecodablePayloadException("session credential is longer than its content", null);
            }
            return state;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new UndecodablePayloadException("session credential is damaged", e);
        }
    }

    private static CredentialState readVersion1(ByteBuffer in) {
        CredentialKind kind = kindOf(in.get());
        int flags = in.get();
        if ((flags & ~KNOWN_FLAGS) != 0) {
            throw new IllegalArgumentException("unknown flags");
        }
        int generation = in.getInt();
        SecretHash family = (flags & FAMILY) == 0 ? null : hash(in);
        RetryRule keyless = (flags & KEYLESS) == 0 ? null : rule(in);
        return new CredentialState(kind, family, keyless, generation, lastExchange(in, flags));
    }

    private static @Nullable LastExchange lastExchange(ByteBuffer in, int flags) {
        if ((flags & LAST) == 0) {
            if ((flags & OF_EXCHANGE) != 0) {
                throw new IllegalArgumentException("part of an exchange without one");
            }
            return null;
        }
        LastExchange last = LastExchange.of(hash(in), Instant.ofEpochMilli(in.getLong()), rule(in));
        if ((flags & RENEWAL) != 0) {
            last = last.asRenewal();
        }
        if ((flags & SALT) != 0) {
            last = last.withSalt(bytes(in, LastExchange.SALT_BYTES));
        }
        return (flags & TAG) == 0 ? last : last.withAttemptTag(bytes(in, LastExchange.TAG_BYTES));
    }

    private static int flags(CredentialState state, byte[] salt, byte[] tag) {
        return (state.family() == null ? 0 : FAMILY)
                | (state.keyless() == null ? 0 : KEYLESS)
                | (state.last() == null ? 0 : LAST)
                | (salt.length == 0 ? 0 : SALT)
                | (tag.length == 0 ? 0 : TAG)
                | (state.last() != null && state.last().isRenewal() ? RENEWAL : 0);
    }

    private static void put(ByteBuffer out, RetryRule rule) {
        out.put((byte) rule.holder().code())
                .putInt((int) rule.window().toMillis())
                .putInt((int) rule.tolerance().toMillis());
    }

    private static RetryRule rule(ByteBuffer in) {
        int code = in.get();
        Holder holder = Arrays.stream(Holder.values())
                .filter(one -> one.code() == code)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown retry rule"));
        return new RetryRule(holder, Duration.ofMillis(in.getInt()), Duration.ofMillis(in.getInt()));
    }

    private static SecretHash hash(ByteBuffer in) {
        return SecretHash.stored(bytes(in, SecretHash.BYTES));
    }

    private static byte[] bytes(ByteBuffer in, int size) {
        byte[] bytes = new byte[size];
        in.get(bytes);
        return bytes;
    }

    private static int numberOf(CredentialKind kind) {
        return switch (kind) {
            case SESSION_TOKEN -> 1;
            case REFRESH_TOKEN -> 2;
        };
    }

    private static CredentialKind kindOf(int number) {
        return Arrays.stream(CredentialKind.values())
                .filter(kind -> numberOf(kind) == number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown kind of credential"));
    }
}
