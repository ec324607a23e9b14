package dev.curfew.activity;

import dev.curfew.atrest.KnownRealms;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.meter.TroubleLog;
import dev.curfew.quota.LastSeenThrottle;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.Touch;
import dev.curfew.token.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    /** That a session was seen, to be written. */
    record Sighting(SessionRef session, @Nullable SubjectId subject, Instant at) {}

    /** Writes that the caller's session is seen now, unless that was written lately. Never throws for an outage. */
    public void touch(Caller caller) {
        due(caller).ifPresent(this::write);
    }

    /** What is to be written of a request, if anything is; it counts as written from then on. */
    Optional<Sighting> due(Caller caller) {
        Instant now = clock.instant();
        // Each request asks: the key is the one that was derived when the caller was verified.
        LookupKey key = caller.facts().sessionKey();
        return key == null || !throttle.isDue(key, now)
                ? Optional.empty()
                : caller.session()
                        .map(session -> new Sighting(session, caller.subject().orElse(null), now));
    }

    /** The next request tries again. */
    void forget(Sighting sighting) {
        throttle.forget(sighting.session().key());
    }

    /** Never throws for an outage; answers whether the store answered. */
    boolean write(Sighting sighting) {
        try {
            realms.add(sighting.session().realm());
            List<Touch> moved = store.touch(List.of(new Touch(sighting.session(), sighting.at())), sighting.at());
            unwritten.worked();
            if (!moved.isEmpty()) {
                events.publish(new SessionRenewed(
                        "renewed:" + sighting.session().key() + ":"
                                + sighting.at().toEpochMilli(),
                        sighting.at(),
                        sighting.subject(),
                        sighting.session().handle()));
            }
            return true;
        } catch (StoreUnavailableException e) {
            forget(sighting);
            unwritten.failed(e);
            return false;
        }
    }

    /** It was not written for another reason than an outage. */
    void failed(Sighting sighting, RuntimeException why) {
        forget(sighting);
        unwritten.failed(why);
    }
}
