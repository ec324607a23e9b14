package dev.curfew.jdbc.audit;

/** What the verification of a chained audit trail found. Immutable. */
public sealed interface AuditVerification {
    /**
     * Every row is what was appended, in its place, and none is missing.
     *
     * @param rows how many were looked at; those that a purge removed are not
     * @param end where the trail ends, to be kept elsewhere for the next time
     */
    record Intact(long rows, AuditAnchor end) implements AuditVerification {}

    /**
     * Somebody without the key wrote to the table. What comes before the number is intact; nothing is said about what
     * comes after.
     *
     * @param fault what was found
     * @param number the number of the first row that is not as it was
     */
    record Broken(Fault fault, long number) implements AuditVerification {}

    /** What can be wrong. */
    enum Fault {
        /** The row is not what was appended there: a column was changed, or another row put in its place. */
        CHANGED,
        /** The row is missing, and later ones stand. */
        REMOVED,
        /** The row was never appended. */
        INSERTED,
        /** The row is missing, and so is everything after it. */
        TRUNCATED,
        /** What says where the trail begins or ends was changed or removed, or belongs to another key. */
        PLACES
    }
}
