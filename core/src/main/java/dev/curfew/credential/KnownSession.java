package dev.curfew.credential;

import dev.curfew.atrest.LastExchange;
import dev.curfew.credential.ExchangeStamps.Stamp;
import dev.curfew.crypto.SecretHash;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionCaller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one read has shown of a session with a session token: which secret it has, and when time ends it. Whether it is
 * revoked, the checker knows. Immutable.
 *
 * @param secret the hash of the current secret
 * @param previous the hash of the secret before, or null
 * @param caller whoever has the current secret
 * @param end when time ends it, unless it was seen since
 * @param over why time has ended it for good, or null if that is not known
 * @param stamp from before the row was read
 * @param bytes that it takes, roughly
 */
record KnownSession(
        SecretHash secret,
        @Nullable SecretHash previous,
        SessionCaller caller,
        Instant end,
        @Nullable Refused over,
        Stamp stamp,
        int bytes) {
    /**
     * What was measured, and a little more, without the texts of a payload; so 64 MiB hold fewer than 100,000, whatever
     * their payloads.
     */
    private static final int LEAST_BYTES = 672;

    /** Texts in memory and what holds them, for each byte of a payload. */
    private static final int BYTES_OF_PAYLOAD = 2;

    static KnownSession of(HeldCredential held, SessionCaller caller, @Nullable Refused over, Stamp stamp) {
        LastExchange last = held.state().last();
        return new KnownSession(
                held.secret(),
                last == null ? null : last.previous(),
                caller,
                held.row().endsByTime(),
                over,
                stamp,
                LEAST_BYTES + BYTES_OF_PAYLOAD * held.row().payload().length);
    }

    boolean isSecret(SecretHash presented) {
        return presented.equals(secret);
    }

    boolean isSuperseded(SecretHash presented) {
        return previous != null && presented.equals(previous);
    }

    boolean isOver(Instant now) {
        return !now.isBefore(end);
    }
}
