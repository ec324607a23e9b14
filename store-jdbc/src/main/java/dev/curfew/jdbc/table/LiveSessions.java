package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.LookupKey;
import java.sql.SQLException;
import java.time.Instant;

/**
 * The twin in SQL of "neither expired nor covered", for all sessions of one subject at once, and of "not covered" for
 * single rows.
 *
 * <p>It answers what {@code Revocation.covers} answers for the facts of a stored session, and a test compares the two
 * on random data. Its searches are over constants (the subject, the realm, the birth), so that a database reads a few
 * entries once and not for each session. What a newer version wrote counts as covering.
 */
public final class LiveSessions {
    /**
     * The condition; {@link #bind} gives it its parameters. Searches over constants run once, also where the
     * database expects few sessions; what depends on the single session is looked up only where it may match.
     */
    public static final String CONDITION = KindNumbers.in("""
            s.ends_at > ?
            AND s.authenticated_at > (
                SELECT COALESCE(MAX(CASE WHEN r.kind IN ({SUBJECT}, {REALM}, {BIRTH}) THEN r.issued_before
                        ELSE 9223372036854775807 END),
                    -9223372036854775807)
                FROM curfew_revocation r
                WHERE r.target_key IN (?, ?, ?) AND r.forget_after > ? AND r.kind <> {NOTICE}
                    AND r.exempt_key IS NULL)
            AND (s.authenticated_at > (
                    SELECT COALESCE(
                        MAX(CASE WHEN r.kind IN ({SUBJECT}, {REALM}, {BIRTH}) THEN r.issued_before
                            ELSE 9223372036854775807 END),
                        -9223372036854775807)
                    FROM curfew_revocation r
                    WHERE r.target_key IN (?, ?, ?) AND r.forget_after > ? AND r.kind <> {NOTICE}
                    AND r.exempt_key IS NOT NULL)
                OR NOT EXISTS (SELECT 1 FROM curfew_revocation r
                    WHERE r.target_key IN (?, ?, ?) AND r.forget_after > ? AND r.kind <> {NOTICE}
                    AND r.exempt_key IS NOT NULL
                    AND (r.kind NOT IN ({SUBJECT}, {REALM}, {BIRTH})
                        OR (s.authenticated_at <= r.issued_before AND r.exempt_key <> s.session_key))))
            AND (s.session_key NOT IN (SELECT r.target_key FROM curfew_revocation r
                    WHERE r.scope_key = ? AND r.kind <> {NOTICE} AND r.forget_after > ?)
                OR NOT EXISTS (SELECT 1 FROM curfew_revocation r
                    WHERE r.target_key = s.session_key AND r.forget_after > ?
                    AND r.kind <> {NOTICE} AND (r.kind <> {FOREIGN_SESSION} OR s.authenticated_at <= r.issued_before)))
            AND (s.client_key IS NULL
                OR s.client_key NOT IN (SELECT r.target_key FROM curfew_revocation r
                    WHERE r.scope_key = ? AND (r.kind = {CLIENT} OR r.kind > {LAST}) AND r.forget_after > ?)
                OR NOT EXISTS (SELECT 1 FROM curfew_revocation r
                    WHERE r.target_key = s.client_key AND r.kind <> {NOTICE} AND r.forget_after > ?
                    AND (r.kind <> {CLIENT} OR (s.authenticated_at <= r.issued_before
                        AND (r.exempt_key IS NULL OR r.exempt_key <> s.session_key)))))""");

    /**
     * That no revocation covers a session, for one row of any subject: its parameters are the key of the birth marker
     * and the instant. It searches anew for each row.
     */
    public static final String UNCOVERED = KindNumbers.in("""
            NOT EXISTS (SELECT 1 FROM curfew_revocation r
                WHERE r.target_key IN (s.session_key, s.subject_key, s.client_key, s.realm_key, ?)
                AND r.forget_after > ? AND r.kind <> {NOTICE}
                AND (r.kind NOT IN ({BY_INSTANT}) OR (s.authenticated_at <= r.issued_before
                    AND (r.exempt_key IS NULL OR r.exempt_key <> s.session_key))))""");

    private static final String COUNT =
            "SELECT COUNT(*) FROM curfew_session s WHERE s.subject_key = ? AND s.authenticated_at <= ?"
                    + " AND s.session_key <> ? AND " + CONDITION;

    private LiveSessions() {}

    public static SqlStatement bind(SqlStatement statement, LookupKey subject, LookupKey realm, Instant now)
            throws SQLException {
        SqlStatement bound = statement.instant(now);
        for (int search = 0; search < 3; search++) {
            bound.key(subject).key(realm).key(BirthMarker.KEY).instant(now);
        }
        return bound.key(subject)
                .instant(now)
                .instant(now)
                .key(realm)
                .instant(now)
                .instant(now);
    }

    /** How many live sessions of a subject began at or before an instant, one of them left out. */
    public static QueryBatch.Answer<Long> askForCount(
            QueryBatch batch, LookupKey subject, LookupKey realm, Instant until, LookupKey without, Instant now) {
        return batch.ask(
                COUNT,
                select -> bind(select.key(subject).instant(until).key(without), subject, realm, now),
                row -> row.getLong(1));
    }
}
