package dev.curfew;

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
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import java.time.Duration;
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
    private static final String ENDED = "ended:";

    private final SessionStore store;
    private final FairShares shares;
    private final SessionRows rows;
    private final EventPublisher events;
    private final Duration nodeSkew;
    private final RecentNames reported = new RecentNames();

    Revoker(SessionStore store, FairShares shares, SessionRows rows, EventPublisher events, Duration nodeSkew) {
        this.nodeSkew = nodeSkew;
        this.store = store;
        this.shares = shares;
        this.rows = rows;
        this.events = events;
    }

    /** Who and what an act is about, in clear, for its events. */
    record Context(@Nullable SubjectId subject, @Nullable SessionHandle session, boolean mayBeRepeated) {
        static Context of(@Nullable SubjectId subject, @Nullable SessionHandle session, RevocationCause cause) {
            return new Context(subject, session, cause.operation().isPresent());
        }
    }

    RevocationOutcome revoke(RevocationRequest request, Precondition precondition, Context context, Instant now) {
        RevokeResult result = ask(request, precondition, context, now);
        if (result instanceof RevokeResult.CallerRevoked refused) {
            publishIfUntold(refused.by(), request, context, now);
            publishDenial(request, context, Denial.CALLER_REVOKED, now);
            return new RevocationOutcome.CallerRevoked(refused.by());
        }
        if (result instanceof RevokeResult.NotOwned) {
            publishDenial(request, context, Denial.NOT_OWNED, now);
            return new RevocationOutcome.NotOwned();
        }
        RevokeResult.Recorded recorded = (RevokeResult.Recorded) result;
        if (recorded.changed() || isRepeat(request, context, recorded)) {
            publish(recorded, context, now);
        }
        return new RevocationOutcome.Revoked(recorded.entry().target().kind(), recorded.count(), recorded.changed());
    }

    /** The first answer may have been lost, and its events with it; they have the same names, however often they are told. */
    private static boolean isRepeat(RevocationRequest request, Context context, RevokeResult.Recorded recorded) {
        return recorded.newlyCovered() > 0
                || context.mayBeRepeated()
                        && recorded.entry().reason() == request.reason()
                        && recorded.entry().actor().equals(request.actor());
    }

    /** Says that a login at the limit ended this session, which its store has done in the step of the login. */
    void publishEndedForLimit(SubjectId subject, SessionHandle session, FoundSession ended, Instant now) {
        Revocation entry = ended.endedBy().orElseThrow();
        events.publish(new RevocationRecorded(
                recordedId(entry), now, entry.target(), subject, session, entry, OptionalLong.of(1)));
        events.run(() -> deliverEnded(lifeOf(ended.session()), subject, session, entry, now));
    }

    private RevokeResult ask(RevocationRequest request, Precondition precondition, Context context, Instant now) {
        try {
            return shares.revoke(request, precondition, context, now);
        } catch (StoreUnavailableException e) {
            events.publish(new RevocationFailed(
                    "failed:" + request.act(),
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

    private void publish(RevokeResult.Recorded recorded, Context context, Instant now) {
        Revocation entry = recorded.entry();
        String id = recordedId(entry);
        if (reported.add(id)) {
            events.publish(new RevocationRecorded(
                    id, now, entry.target(), context.subject(), context.session(), entry, recorded.count()));
        }
        SubjectId subject = context.subject();
        if (subject == null || recorded.newlyCovered() < 1) {
            return;
        }
        switch (entry.target().kind()) {
            case SESSION, FOREIGN_SESSION -> {
                SessionHandle session = context.session();
                if (session != null) {
                    publishEnded(subject, session, entry, now);
                }
            }
            case SUBJECT -> events.run(() -> publishEnded(subject, entry, now));
            default -> {}
        }
    }

    /** A foreign handle may be used again at once, so that its row is asked now which of its lives has ended. */
    private void publishEnded(SubjectId subject, SessionHandle session, Revocation entry, Instant now) {
        String life = entry.target().key().toString();
        if (!(session instanceof SessionId)) {
            life += ":" + entry.revokedAt().toEpochMilli();
            try {
                life = store.find(SessionRef.of(subject, session), now)
                        .map(found -> lifeOf(found.session()))
                        .orElse(life);
            } catch (RuntimeException e) {
                LOG.warn(
                        "a session has ended whose row cannot be read: {}",
                        entry.target().key());
            }
        }
        String id = life;
        events.run(() -> deliverEnded(id, subject, session, entry, now));
    }

    /** The answer to the call that recorded it may have been lost, and its events with it: this caller tries again. */
    private void publishIfUntold(Revocation by, RevocationRequest request, Context context, Instant now) {
        if (by.target().equals(request.target())
                && by.reason() == request.reason()
                && by.actor().equals(request.actor())) {
            publish(new RevokeResult.Recorded(by, 1, false), context, now);
        }
    }

    /** Pages through what a subject's cut-off ended, after it was acknowledged. */
    private void publishEnded(SubjectId subject, Revocation entry, Instant now) {
        Optional<ListQuery> query = Optional.of(ListQuery.all(PAGE));
        while (query.isPresent()) {
            SessionPage page = store.list(subject, query.get(), now);
            for (FoundSession found : page.sessions()) {
                if (isEndedBy(entry, found)) {
                    rows.handleOf(subject.realm(), found.session(), now)
                            .ifPresent(session -> deliverEnded(lifeOf(found.session()), subject, session, entry, now));
                }
            }
            query = page.next().map(cursor -> ListQuery.all(PAGE).after(cursor));
        }
    }

    /**
     * Whether a session may owe its end to this entry. An entry that is older by less than the clocks of two nodes may differ may
     * have come later: better two events of one name than none.
     */
    private boolean isEndedBy(Revocation entry, FoundSession found) {
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

    /** The same for whoever tells it, and for each time that it is told. */
    private static String recordedId(Revocation entry) {
        return "revoked:" + entry.target().key() + ":" + entry.revokedAt().toEpochMilli() + ":"
                + entry.issuedBefore().toEpochMilli();
    }
}
