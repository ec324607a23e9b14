package dev.curfew.check;

import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRevocationException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the store for each token, with a bounded number of questions in flight. Thread-safe. */
final class StoreSource implements RevocationSource {
    private static final Logger LOG = LoggerFactory.getLogger(StoreSource.class);
    static final RevocationDecision ACTIVE = RevocationDecision.active(Source.STORE, Duration.ZERO);

    private final SessionStore store;
    private final Semaphore places;
    private final Duration patience;
    private final TroubleLog outage = new TroubleLog(
            StoreSource.class,
            "checks cannot be answered by the store",
            "checks are answered by the store again",
            System::nanoTime);

    /** Never over: whether a check meets what is damaged depends on its token. */
    private final TroubleLog damage = new TroubleLog(
            StoreSource.class,
            "checks of some tokens cannot be answered",
            "what could not be read for a check can be read again",
            System::nanoTime);

    private final AtomicBoolean isBehind = new AtomicBoolean();

    StoreSource(SessionStore store, int maxInFlight, Duration patience) {
        this.store = store;
        this.places = new Semaphore(maxInFlight);
        this.patience = patience;
    }

    @Override
    public boolean isOutage() {
        return outage.isOn();
    }

    /** The store itself answers that. */
    @Override
    public boolean isBeforeHorizon(long nowMillis) {
        return false;
    }

    @Override
    public @Nullable RevocationDecision decideFresh(TokenFacts facts, long nowMillis) {
        return decide(facts, nowMillis);
    }

    @Override
    public @Nullable RevocationDecision decideWithoutWaiting(TokenFacts facts, long nowMillis) {
        throw new IllegalStateException("checkNow needs a replicated checker: an authoritative one asks the store");
    }

    @Override
    public @Nullable RevocationDecision decideByLastKnown(TokenFacts facts, long nowMillis, Duration maxAge) {
        throw new IllegalStateException(
                "the last known good needs a replicated checker: an authoritative one keeps nothing");
    }

    @Override
    public @Nullable RevocationDecision decide(TokenFacts facts, long nowMillis) {
        try {
            if (!places.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.debug("a check is not answered: too many questions to the store in flight");
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
        try {
            List<Revocation> covering = store.revocationsCovering(facts, Instant.ofEpochMilli(nowMillis));
            answered();
            return covering.isEmpty() ? ACTIVE : revoked(covering, facts);
        } catch (BeforeHorizonException e) {
            return beforeHorizon(e);
        } catch (StoreUnavailableException e) {
            outage.failed(e);
            return null;
        } catch (UndecodableRevocationException e) {
            // The store does answer, so that no policy for outages applies.
            damage.failed(e);
            return null;
        } finally {
            places.release();
        }
    }

    /**
     * The store does answer, and says that it has forgotten too much for this clock; one line for as long as that
     * lasts.
     */
    private RevocationDecision beforeHorizon(BeforeHorizonException e) {
        if (!isBehind.getAndSet(true)) {
            LOG.error("checks cannot be answered: {}", e.getMessage());
        }
        return RevocationDecision.BEFORE_HORIZON;
    }

    private void answered() {
        if (isBehind.get() && isBehind.getAndSet(false)) {
            LOG.info("this clock is behind the horizon of the store again, and checks are answered");
        }
        outage.worked();
    }

    static RevocationDecision revoked(List<Revocation> covering, TokenFacts facts) {
        return RevocationDecision.revoked(
                Source.STORE,
                covering.get(0).reason(),
                covering.stream().allMatch(revocation -> revocation.isLiftedByReauthentication(facts)),
                Duration.ZERO);
    }
}
