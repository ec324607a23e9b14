package dev.curfew.examples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.Touch;
import dev.curfew.store.UndecodableRevocationException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that are damaged, or that a newer version wrote: whom they concern is not known to be active, others are. */
class DamagedDataTest {
    private final SubjectId alice = Given.subject("alice");
    private final SubjectId bob = Given.subject("bob");
    private final TestDirectory directory = new TestDirectory();
    private final Path file = directory.file("store.db");
    private final SqliteSessionStore store = SqliteSessionStore.inFile(file);

    @BeforeEach
    void open() {
        store.open(Given.SETTINGS, Given.BIRTH);
    }

    @AfterEach
    void close() {
        store.close();
        directory.close();
    }

    private GivenSession loggedIn(SubjectId subject) {
        GivenSession session = Given.session(subject).build();
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), Given.NOW))
                .isEqualTo(new InsertResult.Inserted(List.of()));
        return session;
    }

    private RevokeResult revoke(RevocationTarget target) {
        return store.revoke(Given.act(target).build(), Precondition.none(), Given.NOW);
    }

    private void change(String sql) throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    @Test
    void whom_an_entry_concerns_that_cannot_be_read_is_not_known_to_be_active_and_all_others_are() throws Exception {
        GivenSession hers = loggedIn(alice);
        GivenSession his = loggedIn(bob);
        revoke(hers.target());
        change("UPDATE feed SET reason = 99 WHERE reason = " + RevocationReason.REVOKED_BY_ADMIN.code());

        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.revocationsCovering(hers.token("t"), Given.NOW));
        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.find(hers.ref(), Given.NOW));
        Touch touch = new Touch(his.ref(), Given.NOW.plusSeconds(1));
        assertThat(store.touch(List.of(new Touch(hers.ref(), Given.NOW.plusSeconds(1)), touch), Given.NOW))
                .containsExactly(touch);
        assertThat(store.revocationsCovering(his.token("t"), Given.NOW)).isEmpty();
        assertThat(store.list(alice, ListQuery.all(10), Given.NOW).sessions()).isEmpty();
        assertThat(store.list(bob, ListQuery.all(10), Given.NOW).sessions()).hasSize(1);
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW);
        assertThat(page.undecodable()).isEqualTo(1);
    }

    @Test
    void whoever_ends_sessions_can_do_so_beside_an_entry_that_cannot_be_read() throws Exception {
        GivenSession session = loggedIn(alice);
        revoke(session.target());
        change("UPDATE feed SET actor_kind = 99 WHERE actor_kind = " + Actor.Kind.ADMIN.code());

        assertThat(revoke(session.target())).isInstanceOf(RevokeResult.Recorded.class);
        assertThat(revoke(RevocationTarget.subject(alice))).isInstanceOf(RevokeResult.Recorded.class);
        assertThat(store.insert(Given.session(bob).build().row(), SessionLimit.endOldestBeyond(1), Given.NOW))
                .isInstanceOf(InsertResult.Inserted.class);
    }

    @Test
    void a_purge_leaves_entries_that_it_cannot_read_to_the_version_that_can_and_goes_on_with_others() throws Exception {
        GivenSession hers = loggedIn(alice);
        revoke(hers.target());
        change("UPDATE feed SET reason = 99 WHERE reason = " + RevocationReason.REVOKED_BY_ADMIN.code());
        GivenSession his = loggedIn(bob);
        revoke(his.target());
        Instant later = Given.NOW.plus(Given.SETTINGS.endedSessionsKept());

        assertThat(store.purge(later, 1).sessions()).as("his").isEqualTo(1);
        assertThat(store.purge(later, 1).sessions()).isZero();

        change("UPDATE feed SET reason = " + RevocationReason.REVOKED_BY_ADMIN.code() + " WHERE reason = 99");
        assertThat(store.purge(later, 1).sessions()).as("hers").isEqualTo(1);
        assertThat(store.find(hers.ref(), later)).isEmpty();
    }

    /** Damage piles up: each purge has all of the earlier one before it. What SQLite refuses to store is no case. */
    @ParameterizedTest
    @ValueSource(strings = {"session", "feed", "act"})
    void one_damaged_row_stops_no_purge_whatever_stands_in_which_column(String table) throws Exception {
        List<String> values = new ArrayList<>(List.of("NULL", "-1", "99", "x''", "x'ff'", "zeroblob(16)", "'text'"));
        values.add(String.valueOf(Long.MAX_VALUE));
        values.add(String.valueOf(Long.MIN_VALUE));
        IntStream.range(0, 10).forEach(code -> values.add(String.valueOf(code)));
        Instant now = Given.NOW;
        int cases = 0;
        try (SqliteSessionStore quick = new SqliteSessionStore(new FilePlace(file, "OFF", 0), Duration.ofSeconds(9));
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            quick.open(Given.SETTINGS, Given.BIRTH);
            statement.execute("PRAGMA synchronous = OFF");
            for (String column : columns(statement, table)) {
                for (String value : values) {
                    String what = table + "." + column + " = " + value;
                    GivenSession victim = endedIn(quick, alice, now);
                    if (!damages(statement, table, column, value)) {
                        continue;
                    }
                    GivenSession next = endedIn(quick, bob, now);
                    now = now.plus(Given.SETTINGS.endedSessionsKept()).plus(Duration.ofHours(3));
                    Instant later = now;
                    assertThatCode(() -> quick.purge(later, 100)).as(what).doesNotThrowAnyException();
                    assertThat(stands(statement, next)).as(what).isFalse();
                    statement.execute("DELETE FROM session WHERE session_key = x'" + hex(victim) + "'");
                    cases++;
                }
            }
        }
        assertThat(cases).isGreaterThan(40);
    }

    private static GivenSession endedIn(SqliteSessionStore store, SubjectId subject, Instant now) {
        GivenSession session = Given.session(subject).began(now).build();
        store.insert(session.row(), SessionLimit.unlimited(), now);
        store.revoke(Given.act(session.target()).build(), Precondition.none(), now);
        return session;
    }

    private static List<String> columns(Statement statement, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')")) {
            while (rows.next()) {
                columns.add(rows.getString(1));
            }
        }
        // The greatest number would be the end of the file for SQLite itself: it gives no greater one.
        columns.remove("number");
        return columns;
    }

    /** The newest row, which is the one of the session that was just ended. */
    private static boolean damages(Statement statement, String table, String column, String value) {
        String newest = table.equals("act")
                ? "name = (SELECT name FROM act ORDER BY recorded_at DESC LIMIT 1)"
                : "rowid = (SELECT max(rowid) FROM " + table + ")";
        try {
            return statement.executeUpdate("UPDATE " + table + " SET " + column + " = " + value + " WHERE " + newest)
                    == 1;
        } catch (SQLException e) {
            return false;
        }
    }

    private static boolean stands(Statement statement, GivenSession session) throws SQLException {
        try (ResultSet rows =
                statement.executeQuery("SELECT 1 FROM session WHERE session_key = x'" + hex(session) + "'")) {
            return rows.next();
        }
    }

    private static String hex(GivenSession session) {
        return HexFormat.of().formatHex(session.row().key().toBytes());
    }

    @Test
    void a_row_that_cannot_be_read_is_left_out_keeps_its_id_and_is_purged_with_the_others() throws Exception {
        GivenSession damaged = loggedIn(alice);
        change("UPDATE session SET session_id = x'ff'");
        GivenSession sound = loggedIn(alice);

        assertThat(store.find(damaged.ref(), Given.NOW)).isEmpty();
        assertThat(store.list(alice, ListQuery.all(10), Given.NOW).sessions())
                .extracting(found -> found.session().key())
                .containsExactly(sound.row().key());
        assertThat(store.insert(damaged.row(), SessionLimit.unlimited(), Given.NOW))
                .isEqualTo(new InsertResult.AlreadyKnown());
        assertThat(store.purge(Given.NOW.plus(Duration.ofDays(60)), 10).sessions())
                .isEqualTo(2);
    }

    @Test
    void a_store_that_has_lost_its_entries_says_nothing_until_it_is_opened_again_and_then_refuses_what_is_older()
            throws Exception {
        GivenSession session = loggedIn(alice);
        change("DELETE FROM feed");

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.revocationsCovering(session.token("t"), Given.NOW))
                .havingCause()
                .withMessageContaining("birth");
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW));

        store.open(Given.SETTINGS, Given.NOW);
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).hasSize(1);
    }
}
