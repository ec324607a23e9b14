package dev.curfew;

import dev.curfew.admin.Bulks;
import dev.curfew.admin.Erasures;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.subject.BulkPlan;
import java.time.Clock;
import java.time.Instant;

/** Records the cut-offs of subjects that administrators want, and judges what each one reaches. Thread-safe. */
final class SubjectCutOffs implements Bulks.Ending, Erasures.CutOffs {
    private final RevocationExecutor executor;
    private final AcceptedTokens accepted;
    private final Clock clock;

    SubjectCutOffs(RevocationExecutor executor, AcceptedTokens accepted, Clock clock) {
        this.executor = executor;
        this.accepted = accepted;
        this.clock = clock;
    }

    /** The instant was fixed when the bulk was begun, and may still lie ahead of the clock. */
    @Override
    public Bulks.Ended end(SubjectId subject, BulkPlan plan) {
        RevocationRequest request = RevocationRequest.of(RevocationTarget.subject(subject), plan.operation())
                .because(plan.reason(), plan.actor())
                .issuedBefore(plan.issuedBefore())
                .build();
        RevokeResult.Recorded recorded = executor.record(request, subject, clock.instant());
        // What was revoked before is counted by nobody again.
        long sessions = recorded.changed() ? recorded.count().orElse(0) : 0;
        return new Bulks.Ended(sessions, reaches(recorded, subject), isOvertaken(plan, recorded.entry()));
    }

    /**
     * One that lies ahead of the plan and may have been recorded before the bulk was begun may have pushed a login of
     * that time ahead of the plan as well. One that came later covers whatever it has replaced.
     */
    private static boolean isOvertaken(BulkPlan plan, Revocation standing) {
        return standing.issuedBefore().isAfter(plan.issuedBefore())
                && !standing.revokedAt().isAfter(plan.issuedBefore());
    }

    @Override
    public Erasures.CutOff record(RevocationRequest request, SubjectId subject, Instant now) {
        return cutOff(executor.record(request, subject, now), subject);
    }

    @Override
    public Erasures.CutOff recordAgain(RevocationRequest request, SubjectId subject, Instant now) {
        return cutOff(executor.recordAgain(request, subject, now), subject);
    }

    private Erasures.CutOff cutOff(RevokeResult.Recorded recorded, SubjectId subject) {
        return new Erasures.CutOff(recorded.entry(), recorded.changed(), reaches(recorded, subject));
    }

    private boolean reaches(RevokeResult.Recorded recorded, SubjectId subject) {
        return accepted.judge(RevocationExecutor.outcome(recorded), subject.realm(), false)
                instanceof RevocationOutcome.Revoked;
    }
}
