package dev.curfew.ended;

import dev.curfew.atrest.SessionRows;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredSession;
import dev.curfew.work.RecentSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what became of revocations: one event for each of them, and one for each session that it ended. Thread-safe.
 *
 * <p>Names are the same for whoever tells an event and however often, so that telling twice is harmless, and not
 * telling is not.
 */
public final class RevocationEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RevocationEvents.class);
    private static final int PAGE = 500;
    private static final int MOST_REPORTED = 10_000;
    private static final String ENDED = "ended:";

    private final SessionStore store;
    private final SessionRows rows;
    private final EventPublisher events;
    private final Duration nodeSkew;

    /** The ids of events that this node has told lately, so that it does not tell them again. */
    private final RecentSet<String> reported = new RecentSet<>(MOST_REPORTED);

    public RevocationEvents(SessionStore store, SessionRows rows, EventPublisher events, Duration nodeSkew) {
        this.store = store;
        this.rows = rows;
        this.events = events;
        this.nodeSkew = nodeSkew;
    }

    /** Who and what an act is about, in clear. */
    public record Context(
            @Nullable SubjectId subject, @Nullable SessionHandle session) {}

    /** It was recorded by this call. */
    public void recorded(RevokeResult.Recorded recorded, Context context, Instant now) {
        Revocation entry = recorded.entry();
        publishRecorded(entry, context, recorded.count(), now);
        SubjectId subject = context.subject();
        SessionHandle session = context.session();
        if (subject == null || recorded.newlyCovered() < 1) {
            return;
        }
        switch (entry.target().kind()) {
            case SESSION, FOREIGN_SESSION -> {
                if (session != null) {
                    publishEnded(subject, session, entry, now);
                }
            }
            case SUBJECT -> events.run(() -> deliverEndedBy(subject, entry, now));
            default -> {}
        }
    }

    /** It stood there already, perhaps by a call whose answer was lost, and its events with it. */
    public void repeated(Revocation entry, OptionalLong count, Context context, Instant now) {
        publishRecorded(entry, context, count, now);
        SubjectId subject = context.subject();
        SessionHandle session = context.session();
        if (subject == null) {
            return;
        }
        switch (entry.target().kind()) {
            case SESSION, FOREIGN_SESSION -> {
                if (session != null) {
                    events.run(() -> deliverIfEndedBy(subject, session, entry, now));
                }
            }
            case SUBJECT -> events.run(() -> deliverEndedBy(subject, entry, now));
            default -> {}
        }
    }

    /** A login at the limit ended this session, which its store has done in the step of the login. */
    public void endedForLimit(SubjectId subject, SessionHandle session, FoundSession ended, Instant now) {
        Revocation entry = ended.endedBy().orElseThrow();
        publishRecorded(entry, new Context(subject, session), OptionalLong.of(1), now);
        publishEnded(lifeOf(ended.session()), subject, session, entry, now);
    }

    /** A row that is about to go owes its end to this entry, which was recorded before. */
    void endedBeforeErasure(SubjectId subject, SessionHandle session, StoredSession row, Revocation entry) {
        publishEnded(lifeOf(row), subject, session, entry, entry.revokedAt());
    }

    /** This row owes its end to an entry that another node, or this one before it crashed, has recorded. */
    void replay(SubjectId subject, SessionHandle session, StoredSession row, Revocation entry) {
        String id = endedId(row);
        if (reported.add(id)) {
            events.replay(new SessionEnded(id, entry.revokedAt(), subject, session, entry));
        }
    }

    /** The same for the entry itself, of which nobody knows any more how many sessions it ended. */
    void replay(Revocation entry, Context context) {
        recordedEvent(entry, context, OptionalLong.empty(), entry.revokedAt()).ifPresent(events::replay);
    }

    private void publishRecorded(Revocation entry, Context context, OptionalLong count, Instant now) {
        recordedEvent(entry, context, count, now).ifPresent(event -> {
            if (!events.publish(event)) {
                reported.remove(event.id());
            }
        });
    }

    /** Nothing if this node has told it lately. */
    private Optional<RevocationRecorded> recordedEvent(
            Revocation entry, Context context, OptionalLong count, Instant now) {
        String id = "revoked:" + entry.target().key() + ":" + entry.revokedAt().toEpochMilli() + ":"
                + entry.issuedBefore().toEpochMilli();
        return reported.add(id)
                ? Optional.of(new RevocationRecorded(
                        id, now, entry.target(), context.subject(), context.session(), entry, count))
                : Optional.empty();
    }

    public void denied(RevocationRequest request, Context context, Denial denial, Instant now) {
        events.publish(
                new RevocationDenied(UUID.randomUUID().toString(), now, context.subject(), request.target(), denial));
    }

    public void failed(RevocationRequest request, Context context, Instant now) {
        events.publish(new RevocationFailed(
                "failed:" + request.act(),
                now,
                request.target(),
                context.subject(),
                request.reason(),
                request.actor()));
    }

    /** A foreign handle may be used again at once, so that its row is asked now which of its lives has ended. */
    private void publishEnded(SubjectId subject, SessionHandle session, Revocation entry, Instant now) {
        if (events.isHeard()) {
            String life = session instanceof SessionId
                    ? lifeWithoutRow(session, entry)
                    : foreignLife(subject, session, entry, now);
            publishEnded(life, subject, session, entry, now);
        }
    }

    /** Nothing is left to find out, so that whoever has a queue of their own is told at once. */
    private void publishEnded(String life, SubjectId subject, SessionHandle session, Revocation entry, Instant now) {
        String id = ENDED + life;
        if (events.isHeard()
                && reported.add(id)
                && !events.publish(new SessionEnded(id, now, subject, session, entry))) {
            reported.remove(id);
        }
    }

    private String foreignLife(SubjectId subject, SessionHandle session, Revocation entry, Instant now) {
        try {
            return store.find(SessionRef.ofClaimed(subject, session), now)
                    .map(found -> lifeOf(found.session()))
                    .orElseGet(() -> lifeWithoutRow(session, entry));
        } catch (RuntimeException e) {
            LOG.warn(
                    "a session has ended whose row cannot be read: {}",
                    entry.target().key());
            return lifeWithoutRow(session, entry);
        }
    }

    private void deliverIfEndedBy(SubjectId subject, SessionHandle session, Revocation entry, Instant now) {
        Optional<FoundSession> found = store.find(SessionRef.ofClaimed(subject, session), now);
        if (found.isEmpty()) {
            deliverEnded(lifeWithoutRow(session, entry), subject, session, entry, now);
        } else if (isEndedBy(entry, found.get())) {
            deliverEnded(lifeOf(found.get().session()), subject, session, entry, now);
        }
    }

    /** Pages through what a subject's cut-off ended, after it was acknowledged. */
    private void deliverEndedBy(SubjectId subject, Revocation entry, Instant now) {
        Optional<ListQuery> query = Optional.of(ListQuery.all(PAGE));
        while (query.isPresent()) {
            SessionPage page = store.list(subject, query.get(), now);
            for (FoundSession found : page.sessions()) {
                if (isEndedBy(entry, found)) {
                    rows.handleOf(found.session())
                            .ifPresent(session -> deliverEnded(lifeOf(found.session()), subject, session, entry, now));
                }
            }
            query = page.next().map(cursor -> ListQuery.all(PAGE).after(cursor));
        }
    }

    /**
     * Whether a session may owe its end to this entry. An entry that is older by less than the clocks of two nodes may
     * differ may have come later: better two events of one name than none.
     */
    boolean isEndedBy(Revocation entry, FoundSession found) {
        Instant surelyBefore = entry.revokedAt().minus(nodeSkew);
        return entry.covers(found.session().facts())
                && !found.session().isExpired(entry.revokedAt())
                && found.coveredBy().stream()
                        .noneMatch(other -> other.revokedAt().isBefore(surelyBefore));
    }

    private void deliverEnded(String life, SubjectId subject, SessionHandle session, Revocation entry, Instant now) {
        String id = ENDED + life;
        if (reported.add(id)) {
            events.deliver(new SessionEnded(id, now, subject, session, entry));
        }
    }

    /** The name of the end of a session, whoever tells it. */
    static String endedId(StoredSession row) {
        return ENDED + lifeOf(row);
    }

    private static String lifeOf(StoredSession row) {
        return row.id().isPresent()
                ? row.key().toString()
                : row.key() + ":" + row.createdAt().toEpochMilli();
    }

    private static String lifeWithoutRow(SessionHandle session, Revocation entry) {
        String key = entry.target().key().toString();
        return session instanceof SessionId
                ? key
                : key + ":" + entry.revokedAt().toEpochMilli();
    }
}
