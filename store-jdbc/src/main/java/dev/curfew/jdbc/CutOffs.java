package dev.curfew.jdbc;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The newest instants that a login begins after, and that a new cut-off must lie behind. */
final class CutOffs {
    /** No session has this key, which is no hash. */
    static final LookupKey NOBODY = new LookupKey(0, 0);

    private static final String OF_TARGETS = "SELECT r.id, r.issued_before FROM curfew_revocation r"
            + " WHERE r.target_key IN (?, ?, ?) AND r.kind IN (4, 6, 8)";

    private static final String OF_BIRTH =
            "SELECT r.id, r.issued_before FROM curfew_revocation r WHERE r.target_key = ? AND r.kind = 8";

    /** In descending order of the whole index, so that every database reads exactly one entry of it. */
    private static final String IN_REALM = " UNION ALL (SELECT r.id, r.issued_before FROM curfew_revocation r"
            + " WHERE r.scope_key = ? AND r.kind = ?"
            + " ORDER BY r.scope_key DESC, r.kind DESC, r.issued_before DESC LIMIT 1)";

    private static final String OF_SESSIONS =
            " UNION ALL (SELECT s.session_key, s.authenticated_at FROM curfew_session s"
                    + " WHERE s.subject_key = ? AND s.session_key <> ? ORDER BY s.authenticated_at DESC, s.session_key LIMIT 1)";

    private CutOffs() {}

    private record Line(LookupKey id, Instant instant) {
        static Line read(ResultSet row) throws SQLException {
            return new Line(LookupKey.fromBytes(row.getBytes(1)), Parameters.instantOf(row, 2));
        }
    }

    /** What a login of this subject must begin after; nothing if the birth marker is gone. */
    static Optional<Instant> forLogin(Call call, LookupKey subject, LookupKey realm) throws SQLException {
        try (Parameters select = call.prepare(OF_TARGETS + IN_REALM)) {
            return newest(select.key(subject)
                    .key(realm)
                    .key(Births.KEY)
                    .key(realm)
                    .number(RevocationTarget.Kind.CLIENT.code())
                    .list(Line::read));
        }
    }

    /** What a cut-off that means "now" must lie behind; the birth marker stands when this is asked. */
    static Instant applicable(Call call, RevocationTarget target, LookupKey exempt) throws SQLException {
        return switch (target.kind()) {
            case SUBJECT -> ofSubject(call, target, exempt);
            case CLIENT, REALM -> ofRealm(call, target.realm());
            case TOKEN, SESSION, FOREIGN_SESSION, SIGNING_KEY, BIRTH -> Instant.EPOCH;
        };
    }

    /** The same for an entry that stands already. */
    static Instant applicable(Call call, Revocation entry) throws SQLException {
        return applicable(
                call, entry.target(), entry.exempt().map(spared -> spared.key()).orElse(NOBODY));
    }

    private static Instant ofSubject(Call call, RevocationTarget target, LookupKey exempt) throws SQLException {
        try (Parameters select = call.prepare(OF_TARGETS + IN_REALM + OF_SESSIONS)) {
            return newest(select.key(target.key())
                            .key(target.realm())
                            .key(Births.KEY)
                            .key(target.realm())
                            .number(RevocationTarget.Kind.CLIENT.code())
                            .key(target.key())
                            .key(exempt)
                            .list(Line::read))
                    .orElse(Instant.EPOCH);
        }
    }

    private static Instant ofRealm(Call call, LookupKey realm) throws SQLException {
        try (Parameters select = call.prepare(OF_BIRTH + IN_REALM + IN_REALM + IN_REALM)) {
            return newest(select.key(Births.KEY)
                            .key(realm)
                            .number(RevocationTarget.Kind.SUBJECT.code())
                            .key(realm)
                            .number(RevocationTarget.Kind.CLIENT.code())
                            .key(realm)
                            .number(RevocationTarget.Kind.REALM.code())
                            .list(Line::read))
                    .orElse(Instant.EPOCH);
        }
    }

    private static Optional<Instant> newest(List<Line> lines) {
        boolean hasBirth = lines.stream().anyMatch(line -> line.id.equals(Births.ID));
        return hasBirth ? lines.stream().map(Line::instant).max(Instant::compareTo) : Optional.empty();
    }
}
