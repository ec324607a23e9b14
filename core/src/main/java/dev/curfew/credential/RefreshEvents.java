package dev.curfew.credential;

import dev.curfew.atrest.LastExchange;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.RefreshDenied;
import dev.curfew.event.SessionEvent.RefreshReplayed;
import dev.curfew.event.SessionEvent.RefreshTokenReused;
import dev.curfew.meter.Meter;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Counts refreshes, and tells listeners of those that did not go as usual. Thread-safe. */
public final class RefreshEvents {
    private final EventPublisher events;
    private final RefreshMeters meters = new RefreshMeters();

    public RefreshEvents(EventPublisher events) {
        this.events = events;
    }

    /** Counts what a refresh was answered. */
    RefreshResult told(RefreshResult result) {
        meters.count(result);
        return result;
    }

    public List<Meter> meters() {
        return meters.meters();
    }

    void denied(Session session, CredentialRefusal why, Instant now) {
        events.publish(new RefreshDenied(newId(), now, session.subject(), session.handle(), why));
    }

    void replayed(Session session, Instant now) {
        events.publish(new RefreshReplayed(newId(), now, session.subject(), session.handle()));
    }

    /** Of the session that is ended for it. */
    void reused(Session session, HeldCredential held, Instant now) {
        Duration age = Optional.ofNullable(held.state().last())
                .map(LastExchange::at)
                .map(at -> Duration.between(at, now))
                .filter(since -> !since.isNegative())
                .orElse(Duration.ZERO);
        events.publish(new RefreshTokenReused(
                "reused:" + session.ref().key() + ":" + held.state().generation(),
                now,
                session.subject(),
                session.handle(),
                held.state().generation(),
                age));
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
