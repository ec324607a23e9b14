package dev.curfew;

import dev.curfew.atrest.SessionRows;
import dev.curfew.ended.RevocationEvents;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.SessionStore;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How sessions begin: by a login here, or by adoption from a foreign issuer. Thread-safe. */
final class Logins {
    private final SessionStore store;
    private final SessionRows rows;
    private final SessionLimit limit;
    private final Clock clock;
    private final EventPublisher events;
    private final RevocationEvents revocations;
    private final SealedLogins sealedLogins;
    private final Reach reach;
    private final SecureRandom random = new SecureRandom();

    Logins(
            SessionStore store,
            SessionRows rows,
            SessionLimit limit,
            Clock clock,
            EventPublisher events,
            RevocationEvents revocations,
            SealedLogins sealedLogins,
            Reach reach) {
        this.store = store;
        this.rows = rows;
        this.limit = limit;
        this.clock = clock;
        this.events = events;
        this.revocations = revocations;
        this.sealedLogins = sealedLogins;
        this.reach = reach;
    }

    LoginAttempt begin(SubjectId subject) {
        reach.requireKnown(subject.realm());
        Instant clockReading = clock.instant();
        Instant newestCutOff = store.newestCutOff(subject, clockReading);
        Instant authenticatedAt = LoginOrder.authenticatedAt(clockReading, newestCutOff);
        return new LoginAttempt(this, authenticatedAt, subject, null, Map.of());
    }

    LoginAttempt begin() {
        Instant authenticatedAt = LoginOrder.authenticatedAt(clock.instant(), Instant.EPOCH);
        return new LoginAttempt(this, authenticatedAt, null, null, Map.of());
    }

    String seal(LoginAttempt attempt) {
        return sealedLogins.seal(attempt, clock.instant());
    }

    Optional<LoginAttempt> resume(String sealed) {
        return sealedLogins.open(sealed, this, clock.instant());
    }

    LoginResult complete(LoginAttempt attempt, SubjectId subject, DeviceInfo device) {
        reach.requireKnown(subject.realm());
        Instant now = clock.instant();
        SessionId id = SessionId.mint(subject, attempt.authenticatedAt(), random);
        Session session =
                session(subject, id, attempt.client(), device, attempt.attributes(), attempt.authenticatedAt(), now);
        if (!now.isBefore(session.expiresAt())) {
            throw new LoginRefusedException("the login took longer than a session may last: begin again");
        }
        InsertResult result = store.insert(rows.toRow(session), limit, now);
        if (result instanceof InsertResult.Inserted inserted) {
            events.publish(new SessionCreated("created:" + session.ref().key(), now, session));
            return new LoginResult.LoggedIn(session, publishEnded(subject, inserted.ended(), now));
        }
        if (result instanceof InsertResult.Covered covered) {
            publishRefusal(subject, LoginRefusal.OVERTAKEN, now);
            return new LoginResult.Overtaken(covered.by());
        }
        if (result instanceof InsertResult.OverLimit over) {
            publishRefusal(subject, LoginRefusal.LIMIT_REACHED, now);
            return new LoginResult.LimitReached(over.live());
        }
        throw new IllegalStateException("a session id of 128 random bits was drawn twice: the random source is broken");
    }

    AdoptionResult adopt(VerifiedToken token, DeviceInfo device) {
        reach.requireKnown(token.realm());
        Optional<SubjectId> subject = token.subject();
        Optional<SessionHandle> handle = token.session().map(SessionRef::handle);
        Optional<Instant> began = token.facts().began();
        Instant now = clock.instant();
        if (subject.isEmpty()
                || began.isEmpty()
                || !(handle.orElse(null) instanceof ForeignSessionId foreign)
                || !now.isBefore(rows.absoluteEnd(began.get()))) {
            return new AdoptionResult.NotAdoptable();
        }
        List<Revocation> covering = store.revocationsCovering(token.facts(), now);
        if (!covering.isEmpty()) {
            return new AdoptionResult.Revoked(covering.get(0));
        }
        Session session = session(subject.get(), foreign, token.client(), device, Map.of(), began.get(), now);
        InsertResult result = store.insert(rows.toRow(session), limit, now);
        if (result instanceof InsertResult.Inserted inserted) {
            events.publish(
                    new SessionCreated("created:" + session.ref().key() + ":" + now.toEpochMilli(), now, session));
            publishEnded(subject.get(), inserted.ended(), now);
            return new AdoptionResult.Adopted(session, true);
        }
        if (result instanceof InsertResult.Covered covered) {
            return new AdoptionResult.Revoked(covered.by());
        }
        if (result instanceof InsertResult.OverLimit over) {
            publishRefusal(subject.get(), LoginRefusal.LIMIT_REACHED, now);
            return new AdoptionResult.LimitReached(over.live());
        }
        return store.find(session.ref(), now)
                .filter(found ->
                        found.session().subjectKey().equals(subject.get().key()))
                .flatMap(found -> rows.readable(token.realm(), found.session()))
                .<AdoptionResult>map(present -> new AdoptionResult.Adopted(present, false))
                .orElseGet(AdoptionResult.NotAdoptable::new);
    }

    private Session session(
            SubjectId subject,
            SessionHandle handle,
            Optional<ClientId> client,
            DeviceInfo device,
            Map<String, String> attributes,
            Instant authenticatedAt,
            Instant now) {
        Session.Builder session = Session.of(subject, handle)
                .device(device)
                .attributes(attributes)
                .authenticatedAt(authenticatedAt)
                .createdAt(now)
                .lastSeenAt(now)
                .expiresAt(rows.absoluteEnd(authenticatedAt));
        client.ifPresent(session::client);
        return session.build();
    }

    private List<SessionHandle> publishEnded(SubjectId subject, List<FoundSession> ended, Instant now) {
        List<SessionHandle> handles = new ArrayList<>();
        for (FoundSession found : ended) {
            rows.handleOf(found.session()).ifPresent(handle -> {
                revocations.endedForLimit(subject, handle, found, now);
                handles.add(handle);
            });
        }
        return handles;
    }

    private void publishRefusal(SubjectId subject, LoginRefusal refusal, Instant now) {
        events.publish(new LoginRefused(UUID.randomUUID().toString(), now, subject, refusal));
    }
}
