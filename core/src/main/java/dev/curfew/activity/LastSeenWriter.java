package dev.curfew.activity;

import dev.curfew.atrest.KnownRealms;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.meter.TroubleLog;
import dev.curfew.quota.LastSeenThrottle;
import dev.curfew.session.LookupKey;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.Touch;
import dev.curfew.token.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes when sessions were last seen, each at most once in an interval. Thread-safe. */
public final class LastSeenWriter {
    private final SessionStore store;
    private final KnownRealms realms;
    private final EventPublisher events;
    private final LastSeenThrottle throttle;
    private final Clock clock;
    private final TroubleLog unwritten = new TroubleLog(
            LastSeenWriter.class, "last seen is not written", "last seen is written again", System::nanoTime);

    public LastSeenWriter(
            SessionStore store, KnownRealms realms, EventPublisher events, Duration interval, Clock clock) {
        this.store = store;
        this.realms = realms;
        this.events = events;
        this.throttle = new LastSeenThrottle(interval);
        this.clock = clock;
    }

    /** Writes that the caller's session is seen now, unless that was written lately. Never throws for an outage. */
    public void touch(Caller caller) {
        due(caller).ifPresent(this::writeNow);
    }

    private void writeNow(Sighting sighting) {
        try {
            write(List.of(sighting), sighting.at());
        } catch (StoreUnavailableException e) {
            failed(List.of(sighting), e);
        }
    }

    /** What is to be written of a request, if anything is; it counts as written from then on. */
    Optional<Sighting> due(Caller caller) {
        Instant now = clock.instant();
        // Each request asks: the key is the one that was derived when the caller was verified.
        LookupKey key = caller.facts().sessionKey();
        return key == null || !throttle.isDue(key, now)
                ? Optional.empty()
                : caller.session()
                        .map(session -> new Sighting(
                                key, session, caller.subject().orElse(null), now, RequestContext.current()));
    }

    Instant now() {
        return clock.instant();
    }

    /**
     * Writes them and tells of those that moved a row, each under the context of its request. A sign of life from the
     * future, for which the clock was ahead and is corrected since, counts as one of now.
     *
     * @param batch of each session one at most
     * @param now at which the sessions must live
     * @throws StoreUnavailableException if the store does not answer
     */
    void write(Collection<Sighting> batch, Instant now) {
        batch.forEach(sighting -> realms.add(sighting.session().realm()));
        List<Touch> moved = store.touch(
                batch.stream()
                        .map(sighting -> new Touch(sighting.session(), seenAt(sighting, now)))
                        .toList(),
                now);
        unwritten.worked();
        if (!moved.isEmpty()) {
            Set<LookupKey> keys =
                    moved.stream().map(touch -> touch.session().key()).collect(Collectors.toSet());
            batch.stream()
                    .filter(sighting -> keys.contains(sighting.key()))
                    .forEach(sighting -> tell(sighting, seenAt(sighting, now)));
        }
    }

    private static Instant seenAt(Sighting sighting, Instant now) {
        return sighting.at().isAfter(now) ? now : sighting.at();
    }

    private void tell(Sighting sighting, Instant at) {
        RequestContext.Scope scope = sighting.context().open();
        try {
            events.publish(new SessionRenewed(
                    "renewed:" + sighting.key() + ":" + at.toEpochMilli(),
                    at,
                    sighting.subject(),
                    sighting.session().handle()));
        } finally {
            scope.close();
        }
    }

    /** The next request of each tries again. */
    void forget(Collection<Sighting> sightings) {
        sightings.forEach(sighting -> throttle.forget(sighting.key()));
    }

    /** Something went wrong, and these will not be written. */
    void failed(Collection<Sighting> lost, Throwable why) {
        forget(lost);
        delayed(why);
    }

    /** Something went wrong, and what waits is written later. */
    void delayed(Throwable why) {
        unwritten.failed(why);
    }
}
