package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.UndecodableRevocationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that somebody else wrote or damaged: each verb says what is wrong, and all else goes on. */
final class GarbageRowTest {
    private static final byte[] SHORT = {1, 2, 3};

    private final SubjectId alice = Given.subject("alice");
    private final SubjectId bob = Given.subject("bob");
    private final String prefix = Stores.prefix();

    @ParameterizedTest
    @EnumSource
    void a_revocation_of_an_unknown_kind_is_named_and_refuses_only_whom_it_may_cover(TestDatabase database)
            throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = Stores.login(store, alice);
        GivenSession other = Stores.login(store, bob);
        store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
        execute(database, "UPDATE " + prefix + "revocation SET kind = 42 WHERE kind = 2", null);

        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.revocationsCovering(session.token("t"), Given.NOW))
                .withMessageContaining("kind 42")
                .withMessageContaining("id is");
        assertThat(store.revocationsCovering(other.token("t"), Given.NOW)).isEmpty();
        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.list(alice, ListQuery.live(10), Given.NOW));
        assertThat(store.list(bob, ListQuery.live(10), Given.NOW).sessions()).hasSize(1);
        assertThat(undecodable(store)).isEqualTo(1);
        // A node that starts now reads the same.
        JdbcSessionStore starting = Stores.node(database.pool(), prefix);
        starting.open(Given.SETTINGS, Given.NOW);
        assertThat(undecodable(starting)).isEqualTo(1);
    }

    /** Only PostgreSQL lets a key be shorter. */
    @Test
    void damaged_keys_of_revocations_are_told_as_such() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = Stores.login(store, alice);
        for (String column : new String[] {"target_key", "realm_key"}) {
            store.revoke(
                    Given.act(RevocationTarget.token(session.token(column))).build(), Precondition.none(), Given.NOW);
            execute(
                    database,
                    "UPDATE " + prefix + "revocation SET " + column + " = ? WHERE kind = 1 AND octet_length(target_key)"
                            + " = 16 AND octet_length(realm_key) = 16",
                    SHORT);
        }

        assertThat(undecodable(store)).isEqualTo(2);
        assertThatExceptionOfType(UndecodableRevocationException.class)
                .isThrownBy(() -> store.revocationsCovering(session.token("realm_key"), Given.NOW));
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_damaged_session_hides_no_other_one_and_holds_up_no_login(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession damaged = Stores.login(store, alice);
        GivenSession other = Stores.login(store, alice);
        byte[] key = damaged.row().key().toBytes();
        execute(
                database,
                "UPDATE " + prefix + "session SET authenticated_at = authenticated_at - 5 WHERE session_key = ?",
                key);
        GivenSession newcomer =
                Given.session(alice).began(Given.NOW.plusMillis(1)).build();

        assertThat(store.find(damaged.ref(), Given.NOW)).isEmpty();
        assertThat(store.list(alice, ListQuery.live(10), Given.NOW).sessions())
                .extracting(found -> found.session().key())
                .containsExactly(other.row().key());
        assertThat(store.insert(newcomer.row(), SessionLimit.endOldestBeyond(1), Given.NOW.plusMillis(1)))
                .isInstanceOf(InsertResult.Inserted.class);
        store.revoke(Given.act(damaged.target()).build(), Precondition.none(), Given.NOW);
        assertThat(store.revocationsCovering(damaged.token("t"), Given.NOW)).hasSize(1);
    }

    @Test
    void a_damaged_name_of_a_session_hides_no_other_one() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession damaged = Stores.login(store, alice);
        GivenSession other = Stores.login(store, alice);
        byte[] key = damaged.row().key().toBytes();
        try (Connection connection = database.pool().getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + prefix + "session SET session_key = ? WHERE session_key = ?")) {
            update.setBytes(1, Arrays.copyOf(key, 5));
            update.setBytes(2, key);
            assertThat(update.executeUpdate()).isEqualTo(1);
        }

        assertThat(store.list(alice, ListQuery.live(10), Given.NOW).sessions())
                .extracting(found -> found.session().key())
                .containsExactly(other.row().key());
        assertThat(store.insert(Given.session(alice).build().row(), SessionLimit.endOldestBeyond(1), Given.NOW))
                .isInstanceOf(InsertResult.Inserted.class);
    }

    private static int undecodable(JdbcSessionStore store) {
        return ((FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 100, Given.NOW)).undecodable();
    }

    private static void execute(TestDatabase database, String sql, byte[] key) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement update = connection.prepareStatement(sql)) {
            if (key != null) {
                update.setBytes(1, key);
            }
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }
}
