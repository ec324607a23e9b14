package dev.curfew.check;

import dev.curfew.revocation.RevocationReason;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the checker found. Immutable.
 *
 * <p>There are three outcomes and no boolean that would mix two of them: whoever needs one asks {@link #permits()},
 * which answers for UNKNOWN what the host's {@link OutagePolicy} says.
 */
public final class RevocationDecision {
    /** Whether the token is revoked, as far as anybody can say. */
    public enum Outcome {
        /** Nothing that is known covers it. */
        ACTIVE,
        /** It is revoked. */
        REVOKED,
        /** Nobody could be asked in time. */
        UNKNOWN
    }

    /** Who answered. */
    public enum Source {
        /** The node's own index. */
        INDEX,
        /** The store itself. */
        STORE,
        /** The token itself: its time is over, or that of its session. */
        TOKEN,
        /** Nobody. */
        NONE
    }

    /** The instant of the check lies before a horizon, so that nobody can say; no policy for outages changes that. */
    public static final RevocationDecision BEFORE_HORIZON = unknown(false);

    private final Outcome outcome;
    private final Source source;
    private final @Nullable RevocationReason reason;
    private final boolean liftedByReauthentication;
    private final Duration staleness;
    private final boolean permits;

    private RevocationDecision(
            Outcome outcome,
            Source source,
            @Nullable RevocationReason reason,
            boolean liftedByReauthentication,
            Duration staleness,
            boolean permits) {
        this.outcome = outcome;
        this.source = source;
        this.reason = reason;
        this.liftedByReauthentication = liftedByReauthentication;
        this.staleness = staleness;
        this.permits = permits;
    }

    /**
     * Nothing that is known covers it.
     *
     * @param source who says so
     * @param staleness how old that knowledge may be
     * @return a decision that permits
     */
    public static RevocationDecision active(Source source, Duration staleness) {
        return new RevocationDecision(Outcome.ACTIVE, source, null, false, staleness, true);
    }

    /**
     * Something covers it.
     *
     * @param source who says so
     * @param reason of what covers it
     * @param liftedByReauthentication whether a new login at the foreign provider lifts that
     * @param staleness how old that knowledge may be
     * @return a decision that does not permit
     */
    public static RevocationDecision revoked(
            Source source, RevocationReason reason, boolean liftedByReauthentication, Duration staleness) {
        return new RevocationDecision(Outcome.REVOKED, source, reason, liftedByReauthentication, staleness, false);
    }

    static RevocationDecision unknown(boolean permits) {
        return new RevocationDecision(Outcome.UNKNOWN, Source.NONE, null, false, Duration.ZERO, permits);
    }

    /**
     * The index is older than it may be, did not know a revocation when it was not, and the host has said that this
     * will do.
     *
     * @param age of the index
     * @return UNKNOWN that permits
     */
    public static RevocationDecision lastKnownGood(Duration age) {
        return new RevocationDecision(Outcome.UNKNOWN, Source.INDEX, null, false, age, true);
    }

    /**
     * {@return whether the request may go on: yes for ACTIVE, no for REVOKED, and for UNKNOWN what the outage policy
     * says}
     */
    public boolean permits() {
        return permits;
    }

    /** {@return what was found} */
    public Outcome outcome() {
        return outcome;
    }

    /**
     * Who answered.
     *
     * @return for UNKNOWN {@link Source#NONE}, or {@link Source#INDEX} if the outage policy let pass what was last
     *     known to be good
     */
    public Source source() {
        return source;
    }

    /**
     * Why it is revoked.
     *
     * @return if it is REVOKED, the reason of a revocation that covers it: of the one recorded first, or from an index
     *     of the most particular one; {@link TokenRevocationChecker#explain} tells all
     */
    public Optional<RevocationReason> reason() {
        return Optional.ofNullable(reason);
    }

    /**
     * Tells a person's way out: a foreign provider would issue a usable token after a new login, so that the host
     * should send {@code prompt=login}.
     *
     * @return true if it is REVOKED and a new login lifts that
     */
    public boolean isLiftedByReauthentication() {
        return liftedByReauthentication;
    }

    /**
     * How old the answer's knowledge may be at most.
     *
     * @return zero from the store, the bound from the index, the age of what was last known to be good; else without
     *     meaning for UNKNOWN
     */
    public Duration staleness() {
        return staleness;
    }

    @Override
    public String toString() {
        return "RevocationDecision[" + outcome + (reason == null ? "" : " " + reason) + " from " + source + "]";
    }
}
