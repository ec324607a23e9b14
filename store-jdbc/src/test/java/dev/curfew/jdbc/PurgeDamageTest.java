package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.curfew.contract.Given;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoredSession;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever stands in whichever column of one row, a purge goes on with all others. */
final class PurgeDamageTest {
    /** What a database refuses to store in a column is no case. */
    private static final List<Object> VALUES = List.of(
            "NULL",
            -1,
            0,
            1,
            8,
            99,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            new byte[0],
            new byte[] {1, 2, 3},
            new byte[17],
            new byte[40]);

    private final String prefix = Stores.prefix();
    private Instant now = Given.NOW;
    private int cases;

    /** Not in MariaDB, whose types let less damage in than those of the two others. */
    @ParameterizedTest
    @EnumSource(names = "MARIADB", mode = EnumSource.Mode.EXCLUDE)
    void a_damaged_row_stops_no_purge(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        try (Connection connection = database.pool().getConnection()) {
            for (String column : columns(connection, prefix + "session")) {
                SubjectId owner = Given.subject("owner of " + column);
                for (Object value : VALUES) {
                    damage(
                            connection,
                            "session",
                            column,
                            value,
                            "session_key",
                            loggedIn(store, owner).key());
                }
                revoke(store, RevocationTarget.subject(owner));
                purgeGoesOn(store, connection, "session." + column);
            }
            for (String column : columns(connection, prefix + "revocation")) {
                for (Object value : VALUES) {
                    RevocationTarget target = Given.tokenTarget(Given.subject(column), String.valueOf(cases));
                    revoke(store, target);
                    damage(connection, "revocation", column, value, "target_key", target.key());
                }
                purgeGoesOn(store, connection, "revocation." + column);
            }
            for (Object value : VALUES) {
                SubjectId locked = Given.subject("locked " + cases);
                loggedIn(store, locked);
                damage(connection, "subject", "subject_key", value, "subject_key", locked.key());
            }
            purgeGoesOn(store, connection, "subject.subject_key");
        }
        assertThat(cases).isGreaterThan(150);
    }

    private StoredSession loggedIn(JdbcSessionStore store, SubjectId subject) {
        StoredSession row = Given.session(subject).began(now).build().row();
        store.insert(row, SessionLimit.unlimited(), now);
        return row;
    }

    private void revoke(JdbcSessionStore store, RevocationTarget target) {
        store.revoke(Given.act(target).build(), Precondition.none(), now);
    }

    private void purgeGoesOn(JdbcSessionStore store, Connection connection, String what) throws SQLException {
        SubjectId other = Given.subject("beside " + what);
        StoredSession next = loggedIn(store, other);
        revoke(store, RevocationTarget.subject(other));
        now = now.plus(Given.SETTINGS.endedSessionsKept()).plus(Duration.ofHours(3));
        // Twice: what the first one marks as looked at, the second one meets from its beginning.
        for (int i = 0; i < 2; i++) {
            assertThatCode(() -> store.purge(now, 10_000)).as(what).doesNotThrowAnyException();
        }
        assertThat(stands(connection, next)).as(what).isFalse();
    }

    private void damage(
            Connection connection, String table, String column, Object value, String where, LookupKey victim) {
        try (PreparedStatement update = connection.prepareStatement("UPDATE " + prefix + table + " SET " + column
                + " = " + (value.equals("NULL") ? "NULL" : "?") + " WHERE " + where + " = ?")) {
            int at = 1;
            if (value instanceof byte[] bytes) {
                update.setBytes(at++, bytes);
            } else if (value instanceof Number number) {
                update.setLong(at++, number.longValue());
            }
            update.setBytes(at, victim.toBytes());
            cases += update.executeUpdate();
        } catch (SQLException e) {
            assertThat(e.getMessage()).isNotEmpty();
        }
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet none = statement.executeQuery("SELECT * FROM " + table + " WHERE 1 = 0")) {
            for (int i = 1; i <= none.getMetaData().getColumnCount(); i++) {
                columns.add(none.getMetaData().getColumnName(i).toLowerCase(Locale.ROOT));
            }
        }
        // The database itself gives no greater number than the greatest.
        columns.remove("seq");
        return columns;
    }

    private boolean stands(Connection connection, StoredSession session) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT 1 FROM " + prefix + "session WHERE session_key = ?")) {
            select.setBytes(1, session.key().toBytes());
            try (ResultSet found = select.executeQuery()) {
                return found.next();
            }
        }
    }
}
