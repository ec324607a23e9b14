package dev.curfew.subject;

import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionCursor;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A page of what the store holds on a subject. Immutable.
 *
 * @param subject on whom
 * @param at when it was read
 * @param sessions live and ended, the one that began last in front, unmodifiable
 * @param unreadable how many more the page has whose very names cannot be read: those of foreign issuers whose rows are
 *     damaged, or encrypted with a key that is not there
 * @param next where the next page begins, or nothing at the end
 */
public record SubjectExport(
        SubjectId subject, Instant at, List<HeldSession> sessions, int unreadable, Optional<SessionCursor> next) {
    /** Copies the list. */
    public SubjectExport {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(at, "at");
        sessions = List.copyOf(sessions);
        Objects.requireNonNull(next, "next");
    }
}
