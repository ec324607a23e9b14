package dev.curfew.store;

import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import java.util.Objects;
import java.util.Optional;

/**
 * A session that shall be added, and what that does to others of its subject. Immutable.
 *
 * @param row the new row
 * @param limit how many live sessions its subject may have, with this one
 * @param replaces a session of the same subject that ends in the same step, and that the limit does not count; its key
 *     alone names it, and what is unknown, over, or of another subject is left alone
 */
public record NewSession(StoredSession row, SessionLimit limit, Optional<SessionRef> replaces) {
    /** Refuses a session that would replace itself. */
    public NewSession {
        Objects.requireNonNull(row, "row");
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(replaces, "replaces");
        if (replaces.filter(old -> old.key().equals(row.key())).isPresent()) {
            throw new IllegalArgumentException("a session cannot replace itself");
        }
    }

    /**
     * A session that replaces none.
     *
     * @param row the new row
     * @param limit how many live sessions its subject may have, with this one
     * @return the value
     */
    public static NewSession of(StoredSession row, SessionLimit limit) {
        return new NewSession(row, limit, Optional.empty());
    }
}
