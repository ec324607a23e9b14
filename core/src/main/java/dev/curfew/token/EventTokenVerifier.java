package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.CrowdedKeySource;
import dev.curfew.jose.KeyMatch;
import dev.curfew.jose.ParsedToken;
import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.jose.VerificationKey;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a text is a signed message of one profile and one issuer, with the strict reader of
 * {@link TokenVerifier}. Thread-safe.
 *
 * <p>The order is: form, algorithm, type, issuer, audience, signature, claims, times, event. So what was not meant for
 * this verifier costs no signature check. A text that fails has cost no call to any store, and a request for keys only
 * as often as {@link RemoteKeyOptions.Builder#refreshAtMostEvery} allows. At most 64 signatures are verified at once,
 * and who finds no place waits two seconds for one. While keys are awaited no place is held, so that messages of
 * unknown keys hold up none whose key is known; at most 64 wait for newer keys, and for the first ones as many as
 * {@link RemoteKeyOptions.Builder#waitingAtMost} allows.
 *
 * <p>Limit: after newer keys were asked for, also for a forged message, a message of a key that was published since is
 * {@link Reason#KEY_UNKNOWN} until they may be asked for again (30 seconds by default). An issuer that publishes a key
 * before it signs with it never meets this.
 */
public final class EventTokenVerifier {
    /** More than there are cores, and few enough that a flood does not take all threads of a host. */
    private static final int AT_ONCE = 64;

    /** Much longer than a signature takes. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EventTokenPolicy policy;
    private final EventClaimRules rules;
    private final Clock clock;
    private final Semaphore room = new Semaphore(AT_ONCE);
    private final CrowdedKeySource keys;

    private EventTokenVerifier(EventTokenPolicy policy, Clock clock) {
        this.policy = policy;
        this.rules = new EventClaimRules(policy);
        this.clock = clock;
        this.keys = new CrowdedKeySource(policy.keys().source(), AT_ONCE);
    }

    /**
     * Makes a verifier with the system's clock.
     *
     * @param policy what the messages must be
     * @return the verifier
     */
    public static EventTokenVerifier of(EventTokenPolicy policy) {
        return of(policy, Clock.systemUTC());
    }

    /**
     * Makes a verifier.
     *
     * @param policy what the messages must be
     * @param clock read once for each message
     * @return the verifier
     */
    public static EventTokenVerifier of(EventTokenPolicy policy, Clock clock) {
        return new EventTokenVerifier(Objects.requireNonNull(policy, "policy"), Objects.requireNonNull(clock, "clock"));
    }

    /** {@return what the messages must be} */
    public EventTokenPolicy policy() {
        return policy;
    }

    /**
     * Verifies a message. Waits for keys of {@link TokenKeys#remote} as {@link TokenVerifier#verify} does.
     *
     * @param compact the text
     * @return the evidence
     * @throws InvalidEventTokenException if it is not an authentic message of the policy; its reason says why, and
     *     nothing of it holds text, a claim's value or a key
     * @throws KeysUnavailableException if the issuer's keys cannot be had, or newer ones where none that is known made
     *     it: the sender should try again
     * @throws VerificationsBusyException if as many signatures are being verified as may be: the same
     */
    public EventToken verify(String compact) {
        Objects.requireNonNull(compact, "compact");
        Instant now = clock.instant();
        ParsedToken token = parse(compact);
        rules.requireAddressed(token);
        requireSigned(token);
        return new EventToken(policy, rules.check(token, now), token.claims());
    }

    /** How many more may seek newer keys now; for tests. */
    int seeking() {
        return keys.room();
    }

    /** For tests, which take all places. */
    Semaphore room() {
        return room;
    }

    private ParsedToken parse(String compact) {
        try {
            return ParsedToken.parse(compact, policy.rules().maxLength());
        } catch (UnreadableTokenException e) {
            throw InvalidEventTokenException.of(e);
        }
    }

    private void requireSigned(ParsedToken token) {
        KeyMatch match = KeyMatch.seek(token, keys, this::inTurn);
        if (match.key() == null) {
            if (match.miss() != KeyMatch.Miss.ALGORITHM && keys.isFailing()) {
                throw new KeysUnavailableException("newer keys of the issuer cannot be had", null);
            }
            throw refused(match.miss());
        }
    }

    private @Nullable VerificationKey inTurn(KeyMatch.Mathematics mathematics) {
        try {
            if (!room.tryAcquire(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new VerificationsBusyException(AT_ONCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VerificationsBusyException(AT_ONCE);
        }
        try {
            return mathematics.find();
        } finally {
            room.release();
        }
    }

    private static InvalidEventTokenException refused(KeyMatch.Miss miss) {
        return switch (miss) {
            case SIGNATURE -> new InvalidEventTokenException(Reason.SIGNATURE, "no key of the issuer made it");
            case ALGORITHM ->
                new InvalidEventTokenException(Reason.ALGORITHM, "the key is not of the algorithm's kind");
            case KEY_UNKNOWN -> new InvalidEventTokenException(Reason.KEY_UNKNOWN, "the issuer has no such key");
        };
    }
}
