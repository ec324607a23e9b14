package dev.curfew.node;

import dev.curfew.atrest.FirstCredential;
import dev.curfew.atrest.SessionRows;
import dev.curfew.ended.RevocationEvents;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Inserts new sessions, each with its events. Thread-safe. */
public final class NewSessions {
    private final SessionStore store;
    private final SessionRows rows;
    private final SessionLimit limit;
    private final EventPublisher events;
    private final RevocationEvents revocations;

    public NewSessions(
            SessionStore store,
            SessionRows rows,
            SessionLimit limit,
            EventPublisher events,
            RevocationEvents revocations) {
        this.store = store;
        this.rows = rows;
        this.limit = limit;
        this.events = events;
        this.revocations = revocations;
    }

    /**
     * What became of an insert.
     *
     * @param result what the store says
     * @param ended the sessions that ended for it: the one that it replaces, and the oldest ones
     */
    public record Insertion(InsertResult result, List<SessionHandle> ended) {}

    /** The session as it begins, with the ends that the service's lifetimes give it. */
    public Session.Builder draft(SubjectId subject, SessionHandle handle, Instant authenticatedAt, Instant now) {
        return Session.of(subject, handle)
                .authenticatedAt(authenticatedAt)
                .createdAt(now)
                .lastSeenAt(now)
                .expiresAt(rows.absoluteEnd(authenticatedAt))
                .idleTimeout(rows.lifetimes().idle());
    }

    /** Until when it matters whether the session has ended: its tokens may outlive it. */
    public Instant forgetAfter(Session session) {
        return rows.forgetAfter(session);
    }

    /**
     * Adds a session without a credential.
     *
     * <p>One round trip.
     */
    public Insertion insert(Session session, Instant now) {
        return insert(session, NewSession.of(rows.toRow(session), limit), now);
    }

    /**
     * Adds a session in the place of another one.
     *
     * <p>One round trip.
     *
     * @param credential what proves it, or null
     * @param replaces which session of the same subject ends for it, or null
     */
    public Insertion insert(
            Session session, @Nullable FirstCredential credential, @Nullable SessionRef replaces, Instant now) {
        StoredSession row = credential == null ? rows.toRow(session) : rows.toRow(session, credential);
        return insert(session, new NewSession(row, limit, Optional.ofNullable(replaces)), now);
    }

    private Insertion insert(Session session, NewSession login, Instant now) {
        InsertResult result = store.insert(login, now);
        if (result instanceof InsertResult.Inserted inserted) {
            events.publish(new SessionCreated(createdId(session, now), now, session));
            return new Insertion(result, publishEnded(session.subject(), inserted.ended(), now));
        }
        if (result instanceof InsertResult.OverLimit) {
            refused(session.subject(), LoginRefusal.LIMIT_REACHED, now);
        }
        return new Insertion(result, List.of());
    }

    /** The session that has the same handle already, if it is the same subject's and can be read. One round trip. */
    public Optional<Session> present(Session same, Instant now) {
        return store.find(same.ref(), now)
                .filter(found ->
                        found.session().subjectKey().equals(same.subject().key()))
                .flatMap(found -> rows.readable(same.subject().realm(), found.session()));
    }

    public void refused(SubjectId subject, LoginRefusal refusal, Instant now) {
        events.publish(new LoginRefused(UUID.randomUUID().toString(), now, subject, refusal));
    }

    /** A foreign handle may be used again for another session, an id of ours never. */
    private static String createdId(Session session, Instant now) {
        String id = "created:" + session.ref().key();
        return session.ref().isForeign() ? id + ":" + now.toEpochMilli() : id;
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
}
