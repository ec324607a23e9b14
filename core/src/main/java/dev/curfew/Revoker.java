package dev.curfew;

import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where anything is revoked, so that each revocation has its events, on whatever path. Thread-safe. */
final class Revoker {
    private static final Logger LOG = LoggerFactory.getLogger(Revoker.class);
    private static final int PAGE = 500;

    private final SessionStore store;
    private final SessionRows rows;
    private final EventPublisher events;

    Revoker(SessionStore store, SessionRows rows, EventPublisher events) {
        this.store = store;
        this.rows = rows;
        this.events = events;
    }

    /** Who and what an act is about, in clear, for its events. */
    record Context(@Nullable SubjectId subject, @Nullable SessionHandle session) {
        static final Context NOBODY = new Context(null, null);
    }

    RevocationOutcome revoke(RevocationRequest request, Precondition precondition, Context context, Instant now) {
        RevokeResult result = ask(request, precondition, context, now);
        if (result instanceof RevokeResult.CallerRevoked refused) {
            publishDenial(request, context, Denial.CALLER_REVOKED, now);
            return new RevocationOutcome.CallerRevoked(refused.by());
        }
        if (result instanceof RevokeResult.NotOwned) {
            publishDenial(request, context, Denial.NOT_OWNED, now);
            return new RevocationOutcome.NotOwned();
        }
        RevokeResult.Recorded recorded = (RevokeResult.Recorded) result;
        // A repeat of an act that is reported to have ended something may be the first that anybody hears of.
        if (recorded.changed() || recorded.newlyCovered() > 0) {
            publish(recorded, request.operation(), context, now);
        }
        return new RevocationOutcome.Revoked(recorded.entry().target().kind(), recorded.count(), recorded.changed());
    }

    /** Says that a login at the limit ended this session, which its store has done in the step of the login. */
    void publishEndedForLimit(SubjectId subject, SessionHandle session, FoundSession ended, Instant now) {
        Revocation entry = ended.endedBy().orElseThrow();
        events.publish(new RevocationRecorded(
                "revoked:" + ended.session().key(), now, entry.target(), subject, session, entry, OptionalLong.of(1)));
        events.publish(new SessionEnded(endedId(ended), now, subject, session, entry));
    }

    private RevokeResult ask(RevocationRequest request, Precondition precondition, Context context, Instant now) {
        try {
            return store.revoke(request, precondition, now);
        } catch (StoreUnavailableException e) {
            events.publish(new RevocationFailed(
                    id("failed", request.operation()),
                    now,
                    request.target(),
                    context.subject(),
                    request.reason(),
                    request.actor()));
            throw e;
        }
    }

    private void publishDenial(RevocationRequest request, Context context, Denial denial, Instant now) {
        events.publish(
                new RevocationDenied(UUID.randomUUID().toString(), now, context.subject(), request.target(), denial));
    }

    private void publish(RevokeResult.Recorded recorded, OperationId operation, Context context, Instant now) {
        Revocation entry = recorded.entry();
        events.publish(new RevocationRecorded(
                id("revoked", operation),
                now,
                entry.target(),
                context.subject(),
                context.session(),
                entry,
                recorded.count()));
        SubjectId subject = context.subject();
        if (subject == null || recorded.newlyCovered() < 1) {
            return;
        }
        switch (entry.target().kind()) {
            case SESSION, FOREIGN_SESSION -> {
                SessionHandle session = context.session();
                if (session != null) {
                    String id = "ended:" + entry.target().key();
                    events.publish(new SessionEnded(id, now, subject, session, entry));
                }
            }
            case SUBJECT -> events.run(() -> publishEnded(subject, entry, now));
            default -> {}
        }
    }

    /** Pages through what a subject's cut-off ended, after it was acknowledged. */
    private void publishEnded(SubjectId subject, Revocation entry, Instant now) {
        try {
            Optional<ListQuery> query = Optional.of(ListQuery.all(PAGE));
            while (query.isPresent()) {
                SessionPage page = store.list(subject, query.get(), now);
                page.sessions().stream()
                        .filter(found -> found.endedBy().filter(entry::equals).isPresent())
                        .filter(found -> !found.session().isExpired(entry.revokedAt()))
                        .forEach(found -> publishEnded(subject, found, entry, now));
                query = page.next().map(cursor -> ListQuery.all(PAGE).after(cursor));
            }
        } catch (StoreUnavailableException e) {
            LOG.error("the events of some ended sessions are lost: {}", e.getMessage());
        }
    }

    private void publishEnded(SubjectId subject, FoundSession found, Revocation entry, Instant now) {
        rows.handleOf(subject.realm(), found.session())
                .ifPresent(session -> events.deliver(new SessionEnded(endedId(found), now, subject, session, entry)));
    }

    private static String endedId(FoundSession found) {
        return "ended:" + found.session().key();
    }

    private static String id(String kind, OperationId operation) {
        return String.format("%s:%016x%016x", kind, operation.high(), operation.low());
    }
}
