package dev.curfew;

import dev.curfew.ended.RevocationEvents;
import dev.curfew.ended.RevocationEvents.Context;
import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.quota.RevocationQuota;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreUnavailableException;
import java.time.Instant;
import java.util.OptionalLong;

/** The one place where anything is revoked, so that each revocation has its events, on whatever path. Thread-safe. */
final class RevocationExecutor implements Revocations.Executor {
    private final RevocationQuota quota;
    private final RevocationEvents events;

    RevocationExecutor(RevocationQuota quota, RevocationEvents events) {
        this.quota = quota;
        this.events = events;
    }

    @Override
    public RevocationOutcome revoke(
            RevocationRequest request, Precondition precondition, Context context, Instant now) {
        RevokeResult result = ask(request, precondition, context, now);
        if (result instanceof RevokeResult.Recorded recorded) {
            tell(recorded, request, context, now);
            return outcome(recorded);
        }
        return refused(result, request, context, now);
    }

    /** Records a cut-off of a subject that the host wants. */
    RevokeResult.Recorded record(RevocationRequest request, SubjectId subject, Instant now) {
        return record(request, new Context(subject, null), now);
    }

    /** Records what nothing is demanded for. */
    RevokeResult.Recorded record(RevocationRequest request, Context context, Instant now) {
        RevokeResult.Recorded recorded = (RevokeResult.Recorded) ask(request, Precondition.none(), context, now);
        tell(recorded, request, context, now);
        return recorded;
    }

    /** The same for one that is known to have been recorded and told: as long as it stands, there is nothing to do. */
    RevokeResult.Recorded recordAgain(RevocationRequest request, SubjectId subject, Instant now) {
        Context context = new Context(subject, null);
        RevokeResult.Recorded recorded = (RevokeResult.Recorded) ask(request, Precondition.none(), context, now);
        if (recorded.changed()) {
            events.recorded(recorded, context, now);
        }
        return recorded;
    }

    private void tell(RevokeResult.Recorded recorded, RevocationRequest request, Context context, Instant now) {
        if (recorded.changed()) {
            events.recorded(recorded, context, now);
        } else {
            repeated(recorded, request, context, now);
        }
    }

    /**
     * What an earlier call may have recorded whose answer was lost; of what has expired by itself nothing was recorded.
     */
    void repeated(RevokeResult.Recorded recorded, RevocationRequest request, Context context, Instant now) {
        boolean mayStand = !recorded.entry().isForgotten(now) && isOf(request, recorded.entry());
        if (recorded.newlyCovered() != 0 || mayStand) {
            events.repeated(recorded.entry(), recorded.count(), context, now);
        }
    }

    RevocationOutcome refused(RevokeResult result, RevocationRequest request, Context context, Instant now) {
        if (result instanceof RevokeResult.CallerRevoked refused) {
            if (isOf(request, refused.by())) {
                events.repeated(refused.by(), OptionalLong.empty(), context, now);
            }
            events.denied(request, context, Denial.CALLER_REVOKED, now);
            return new RevocationOutcome.CallerRevoked(refused.by());
        }
        events.denied(request, context, Denial.NOT_OWNED, now);
        return new RevocationOutcome.NotOwned();
    }

    static RevocationOutcome outcome(RevokeResult.Recorded recorded) {
        return new RevocationOutcome.Revoked(recorded.entry().target().kind(), recorded.count(), recorded.changed());
    }

    RevocationEvents events() {
        return events;
    }

    private RevokeResult ask(RevocationRequest request, Precondition precondition, Context context, Instant now) {
        try {
            return quota.revoke(request, precondition, context, now);
        } catch (StoreUnavailableException e) {
            events.failed(request, context, now);
            throw asWrite(e);
        }
    }

    /** Who wanted a revocation reads that it may have happened, also if a read that belongs to it has failed. */
    private static StoreUnavailableException asWrite(StoreUnavailableException e) {
        return e.mayHaveHappened() || e instanceof BeforeHorizonException
                ? e
                : StoreUnavailableException.ofWrite("revoke", e);
    }

    /** Whether an entry may be what an earlier call with this wish recorded; that call's answer may have been lost. */
    private static boolean isOf(RevocationRequest request, Revocation entry) {
        return entry.target().equals(request.target())
                && entry.reason() == request.reason()
                && entry.actor().equals(request.actor());
    }
}
