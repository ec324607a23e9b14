package dev.curfew.subject;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.store.OperationId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * The end of many subjects' sessions, with all that one run of it needs to do the same as another: whoever runs it
 * again, on whatever node and after any time, ends nothing that began later. Immutable.
 *
 * <p>Its text may be kept, to go on with after a crash.
 *
 * @param operation names the act; that of each subject is known by this name, the subject and the instant
 * @param reason why
 * @param actor by whom
 * @param begunAt when it was begun, to the millisecond
 * @param issuedBefore up to when it covers, inclusively, to the millisecond
 */
public record BulkPlan(
        OperationId operation, RevocationReason reason, Actor actor, Instant begunAt, Instant issuedBefore) {
    private static final String VERSION = "bulk1";
    private static final int PARTS = 7;
    private static final Duration PUSHED_AHEAD = Duration.ofSeconds(1);

    /**
     * Cuts the instants to what is stored.
     *
     * @throws IllegalArgumentException if it covers less than all that began before it was begun
     */
    public BulkPlan {
        Objects.requireNonNull(operation, "operation");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(actor, "actor");
        begunAt = Instant.ofEpochMilli(begunAt.toEpochMilli());
        issuedBefore = Instant.ofEpochMilli(issuedBefore.toEpochMilli());
        if (issuedBefore.isBefore(begunAt)) {
            throw new IllegalArgumentException("a bulk covers at least what began before it");
        }
    }

    /**
     * Begins one.
     *
     * <p>Its instant lies ahead by the widest difference of clocks, twice, and a second. A login that began before the
     * bulk, on a node whose clock is ahead by the node skew, may itself have been pushed ahead of that clock: behind a
     * cut-off that meant "now" there, which lay ahead by the node skew again. The second is for the milliseconds by
     * which one cut-off lies behind another.
     *
     * @param operation its name, which no other act has
     * @param reason why
     * @param actor by whom
     * @param now when
     * @param nodeSkew how far the clocks of two nodes may be apart
     * @return the plan
     */
    public static BulkPlan begin(
            OperationId operation, RevocationReason reason, Actor actor, Instant now, Duration nodeSkew) {
        return new BulkPlan(operation, reason, actor, now, now.plus(ahead(nodeSkew)));
    }

    /**
     * How far the instant of a bulk lies ahead of its beginning.
     *
     * @param nodeSkew how far the clocks of two nodes may be apart
     * @return twice that, and a second
     */
    public static Duration ahead(Duration nodeSkew) {
        return nodeSkew.multipliedBy(2).plus(PUSHED_AHEAD);
    }

    /**
     * The latest instant that an honest plan covers, by the clock of any node.
     *
     * @param now by this node's clock
     * @param nodeSkew how far the clocks of two nodes may be apart
     * @return ahead of it by {@link #ahead} and the skew, because the node that began the bulk may be ahead of this one
     */
    public static Instant furthest(Instant now, Duration nodeSkew) {
        return now.plus(ahead(nodeSkew)).plus(nodeSkew);
    }

    /**
     * Reads a text back. Whoever can change the text decides what ends: keep it where only administrators can write.
     *
     * @param text as {@link #toString} wrote it
     * @return the same plan, or nothing if it is no such text
     */
    public static Optional<BulkPlan> parse(String text) {
        return PlanReader.read(text, VERSION, PARTS, BulkPlan::read);
    }

    private static BulkPlan read(PlanReader in) {
        OperationId operation = in.operation();
        Instant begunAt = in.instant();
        Instant issuedBefore = in.instant();
        return new BulkPlan(operation, in.reason(), in.actor(), begunAt, issuedBefore);
    }

    /** {@return the text that {@link #parse} reads} */
    @Override
    public String toString() {
        return String.join(
                PlanReader.SEPARATOR,
                VERSION,
                PlanReader.text(operation),
                PlanReader.text(begunAt),
                PlanReader.text(issuedBefore),
                PlanReader.text(reason),
                PlanReader.text(actor));
    }
}
