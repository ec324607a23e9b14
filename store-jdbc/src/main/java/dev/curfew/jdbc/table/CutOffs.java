package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The newest instants that a login begins after, and that a new cut-off must lie behind; what is open has none yet. */
public final class CutOffs {
    /** A key that no session has, because it is not a hash. */
    public static final LookupKey NOBODY = new LookupKey(0, 0);

    private static final String OF_TARGETS = KindNumbers.in("SELECT r.id, r.issued_before FROM curfew_revocation r"
            + " WHERE r.target_key IN (?, ?, ?) AND r.kind IN ({SUBJECT}, {REALM}, {BIRTH}) AND r.is_open <> 1");

    private static final String OF_BIRTH = KindNumbers.in(
            "SELECT r.id, r.issued_before FROM curfew_revocation r WHERE r.target_key = ? AND r.kind = {BIRTH}");

    /** In descending order of the whole index, so that every database reads exactly one entry of it. */
    private static final String IN_REALM = " UNION ALL (SELECT r.id, r.issued_before FROM curfew_revocation r"
            + " WHERE r.scope_key = ? AND r.kind = ? AND r.is_open <> 1"
            + " ORDER BY r.scope_key DESC, r.kind DESC, r.issued_before DESC LIMIT 1)";

    private static final String OF_SESSIONS =
            " UNION ALL (SELECT s.session_key, s.authenticated_at FROM curfew_session s"
                    + " WHERE s.subject_key = ? AND s.session_key <> ?" + SessionTable.ORDER + " LIMIT 1)";

    private static final String OF_ROW =
            "SELECT s.session_key, s.authenticated_at FROM curfew_session s WHERE s.session_key = ?";

    private CutOffs() {}

    /** An instant, with the row that has it. */
    record Line(LookupKey id, Instant instant) {
        static Line read(ResultSet row) throws SQLException {
            return new Line(Columns.nameOf(row.getBytes(1)), Columns.instantOf(row, 2));
        }
    }

    /** What a login of this subject must begin after; nothing if the birth marker is gone. */
    public static Optional<Instant> forLogin(SqlConnection connection, LookupKey subject, LookupKey realm)
            throws SQLException {
        try (SqlStatement select = connection.prepare(OF_TARGETS + IN_REALM)) {
            return newest(select.key(subject)
                    .key(realm)
                    .key(BirthMarker.KEY)
                    .key(realm)
                    .number(RevocationTarget.Kind.CLIENT.code())
                    .list(Line::read));
        }
    }

    /** What a cut-off that means "now" must lie behind; {@link #newest} judges the answer. */
    public static QueryBatch.@Nullable Answer<Line> ask(QueryBatch batch, RevocationTarget target, LookupKey exempt) {
        return switch (target.kind()) {
            case SUBJECT -> ofSubject(batch, target, exempt);
            case CLIENT, REALM -> ofRealm(batch, target.realm());
            case TOKEN, SESSION, FOREIGN_SESSION, SIGNING_KEY, BIRTH -> null;
        };
    }

    /** The same for an entry that stands already; of a foreign session, when its row began. */
    public static Instant applicable(SqlConnection connection, Revocation entry) throws SQLException {
        if (entry.target().kind() == RevocationTarget.Kind.FOREIGN_SESSION) {
            return beganOf(connection, entry.target().key());
        }
        QueryBatch batch = new QueryBatch(connection);
        QueryBatch.Answer<Line> lines = ask(
                batch,
                entry.target(),
                entry.exempt().map(spared -> spared.key()).orElse(NOBODY));
        batch.send();
        return lines == null ? Instant.EPOCH : newest(lines.rows()).orElse(Instant.EPOCH);
    }

    private static Instant beganOf(SqlConnection connection, LookupKey session) throws SQLException {
        try (SqlStatement select = connection.prepare(OF_ROW)) {
            return select.key(session).first(Line::read).map(Line::instant).orElse(Instant.EPOCH);
        }
    }

    private static QueryBatch.Answer<Line> ofSubject(QueryBatch batch, RevocationTarget target, LookupKey exempt) {
        return batch.ask(
                OF_TARGETS + IN_REALM + OF_SESSIONS,
                select -> select.key(target.key())
                        .key(target.realm())
                        .key(BirthMarker.KEY)
                        .key(target.realm())
                        .number(RevocationTarget.Kind.CLIENT.code())
                        .key(target.key())
                        .key(exempt),
                Line::read);
    }

    private static QueryBatch.Answer<Line> ofRealm(QueryBatch batch, LookupKey realm) {
        return batch.ask(
                OF_BIRTH + IN_REALM + IN_REALM + IN_REALM,
                select -> select.key(BirthMarker.KEY)
                        .key(realm)
                        .number(RevocationTarget.Kind.SUBJECT.code())
                        .key(realm)
                        .number(RevocationTarget.Kind.CLIENT.code())
                        .key(realm)
                        .number(RevocationTarget.Kind.REALM.code()),
                Line::read);
    }

    /** The newest of all, or nothing if the birth marker is not among them. */
    public static Optional<Instant> newest(List<Line> lines) {
        boolean hasBirth = lines.stream().anyMatch(line -> line.id.equals(BirthMarker.ID));
        return hasBirth ? lines.stream().map(Line::instant).max(Instant::compareTo) : Optional.empty();
    }
}
