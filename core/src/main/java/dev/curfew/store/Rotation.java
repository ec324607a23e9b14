package dev.curfew.store;

import dev.curfew.crypto.SecretHash;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange expects of a session's row and what it writes there: the secret with its credential, the payload, or
 * both. Immutable.
 */
public final class Rotation {
    private final @Nullable Secret secret;
    private final @Nullable Payload payload;
    private final @Nullable Instant lastSeen;
    private final boolean leavesNotice;

    private Rotation(
            @Nullable Secret secret, @Nullable Payload payload, @Nullable Instant lastSeen, boolean leavesNotice) {
        this.secret = secret;
        this.payload = payload;
        this.lastSeen = lastSeen;
        this.leavesNotice = leavesNotice;
    }

    private static final class Secret {
        private final SecretHash expected;
        private final SecretHash next;
        private final byte[] credential;

        private Secret(SecretHash expected, SecretHash next, byte[] credential) {
            this.expected = expected;
            this.next = Objects.requireNonNull(next, "next");
            this.credential = StoredSession.requireCredential(credential.clone());
        }
    }

    private static final class Payload {
        private final byte[] expected;
        private final byte[] next;

        private Payload(byte[] expected, byte[] next) {
            this.expected = expected.clone();
            this.next = next.clone();
        }
    }

    /**
     * Exchanges the secret.
     *
     * @param expected the secret that must stand there
     * @param next the secret that shall stand there, another one
     * @param credential what core keeps with the next secret: at most {@link StoredSession#MAX_CREDENTIAL} bytes,
     *     copied
     * @return the exchange, which leaves no notice
     * @throws IllegalArgumentException if the credential is too long, or both secrets are the same
     */
    public static Rotation ofSecret(SecretHash expected, SecretHash next, byte[] credential) {
        if (expected.equals(next)) {
            throw new IllegalArgumentException("the next secret must be another one");
        }
        return new Rotation(new Secret(expected, next, credential), null, null, false);
    }

    /**
     * Exchanges the payload alone, whatever the secret.
     *
     * @param expected the payload that must stand there, copied
     * @param next the payload that shall stand there, copied
     * @return the exchange, which leaves no notice
     */
    public static Rotation ofPayload(byte[] expected, byte[] next) {
        return new Rotation(null, new Payload(expected, next), null, false);
    }

    /**
     * Exchanges the payload, too: both or neither.
     *
     * @param expected the payload that must stand there, copied
     * @param next the payload that shall stand there, copied
     * @return a changed copy
     */
    public Rotation withPayload(byte[] expected, byte[] next) {
        return new Rotation(secret, new Payload(expected, next), lastSeen, leavesNotice);
    }

    /**
     * Writes a sign of life, too: forwards only, and it moves the idle end as {@link SessionStore#touch} does.
     *
     * @param value when the session was seen; cut to the millisecond
     * @return a changed copy
     */
    public Rotation seenAt(Instant value) {
        return new Rotation(secret, payload, Instant.ofEpochMilli(value.toEpochMilli()), leavesNotice);
    }

    /**
     * Puts a notice on the feed in the same step, because other nodes may keep what was exchanged in their caches.
     *
     * @return a changed copy
     */
    public Rotation withNotice() {
        return new Rotation(secret, payload, lastSeen, true);
    }

    /** {@return the secret that must stand there, if the secret is exchanged} */
    public Optional<SecretHash> expectedSecret() {
        return Optional.ofNullable(secret).map(exchange -> exchange.expected);
    }

    /** {@return the secret that shall stand there, if the secret is exchanged} */
    public Optional<SecretHash> nextSecret() {
        return Optional.ofNullable(secret).map(exchange -> exchange.next);
    }

    /** {@return a copy of what shall stand beside the next secret, if the secret is exchanged} */
    public Optional<byte[]> nextCredential() {
        return Optional.ofNullable(secret).map(exchange -> exchange.credential.clone());
    }

    /** {@return a copy of the payload that must stand there, if the payload is exchanged} */
    public Optional<byte[]> expectedPayload() {
        return Optional.ofNullable(payload).map(exchange -> exchange.expected.clone());
    }

    /** {@return a copy of the payload that shall stand there, if the payload is exchanged} */
    public Optional<byte[]> nextPayload() {
        return Optional.ofNullable(payload).map(exchange -> exchange.next.clone());
    }

    /** {@return the sign of life to write, to the millisecond, if there is one} */
    public Optional<Instant> lastSeen() {
        return Optional.ofNullable(lastSeen);
    }

    /** {@return whether the feed brings a notice of it} */
    public boolean leavesNotice() {
        return leavesNotice;
    }

    /**
     * Tells whether a row is what this exchange leaves behind: an answer was lost, and the exchange is sent again. The
     * next secret decides alone, because it is drawn for one exchange; what else stands there may have changed since.
     * Without a secret the next payload decides. A store asks this before {@link #expects}.
     *
     * @param row what stands
     * @return true if nothing is to be written, neither a sign of life nor a notice
     */
    public boolean isDone(StoredSession row) {
        return secret != null
                ? row.secretHash().filter(secret.next::equals).isPresent()
                : payload != null && Arrays.equals(payload.next, row.payload());
    }

    /**
     * Tells whether a row is what this exchange expects.
     *
     * @param row what stands
     * @return true if it may be written
     */
    public boolean expects(StoredSession row) {
        return (secret == null
                        || row.secretHash().filter(secret.expected::equals).isPresent())
                && (payload == null || Arrays.equals(payload.expected, row.payload()));
    }

    /**
     * The row after the exchange.
     *
     * @param row what stands, and is expected
     * @return what shall stand
     */
    public StoredSession applyTo(StoredSession row) {
        StoredSession.Builder next = row.toBuilder();
        if (secret != null) {
            next.secretHash(secret.next).credential(secret.credential);
        }
        if (payload != null) {
            next.payload(payload.next);
        }
        if (lastSeen != null && lastSeen.isAfter(row.lastSeenAt())) {
            next.lastSeenAt(lastSeen);
        }
        return next.build();
    }

    /** Nothing of what it exchanges. */
    @Override
    public String toString() {
        return "Rotation";
    }
}
