package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which records of the audit trail to read, and how many at a time. Immutable.
 *
 * <p>Each is one search in an index, by the subject, the session or the time.
 */
public final class AuditQuery {
    /** The most that one page can hold. */
    public static final int MAX_LIMIT = 1_000;

    private static final int USUAL_LIMIT = 100;

    private final AuditKeys keys;
    private final long from;
    private final long until;
    private final int limit;
    private final @Nullable AuditCursor after;

    private AuditQuery(AuditKeys keys, long from, long until, int limit, @Nullable AuditCursor after) {
        this.keys = keys;
        this.from = from;
        this.until = until;
        this.limit = limit;
        this.after = after;
    }

    private static AuditQuery of(AuditKeys keys) {
        return new AuditQuery(keys, Long.MIN_VALUE, Long.MAX_VALUE, USUAL_LIMIT, null);
    }

    /**
     * Asks for everything, of all realms.
     *
     * @return a query from the newest on, 100 at a time
     */
    public static AuditQuery all() {
        return of(AuditKeys.NONE);
    }

    /**
     * Asks what happened to a subject.
     *
     * @param subject as the records name it: in clear, or with its pseudonym as the value if they are written with
     *     pseudonyms
     * @return a query from the newest on, 100 at a time
     */
    public static AuditQuery ofSubject(SubjectId subject) {
        String key = AuditKeys.subjectKey(subject.realm().name(), subject.value());
        return of(new AuditKeys(null, key, null));
    }

    /**
     * Asks what happened to a session.
     *
     * @param session its handle; where issuers name sessions, two realms may have the same one, so say {@link #in}
     *     which is meant
     * @return a query from the newest on, 100 at a time
     */
    public static AuditQuery ofSession(SessionHandle session) {
        // As records name it: a foreign handle by its pseudonym.
        return of(new AuditKeys(null, null, AuditKeys.sessionKey(session.toString())));
    }

    /**
     * The same in one realm only; records that name no realm are left out.
     *
     * @param realm which
     * @return the query
     */
    public AuditQuery in(Realm realm) {
        AuditKeys inRealm = new AuditKeys(AuditKeys.realmKey(realm.name()), keys.subject(), keys.session());
        return new AuditQuery(inRealm, from, until, limit, after);
    }

    /**
     * The same between two instants, to the millisecond.
     *
     * @param begin the first that counts
     * @param end the first that does not count any more
     * @return the query
     */
    public AuditQuery between(Instant begin, Instant end) {
        return new AuditQuery(keys, begin.toEpochMilli(), end.toEpochMilli(), limit, after);
    }

    /**
     * The same with other pages.
     *
     * @param most records on one, 1 to {@link #MAX_LIMIT}
     * @return the query
     */
    public AuditQuery limit(int most) {
        if (most < 1 || most > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_LIMIT);
        }
        return new AuditQuery(keys, from, until, most, after);
    }

    /**
     * The same from a place on.
     *
     * @param cursor as a page gave it
     * @return a query that starts behind that place
     */
    public AuditQuery after(AuditCursor cursor) {
        Objects.requireNonNull(cursor, "cursor");
        return new AuditQuery(keys, from, until, limit, cursor);
    }

    AuditPage read(SqlConnection connection) throws SQLException {
        List<String> conditions = new ArrayList<>();
        List<String> sought = new ArrayList<>();
        add("subject_key", keys.subject(), conditions, sought);
        add("session_key", keys.session(), conditions, sought);
        add("realm_key", keys.realm(), conditions, sought);
        conditions.add("a.happened_at >= ? AND a.happened_at < ?");
        if (after != null) {
            conditions.add("a.happened_at <= ? AND (a.happened_at < ? OR a.entry < ?)");
        }
        try (SqlStatement select = connection.prepare("SELECT " + AuditRow.COLUMNS + " FROM curfew_audit a WHERE "
                + String.join(" AND ", conditions) + " ORDER BY a.happened_at DESC, a.entry DESC LIMIT ?")) {
            for (String key : sought) {
                select.bytes(AuditRow.bytes(key));
            }
            select.number(from).number(until);
            if (after != null) {
                select.instant(after.at()).instant(after.at()).number(after.number());
            }
            return AuditPage.of(select.number(limit).list(AuditRow::read), limit);
        }
    }

    private static void add(String column, @Nullable String key, List<String> conditions, List<String> sought) {
        if (key != null) {
            conditions.add("a." + column + " = ?");
            sought.add(key);
        }
    }
}
