package dev.curfew;

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
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes that sessions are in use, each at most once in an interval. Thread-safe. */
final class SignsOfLife {
    private final SessionStore store;
    private final KnownRealms realms;
    private final EventPublisher events;
    private final LastSeenThrottle throttle;
    private final TroubleLog unwritten = new TroubleLog(
            SessionService.class, "last seen is not written", "last seen is written again", System::nanoTime);

    SignsOfLife(SessionStore store, KnownRealms realms, EventPublisher events, Duration interval) {
        this.store = store;
        this.realms = realms;
        this.events = events;
        this.throttle = new LastSeenThrottle(interval);
    }

    /** A sign that is to be written. */
    record Sign(SessionRef session, @Nullable SubjectId subject, Instant at) {}

    /** The sign of a request, if the last one of its session was long enough ago; it counts as written from then on. */
    Optional<Sign> due(Caller caller, Instant now) {
        // Each request asks: the key is the one that was derived when the token was verified.
        LookupKey key = caller.facts().sessionKey();
        return key == null || !throttle.isDue(key, now)
                ? Optional.empty()
                : caller.session()
                        .map(session -> new Sign(session, caller.subject().orElse(null), now));
    }

    /** The next request tries again. */
    void forget(Sign sign) {
        throttle.forget(sign.session().key());
    }

    /** Never throws for an outage; answers whether the store answered. */
    boolean write(Sign sign) {
        try {
            realms.add(sign.session().realm());
            int moved = store.touch(List.of(new Touch(sign.session(), sign.at())), sign.at());
            unwritten.worked();
            if (moved > 0) {
                events.publish(new SessionRenewed(
                        "renewed:" + sign.session().key() + ":" + sign.at().toEpochMilli(),
                        sign.at(),
                        sign.subject(),
                        sign.session().handle()));
            }
            return true;
        } catch (StoreUnavailableException e) {
            forget(sign);
            unwritten.failed(e);
            return false;
        }
    }

    /** It was not written for another reason than an outage. */
    void failed(Sign sign, RuntimeException why) {
        forget(sign);
        unwritten.failed(why);
    }
}
