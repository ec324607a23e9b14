package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.Precondition;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an exchange costs, and what it does about those who write its row between its read and its update. */
final class RotateStepTest {
    private static final byte[] OLD = {1, 2, 3};
    private static final byte[] NEXT = {4};
    private static final byte[] REWRITTEN = {5, 5};

    private final SubjectId alice = Given.subject("alice");
    private final String prefix = Stores.prefix();
    private final Rotation refresh = Given.exchange("first", "second");

    @Test
    void on_postgresql_it_takes_two_round_trips_and_a_third_one_for_a_notice() {
        RoundTrips counted = new RoundTrips(TestDatabase.POSTGRESQL.pool());
        JdbcSessionStore store = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        JdbcSessionStore node = Stores.node(counted.source(), prefix);
        GivenSession session = loggedIn(store);
        node.open(Given.SETTINGS, Given.NOW);
        counted.take();

        node.rotate(session.ref(), refresh.seenAt(Given.NOW.plusSeconds(1)), Given.NOW);
        assertThat(counted.take()).hasSize(2).last().asString().endsWith("; COMMIT");
        node.rotate(session.ref(), refresh, Given.NOW);
        assertThat(counted.take()).as("a repeat").hasSize(2);
        node.rotate(session.ref(), Given.exchange("other", "third"), Given.NOW);
        assertThat(counted.take()).as("a mismatch").hasSize(2);
        node.rotate(session.ref(), Given.exchange("second", "third").withNotice(), Given.NOW);
        assertThat(counted.take()).as("with a notice").hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void a_payload_that_is_re_encrypted_just_before_the_update_is_a_mismatch_with_what_stands(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = loggedIn(store);
        Rotation both = refresh.withPayload(OLD, NEXT).seenAt(Given.NOW.plusSeconds(9));

        RotateResult result = rotateAfter(database, session, both, () -> rewrite(store, session));

        StoredSession standing = standing(store, session);
        assertThat(standing.payload()).isEqualTo(REWRITTEN);
        assertThat(standing.secretHash()).contains(SecretHash.of("first"));
        assertThat(standing.lastSeenAt()).isEqualTo(session.row().lastSeenAt());
        assertThat(result)
                .isInstanceOfSatisfying(
                        RotateResult.Mismatch.class,
                        it -> assertThat(it.standing().isSameAs(standing)).isTrue());
    }

    @ParameterizedTest
    @EnumSource
    void a_secret_is_exchanged_though_the_payload_is_re_encrypted_meanwhile_and_both_stand(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = loggedIn(store);

        assertThat(rotateAfter(database, session, refresh, () -> rewrite(store, session)))
                .isEqualTo(new RotateResult.Rotated());

        StoredSession standing = standing(store, session);
        assertThat(standing.payload()).isEqualTo(REWRITTEN);
        assertThat(standing.secretHash()).contains(SecretHash.of("second"));
        assertThat(standing.credential()).isEqualTo(refresh.nextCredential().orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void a_sign_of_life_that_comes_in_between_is_not_set_back(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = Given.session(alice)
                .secret("first")
                .idle(Duration.ofMinutes(10))
                .build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        Touch later = new Touch(session.ref(), Given.NOW.plusSeconds(60));

        assertThat(rotateAfter(
                        database,
                        session,
                        refresh.seenAt(Given.NOW.plusSeconds(5)),
                        () -> store.touch(List.of(later), Given.NOW)))
                .isEqualTo(new RotateResult.Rotated());

        StoredSession standing = standing(store, session);
        assertThat(standing.lastSeenAt()).isEqualTo(later.lastSeen());
        assertThat(endsAt(database)).isEqualTo(standing.endsByTime().toEpochMilli());
    }

    /** By a node whose clock is so far ahead that the session is over there. */
    @ParameterizedTest
    @EnumSource
    void a_foreign_id_that_another_subject_uses_again_meanwhile_keeps_its_new_session(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = Given.session(alice)
                .foreign("sid")
                .secret("first")
                .idle(Duration.ofMinutes(10))
                .build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        GivenSession successor = Given.session(Given.subject("bob"))
                .foreign("sid")
                .secret("bob's")
                .began(Given.NOW.plus(Duration.ofHours(1)))
                .build();

        RotateResult result = rotateAfter(
                database,
                session,
                refresh,
                () -> store.insert(successor.row(), SessionLimit.unlimited(), Given.NOW.plus(Duration.ofHours(1))));

        assertThat(result).isInstanceOf(RotateResult.Mismatch.class);
        assertThat(standing(store, successor).isSameAs(successor.row())).isTrue();
    }

    /** A purge removes it, or tables were filled by hand. */
    @ParameterizedTest
    @EnumSource
    void a_subject_whose_lock_row_is_gone_gets_another_one(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = loggedIn(store);
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM " + prefix + "subject"))
                    .isEqualTo(1);

            assertThat(store.rotate(session.ref(), refresh, Given.NOW)).isEqualTo(new RotateResult.Rotated());

            assertThat(statement.executeUpdate("DELETE FROM " + prefix + "subject"))
                    .isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_revoked_before_is_answered_with_what_covers_it(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = loggedIn(store);
        store.revoke(Given.act(RevocationTarget.subject(alice)).build(), Precondition.none(), Given.NOW);

        assertThat(store.rotate(session.ref(), refresh, Given.NOW))
                .isInstanceOfSatisfying(RotateResult.NotLive.class, it -> {
                    assertThat(it.found().orElseThrow().session().isSameAs(session.row()))
                            .isTrue();
                    assertThat(it.found().orElseThrow().coveredBy()).hasSize(1);
                });
    }

    private RotateResult rotateAfter(TestDatabase database, GivenSession session, Rotation rotation, Runnable between) {
        RacingSource racing =
                new RacingSource(database.pool(), sql -> sql.startsWith("UPDATE " + prefix + "session s SET"), between);
        JdbcSessionStore node = Stores.node(racing.source(), prefix);
        node.open(Given.SETTINGS, Given.NOW);
        racing.arm();
        RotateResult result = node.rotate(session.ref(), rotation, Given.NOW);
        assertThat(racing.isArmed()).isFalse();
        return result;
    }

    private GivenSession loggedIn(JdbcSessionStore store) {
        GivenSession session = Given.session(alice).secret("first").payload(OLD).build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        return session;
    }

    private static void rewrite(JdbcSessionStore store, GivenSession session) {
        PayloadChange change = new PayloadChange(StoredPayload.of(session.row()), REWRITTEN);
        assertThat(store.replace(List.of(change), Given.NOW)).isEqualTo(1);
    }

    private static StoredSession standing(JdbcSessionStore store, GivenSession session) {
        return store.find(session.ref(), Given.NOW).orElseThrow().session();
    }

    private long endsAt(TestDatabase database) {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT ends_at FROM " + prefix + "session")) {
            row.next();
            return row.getLong(1);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
