package dev.curfew.admin;

import dev.curfew.ended.ErasedSessions;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SubjectErasure;
import dev.curfew.subject.BulkPlan;
import dev.curfew.subject.Erasure;
import dev.curfew.subject.ErasureCursor;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Ends everything of a subject, then removes the rows of what began until then. Thread-safe.
 *
 * <p>The order is what makes it safe: a cut-off stands, and the ends are told, before any row goes. Each further call
 * records the same cut-off again, with the instants that it got first, which changes nothing as long as it stands: so
 * no row goes without it, whatever has become of the store meanwhile.
 */
public final class Erasures {
    /** By which a cut-off lies behind another, a millisecond each. */
    private static final Duration BEHIND_OTHERS = Duration.ofSeconds(1);

    private final SessionStore store;
    private final CutOffs cutOffs;
    private final ErasedSessions ended;
    private final Duration nodeSkew;
    private final Clock clock;

    /** Where a cut-off is recorded. */
    public interface CutOffs {
        /** Records it with its events. */
        CutOff record(RevocationRequest request, SubjectId subject, Instant now);

        /** The same for one whose events were told: without them, as long as it stands. */
        CutOff recordAgain(RevocationRequest request, SubjectId subject, Instant now);
    }

    /**
     * What became of a cut-off.
     *
     * @param standing what stands for it
     * @param changed whether this call wrote it
     * @param isReached whether the tokens of all issuers name subjects
     */
    public record CutOff(Revocation standing, boolean changed, boolean isReached) {}

    public Erasures(SessionStore store, CutOffs cutOffs, ErasedSessions ended, Duration nodeSkew, Clock clock) {
        this.store = store;
        this.cutOffs = cutOffs;
        this.ended = ended;
        this.nodeSkew = nodeSkew;
        this.clock = clock;
    }

    /** Begins an erasure. Two round trips, and one for each thousand sessions of the subject if anybody listens. */
    public Erasure begin(SubjectId subject, OperationId operation, RevocationReason reason, Actor actor, int limit) {
        SubjectErasure erasing = erasing(limit);
        Instant now = clock.instant();
        CutOff cutOff = cutOffs.record(request(subject, operation, reason, actor), subject, now);
        ended.tell(subject, cutOff.standing(), now);
        ErasureCursor cursor = new ErasureCursor(operation, cutOff.standing());
        return erase(erasing, subject, cursor, cutOff.isReached(), limit, now);
    }

    /**
     * Goes on with one. Two round trips as long as the cut-off stands.
     *
     * @throws IllegalArgumentException if it is of another subject, or lies further ahead than clocks explain
     */
    public Erasure goOn(SubjectId subject, ErasureCursor cursor, int limit) {
        Revocation begun = cursor.cutOff();
        if (!begun.target().equals(RevocationTarget.subject(subject))) {
            throw new IllegalArgumentException("this erasure is of another subject");
        }
        SubjectErasure erasing = erasing(limit);
        Instant now = clock.instant();
        requireBegun(begun, now);
        RevocationRequest request = request(subject, cursor.operation(), begun.reason(), begun.actor());
        CutOff cutOff = cutOffs.recordAgain(request.fixedAs(begun), subject, now);
        if (cutOff.changed()) {
            ended.tell(subject, begun, now);
        }
        return erase(erasing, subject, cursor, cutOff.isReached(), limit, now);
    }

    /** A later instant, of a damaged text say, would end what will begin: for ever, if it is late enough. */
    private void requireBegun(Revocation cutOff, Instant now) {
        if (cutOff.issuedBefore().isAfter(BulkPlan.furthest(now, nodeSkew).plus(BEHIND_OTHERS))) {
            throw new IllegalArgumentException(
                    "the erasure lies further ahead of this node's clock than clocks explain");
        }
    }

    private static Erasure erase(
            SubjectErasure erasing,
            SubjectId subject,
            ErasureCursor cursor,
            boolean isReached,
            int limit,
            Instant now) {
        ErasedRows rows = erasing.erase(subject, cursor.cutOff().issuedBefore(), limit, now);
        return new Erasure(rows.removed(), isReached, rows.hasMore() ? Optional.of(cursor) : Optional.empty());
    }

    /** Names nothing coarser: for want of room of a bounded store, a whole realm must not be signed out for one. */
    private static RevocationRequest request(
            SubjectId subject, OperationId operation, RevocationReason reason, Actor actor) {
        return RevocationRequest.of(RevocationTarget.subject(subject), operation)
                .because(reason, actor)
                .build();
    }

    private SubjectErasure erasing(int limit) {
        SubjectErasure.requireLimit(limit);
        return Abilities.require(store, SubjectErasure.class, "eraseSubject(...)");
    }
}
