package dev.curfew.check;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.event.EventPublisher;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers whether a verified caller may still go on. Thread-safe.
 *
 * <p>A <i>replicated</i> checker answers from this node's replica: a few look-ups in memory, no I/O, no lock, no
 * allocation, never older than the replica's staleness, and never older than what this node itself was acknowledged. An
 * <i>authoritative</i> one asks the store for each caller, at one round trip each, and is as fresh as the store.
 */
public final class TokenRevocationChecker {
    private static final Logger LOG = LoggerFactory.getLogger(TokenRevocationChecker.class);
    private static final RevocationDecision OVER =
            RevocationDecision.revoked(Source.TOKEN, RevocationReason.EXPIRED, false, Duration.ZERO);

    private final RevocationSource source;
    private final SessionStore store;
    private final Clock clock;
    private final OutagePolicy outagePolicy;
    private final long sessionLifetimeMillis;
    private final CheckReports reports;
    private final CheckMeters meters = new CheckMeters();

    private TokenRevocationChecker(Builder builder) {
        this.store = builder.store;
        this.source = builder.source == null
                ? RevocationSource.ofStore(builder.store, builder.maxInFlight, builder.patience)
                : builder.source;
        this.clock = builder.clock;
        this.outagePolicy = builder.outagePolicy;
        this.sessionLifetimeMillis = builder.sessionLifetime.toMillis();
        this.reports = new CheckReports(builder.events);
    }

    /**
     * A checker that asks the store for each caller.
     *
     * @param store opened, as {@code SessionService} does
     * @return a builder
     */
    public static Builder authoritative(SessionStore store) {
        return new Builder(store, null);
    }

    /**
     * A checker that answers from what this node keeps in memory; hosts call {@code checker()} of the replica.
     *
     * @param source kept up to date from the store
     * @param store that {@link #explain} asks
     * @return a builder
     */
    public static Builder replicated(RevocationSource source, SessionStore store) {
        return new Builder(store, Objects.requireNonNull(source, "source"));
    }

    /**
     * Checks a caller. Never throws for an outage.
     *
     * <p>Replicated, it costs look-ups in memory, and waits only if the replica is too old or not loaded yet;
     * authoritative, one round trip. A caller is refused as well once the session of ours that is named has reached its
     * absolute end, whatever its own {@code exp} says.
     *
     * @param caller verified in this request
     * @return what was found
     */
    public RevocationDecision check(Caller caller) {
        long now = clock.millis();
        return isOver(caller, now) ? over() : answer(caller, source.decide(caller.facts(), now), now);
    }

    /**
     * Checks a caller of whom the store has just said what covers it: this node may know more, of a revocation that the
     * store has not acknowledged yet. Never throws for an outage. No round trip, unless the replica is too old.
     *
     * @param caller verified in this request
     * @param covering what the store knows, the one recorded first in front
     * @return what was found
     */
    public RevocationDecision check(Caller caller, List<Revocation> covering) {
        long now = clock.millis();
        if (!covering.isEmpty()) {
            return answer(caller, StoreSource.revoked(covering, caller.facts()), now);
        }
        if (isOver(caller, now)) {
            return over();
        }
        return answer(
                caller, source instanceof StoreSource ? StoreSource.ACTIVE : source.decide(caller.facts(), now), now);
    }

    /**
     * Checks a caller and never waits, for event loops: what cannot be said at once is UNKNOWN. Who can ask on a worker
     * then calls {@link #tryCheck}.
     *
     * @param caller verified in this request
     * @return what was found
     * @throws IllegalStateException if this checker is authoritative
     */
    public RevocationDecision checkNow(Caller caller) {
        long now = clock.millis();
        return isOver(caller, now) ? over() : answer(caller, source.decideWithoutWaiting(caller.facts(), now), now);
    }

    /**
     * Checks a caller if that can be said without waiting, for event loops that ask a worker for the rest by
     * {@link #check(Caller)}. No I/O. What is left to the worker is neither counted nor reported here.
     *
     * @param caller verified in this request
     * @return ACTIVE or REVOKED; nothing while the replica is too old or not loaded yet, and never anything of an
     *     authoritative checker but what the caller's own times say
     */
    public Optional<RevocationDecision> tryCheck(Caller caller) {
        long now = clock.millis();
        if (isOver(caller, now)) {
            return Optional.of(over());
        }
        RevocationDecision known =
                source instanceof StoreSource ? null : source.decideWithoutWaiting(caller.facts(), now);
        return known == null || known.outcome() == Outcome.UNKNOWN
                ? Optional.empty()
                : Optional.of(answer(caller, known, now));
    }

    /**
     * Checks a caller by what the store knows after this call began, for what must not be done with a token that was
     * revoked elsewhere a moment ago. One read of the feed, shared with all who ask meanwhile; authoritative, one round
     * trip.
     *
     * @param caller verified in this request
     * @return ACTIVE or REVOKED
     * @throws StoreUnavailableException if nobody can say in time, whatever the outage policy is
     */
    public RevocationDecision requireFresh(Caller caller) {
        long now = clock.millis();
        return isOver(caller, now) ? over() : answerFresh(caller, source.decideFresh(caller.facts(), now), now);
    }

    /**
     * The same of a caller of whom the store has said what covers it, after this call was decided upon: one read of the
     * feed, for what this node may know besides; authoritative, no round trip.
     *
     * @param caller verified in this request
     * @param covering what the store knows, the one recorded first in front
     * @return ACTIVE or REVOKED
     * @throws StoreUnavailableException if nobody can say in time, whatever the outage policy is
     */
    public RevocationDecision requireFresh(Caller caller, List<Revocation> covering) {
        long now = clock.millis();
        if (!covering.isEmpty()) {
            return answer(caller, StoreSource.revoked(covering, caller.facts()), now);
        }
        return source instanceof StoreSource && !isOver(caller, now)
                ? answer(caller, StoreSource.ACTIVE, now)
                : requireFresh(caller);
    }

    private RevocationDecision answerFresh(Caller caller, @Nullable RevocationDecision decision, long now) {
        if (decision == null) {
            throw new StoreUnavailableException("a check that must be fresh", null);
        }
        if (decision.outcome() == Outcome.UNKNOWN) {
            throw new StoreUnavailableException(
                    "a check that must be fresh: the clock of this node stands before the instant up to "
                            + "which was forgotten",
                    null);
        }
        return answer(caller, decision, now);
    }

    /**
     * Tells what covers a caller, for the person who asks why. One round trip.
     *
     * @param caller verified
     * @return the revocations that cover its credential, the one recorded first in front; none if it may be used
     * @throws StoreUnavailableException if the store does not answer
     */
    public List<Revocation> explain(Caller caller) {
        return store.revocationsCovering(caller.facts(), clock.instant());
    }

    /**
     * What this checker answered so far: {@code curfew.checks} by outcome, by who answered, and by whether the request
     * could go on.
     *
     * @return counters, which may be a little too small where threads counted at the same instant
     */
    public List<Meter> meters() {
        return meters.meters();
    }

    private RevocationDecision over() {
        return meters.count(OVER);
    }

    private RevocationDecision answer(Caller caller, @Nullable RevocationDecision decision, long nowMillis) {
        RevocationDecision answer = decision == null ? byPolicy(caller.facts(), nowMillis) : decision;
        if (answer.outcome() != Outcome.ACTIVE) {
            reports.report(caller, answer, nowMillis);
        }
        return meters.count(answer);
    }

    /**
     * From when on this checker refuses a caller for its times alone: when nothing accepts its credential any more, or
     * its session of ours has reached the longest lifetime. No round trip.
     *
     * @param caller verified
     * @return the earlier of both, to the millisecond
     */
    public Instant endsByTime(Caller caller) {
        return Instant.ofEpochMilli(endMillis(caller));
    }

    /** From here on its revocation may be forgotten, so that nobody's word but its own times can be trusted. */
    private boolean isOver(Caller caller, long nowMillis) {
        return nowMillis >= endMillis(caller);
    }

    private long endMillis(Caller caller) {
        long end = caller.forgetAfter().toEpochMilli();
        SessionRef session = caller.session().orElse(null);
        return session != null && session.handle() instanceof SessionId ours
                ? Math.min(end, ours.authenticatedMillis() + sessionLifetimeMillis)
                : end;
    }

    private RevocationDecision byPolicy(TokenFacts facts, long nowMillis) {
        if (source.isBeforeHorizon(nowMillis)) {
            return RevocationDecision.BEFORE_HORIZON;
        }
        if (!source.isOutage()) {
            return RevocationDecision.unknown(false);
        }
        RevocationDecision lastKnown = outagePolicy.usesLastKnownGood()
                ? source.decideByLastKnown(facts, nowMillis, outagePolicy.maxAge())
                : null;
        return lastKnown == null ? RevocationDecision.unknown(outagePolicy.allowsAll()) : lastKnown;
    }

    /** The settings of a checker. Confined to one thread. */
    public static final class Builder {
        private final SessionStore store;
        private final @Nullable RevocationSource source;
        private Clock clock = Clock.systemUTC();
        private Duration sessionLifetime = Duration.ofDays(36_500);
        private OutagePolicy outagePolicy = OutagePolicy.DENY;
        private @Nullable EventPublisher events;
        private int maxInFlight = 64;
        private Duration patience = Duration.ofSeconds(2);

        private Builder(SessionStore store, @Nullable RevocationSource source) {
            this.store = Objects.requireNonNull(store, "store");
            this.source = source;
        }

        /**
         * Sets the clock, read once for each check.
         *
         * @param value the replica's, else the system's by default
         * @return this
         */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Sets the absolute lifetime of sessions of ours.
         *
         * @param value as it was when they began; a hundred years by default
         * @return this
         */
        public Builder sessionLifetime(Duration value) {
            this.sessionLifetime = Objects.requireNonNull(value, "sessionLifetime");
            return this;
        }

        /**
         * Sets what an outage answers.
         *
         * @param value {@link OutagePolicy#DENY} by default
         * @return this
         */
        public Builder duringOutages(OutagePolicy value) {
            this.outagePolicy = Objects.requireNonNull(value, "outagePolicy");
            return this;
        }

        /**
         * Sets whom to tell of outages and of the use of revoked tokens.
         *
         * @param value nobody by default
         * @return this
         */
        public Builder events(EventPublisher value) {
            this.events = Objects.requireNonNull(value, "events");
            return this;
        }

        /**
         * Sets how many questions to the store may be in flight, and how long one waits for its turn; only of an
         * authoritative checker, a replica has settings of its own.
         *
         * @param max positive; 64 by default
         * @param wait 2 seconds by default; then the answer is UNKNOWN
         * @return this
         */
        public Builder inFlight(int max, Duration wait) {
            if (max < 1) {
                throw new IllegalArgumentException("maxInFlight must be positive, and is " + max);
            }
            this.maxInFlight = max;
            this.patience = Objects.requireNonNull(wait, "wait");
            return this;
        }

        /**
         * Makes the checker.
         *
         * @return a checker for all threads
         * @throws IllegalStateException if the outage policy needs a replica and there is none
         */
        public TokenRevocationChecker build() {
            if (outagePolicy.usesLastKnownGood() && source == null) {
                throw new IllegalStateException(
                        "duringOutages(lastKnownGood(...)) needs a replicated checker: an authoritative one "
                                + "keeps nothing");
            }
            if (outagePolicy != OutagePolicy.DENY) {
                LOG.warn("checks let revoked tokens pass while the store is down ({})", outagePolicy);
            }
            return new TokenRevocationChecker(this);
        }
    }
}
