package dev.curfew.subject;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.OperationId;
import java.util.Objects;
import java.util.Optional;

/**
 * An erasure that has begun: its cut-off with the instants that it got then, so that whoever goes on, on whatever node
 * and after any time, removes nothing that began later. Immutable.
 *
 * <p>Its text may be kept, in a queue of jobs for example. It names the subject by lookup key only; the reference to an
 * administrator stands there as it was given.
 *
 * @param operation the name of the act that recorded the cut-off
 * @param cutOff of the subject
 */
public record ErasureCursor(OperationId operation, Revocation cutOff) {
    private static final String VERSION = "erasure1";
    private static final int PARTS = 11;

    /**
     * Checks the target.
     *
     * @throws IllegalArgumentException if the cut-off is not that of a subject
     */
    public ErasureCursor {
        Objects.requireNonNull(operation, "operation");
        if (cutOff.target().kind() != RevocationTarget.Kind.SUBJECT) {
            throw new IllegalArgumentException("an erasure is of a subject");
        }
    }

    /**
     * Reads a text back. Whoever can change the text decides what is erased: keep it where only administrators can
     * write.
     *
     * @param text as {@link #toString} wrote it
     * @return the same erasure, or nothing if it is no such text
     */
    public static Optional<ErasureCursor> parse(String text) {
        return PlanReader.read(text, VERSION, PARTS, ErasureCursor::read);
    }

    private static ErasureCursor read(PlanReader in) {
        RevocationTarget subject = new RevocationTarget(RevocationTarget.Kind.SUBJECT, in.key(), in.key(), in.number());
        OperationId operation = in.operation();
        Revocation.Builder cutOff = Revocation.of(subject)
                .issuedBefore(in.instant())
                .revokedAt(in.instant())
                .forgetAfter(in.instant());
        return new ErasureCursor(
                operation, cutOff.because(in.reason(), in.actor()).build());
    }

    /** {@return the text that {@link #parse} reads} */
    @Override
    public String toString() {
        RevocationTarget subject = cutOff.target();
        return String.join(
                PlanReader.SEPARATOR,
                VERSION,
                subject.key().toString(),
                subject.realm().toString(),
                Integer.toString(subject.bucket()),
                PlanReader.text(operation),
                PlanReader.text(cutOff.issuedBefore()),
                PlanReader.text(cutOff.revokedAt()),
                PlanReader.text(cutOff.forgetAfter()),
                PlanReader.text(cutOff.reason()),
                PlanReader.text(cutOff.actor()));
    }
}
