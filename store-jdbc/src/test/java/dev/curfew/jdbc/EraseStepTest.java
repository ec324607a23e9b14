package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoredSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an erasure costs and locks, and what it does about those who use a row of it again. */
final class EraseStepTest {
    private static final Instant LATER = Given.NOW.plusSeconds(60);

    private final SubjectId alice = Given.subject("alice");
    private final SubjectId bob = Given.subject("bob");
    private final String prefix = Stores.prefix();

    @ParameterizedTest
    @EnumSource
    void so_many_rows_go_in_one_transaction_and_no_more(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        for (int i = 0; i < 450; i++) {
            Stores.login(store, alice);
        }
        RoundTrips counted = new RoundTrips(database.pool());
        JdbcSessionStore node = Stores.node(counted.source(), prefix);
        node.open(Given.SETTINGS, Given.NOW);
        counted.take();

        assertThat(node.erase(alice, Given.NOW, 420, Given.NOW)).isEqualTo(new ErasedRows(420, true));

        List<String> made = counted.take();
        assertThat(made).filteredOn("COMMIT"::equals).hasSize(3);
        assertThat(made).filteredOn(sql -> sql.startsWith("DELETE")).hasSize(3);
        assertThat(store.list(alice, ListQuery.all(100), Given.NOW).sessions()).hasSize(30);
    }

    @ParameterizedTest
    @EnumSource
    void it_waits_for_nobody_who_holds_the_lock_of_the_subject_and_makes_no_lock_row(TestDatabase database)
            throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        Stores.login(store, alice);
        try (Connection other = database.transaction();
                Statement statement = other.createStatement()) {
            lock(statement);

            assertThat(store.erase(alice, Given.NOW, 10, Given.NOW)).isEqualTo(new ErasedRows(1, false));
            assertThat(store.erase(bob, Given.NOW, 10, Given.NOW)).isEqualTo(new ErasedRows(0, false));

            assertThat(lock(statement)).as("lock rows").isEqualTo(1);
        }
    }

    private int lock(Statement statement) throws Exception {
        int rows = 0;
        try (ResultSet locked = statement.executeQuery("SELECT subject_key FROM " + prefix + "subject FOR UPDATE")) {
            while (locked.next()) {
                rows++;
            }
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void a_foreign_id_that_another_subject_uses_again_meanwhile_keeps_its_new_session(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        endedForeign(store);
        GivenSession successor = Given.session(bob).foreign("sid").began(LATER).build();
        RacingSource racing = new RacingSource(
                database.pool(), sql -> sql.startsWith("DELETE"), () -> assertInserted(store, successor));
        JdbcSessionStore node = Stores.node(racing.source(), prefix);
        node.open(Given.SETTINGS, Given.NOW);
        racing.arm();

        assertThat(node.erase(alice, LATER.plusSeconds(1), 10, LATER)).isEqualTo(new ErasedRows(0, false));

        assertThat(racing.isArmed()).isFalse();
        assertThat(standing(store, successor).isSameAs(successor.row())).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_login_that_uses_a_foreign_id_again_stands_though_the_old_row_is_erased_meanwhile(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        endedForeign(store);
        GivenSession successor = Given.session(bob).foreign("sid").began(LATER).build();
        RacingSource racing = new RacingSource(
                database.pool(),
                sql -> sql.startsWith("UPDATE " + prefix + "session SET bucket"),
                () -> assertThat(store.erase(alice, Given.NOW, 10, LATER)).isEqualTo(new ErasedRows(1, false)));
        JdbcSessionStore node = Stores.node(racing.source(), prefix);
        node.open(Given.SETTINGS, Given.NOW);
        racing.arm();

        assertInserted(node, successor);

        assertThat(racing.isArmed()).isFalse();
        assertThat(standing(store, successor).isSameAs(successor.row())).isTrue();
    }

    private void endedForeign(JdbcSessionStore store) {
        GivenSession session =
                Given.session(alice).foreign("sid").lasting(Duration.ofDays(2)).build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
    }

    private static void assertInserted(JdbcSessionStore store, GivenSession session) {
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), LATER))
                .isEqualTo(new InsertResult.Inserted(List.of()));
    }

    private static StoredSession standing(JdbcSessionStore store, GivenSession session) {
        return store.find(session.ref(), LATER).orElseThrow().session();
    }
}
