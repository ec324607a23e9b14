package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.Touch;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Up to when a store has forgotten, and who may not judge because of it. */
final class HorizonTest {
    /** When the clock of a node went wrong: it ran so far ahead. */
    private static final Instant AHEAD = Given.NOW.plus(Duration.ofDays(102));

    private static final Instant HORIZON = AHEAD.minus(StoreSettings.PURGE_DELAY);

    private final SubjectId alice = Given.subject("alice");

    @ParameterizedTest
    @EnumSource
    void a_purge_that_forgets_leaves_a_horizon_before_which_no_verb_judges(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession revoked = loggedIn(store, Given.session(alice).secret("first"));
        GivenSession live = loggedIn(store, Given.session(alice).secret("first"));
        GivenSession newcomer = Given.session(alice).build();
        remember(store, endOf(revoked));
        store.purge(AHEAD, 100);
        Instant early = HORIZON.minusMillis(1);

        for (GivenSession session : List.of(revoked, live)) {
            assertRefused(() -> store.revocationsCovering(session.token("t"), early));
            assertRefused(() -> store.find(session.ref(), early));
            assertRefused(() -> store.sessionsOf(session.target(), ListQuery.all(10), early));
            assertRefused(() -> store.touch(List.of(new Touch(session.ref(), early)), early));
            assertRefused(() -> store.rotate(session.ref(), Given.exchange("first", "next"), early));
            assertRefused(() ->
                    store.revoke(Given.act(session.target()).build(), Precondition.ownedBy(session.token("t")), early));
        }
        assertRefused(() -> store.list(alice, ListQuery.live(10), early));
        assertRefused(() -> store.list(alice, ListQuery.all(10), early));
        assertRefused(() -> store.insert(newcomer.row(), SessionLimit.unlimited(), early));
        assertRefused(() -> store.insert(newcomer.row(), SessionLimit.refuseBeyond(1), early));
        assertRefused(() -> store.insert(newcomer.row(), SessionLimit.endOldestBeyond(1), early));
        assertThat(store.find(newcomer.ref(), HORIZON)).isEmpty();
        assertThat(store.find(live.ref(), HORIZON).orElseThrow().session().secretHash())
                .contains(SecretHash.of("first"));
        assertThat(store.find(live.ref(), HORIZON).orElseThrow().session().lastSeenAt())
                .isEqualTo(live.row().lastSeenAt());
        assertThat(store.revocationsCovering(live.token("t"), HORIZON)).isEmpty();
        FeedRead.Page page = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 100, early);
        assertThat(page.times().horizon()).isEqualTo(HORIZON);
    }

    /** Whether a session stands there is no question that may be answered, either. */
    @ParameterizedTest
    @EnumSource
    void where_nothing_stands_that_can_be_read_no_verb_answers_before_the_horizon(TestDatabase database)
            throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        remember(store, endOf(loggedIn(store, Given.session(Given.subject("bob")))));
        GivenSession damaged = loggedIn(store, Given.session(alice).secret("first"));
        store.purge(AHEAD, 100);
        execute(
                database,
                "UPDATE " + prefix + "session SET authenticated_at = authenticated_at + 1 WHERE secret_hash IS NOT"
                        + " NULL");
        Instant early = HORIZON.minusMillis(1);
        GivenSession unknown = Given.session(Given.subject("nobody")).build();

        for (GivenSession session : List.of(unknown, damaged)) {
            assertRefused(() -> store.find(session.ref(), early));
            assertRefused(() -> store.rotate(session.ref(), Given.exchange("first", "next"), early));
            assertRefused(() -> store.sessionsOf(session.target(), ListQuery.all(10), early));
            assertRefused(() -> store.list(session.subject(), ListQuery.live(10), early));
            assertRefused(() -> store.list(session.subject(), ListQuery.all(10), early));
            assertThat(store.find(session.ref(), HORIZON)).isEmpty();
            assertThat(store.list(session.subject(), ListQuery.all(10), HORIZON).sessions())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_purge_that_forgets_nothing_leaves_no_horizon_and_an_earlier_one_never_lowers_it(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession session = loggedIn(store, Given.session(alice));

        store.purge(AHEAD, 100);
        assertThat(horizonOf(store)).isEqualTo(Instant.EPOCH);

        remember(store, endOf(session));
        store.purge(AHEAD, 100);
        assertThat(horizonOf(store)).isEqualTo(HORIZON);
        remember(
                store,
                Revocation.of(RevocationTarget.token(session.token("t")))
                        .revokedAt(Given.NOW)
                        .forgetAfter(Given.NOW.plusSeconds(1))
                        .build());
        assertThat(store.purge(Given.NOW.plus(Duration.ofDays(1)), 100).revocations())
                .isPositive();
        assertThat(horizonOf(store)).isEqualTo(HORIZON);
    }

    @ParameterizedTest
    @EnumSource
    void without_a_birth_marker_nothing_is_forgotten(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = loggedIn(store, Given.session(alice));
        remember(store, endOf(session));
        execute(database, "DELETE FROM " + prefix + "revocation WHERE kind = 8");

        assertThat(store.purge(AHEAD, 100).revocations()).isZero();

        assertThatIllegalStateException().isThrownBy(() -> store.resetHorizon(Given.NOW));
        assertThat(store.revocationsCovering(session.token("t"), AHEAD)).isNotEmpty();
        assertThat(horizonOf(store)).isEqualTo(Instant.EPOCH);
    }

    @ParameterizedTest
    @EnumSource
    void an_administrator_sets_it_back(TestDatabase database) {
        JdbcSessionStore store = Stores.opened(database.pool(), Stores.prefix());
        GivenSession session = loggedIn(store, Given.session(alice));
        GivenSession live = loggedIn(store, Given.session(alice));
        remember(store, endOf(session));
        store.purge(AHEAD, 100);
        Instant now = Given.NOW.plus(Duration.ofMinutes(5));
        assertRefused(() -> store.find(live.ref(), now));

        store.resetHorizon(now);

        assertThat(store.find(live.ref(), now).orElseThrow().isLive(now)).isTrue();
        assertThat(horizonOf(store)).isEqualTo(now);
        assertRefused(() -> store.find(live.ref(), now.minusMillis(1)));
    }

    /** A purge may commit between two statements of a login. */
    @ParameterizedTest
    @EnumSource
    void a_step_of_several_statements_reads_it_in_the_last_one_that_counts(TestDatabase database) throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        loggedIn(store, Given.session(alice));
        GivenSession newcomer = Given.session(alice).build();
        Instant early = Given.NOW.plusSeconds(1);
        RacingSource racing = new RacingSource(database.pool(), sql -> sql.contains("authenticated_at >"), () -> {
            execute(
                    database,
                    "UPDATE " + prefix + "revocation SET horizon = " + AHEAD.toEpochMilli() + " WHERE kind = 8");
        });
        JdbcSessionStore raced = Stores.node(racing.source(), prefix);
        raced.open(Given.SETTINGS, Given.NOW);

        for (SessionLimit limit : List.of(SessionLimit.refuseBeyond(1), SessionLimit.endOldestBeyond(1))) {
            store.resetHorizon(Instant.EPOCH);
            racing.arm();
            assertRefused(() -> raced.insert(newcomer.row(), limit, early));
            assertThat(racing.isArmed()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_purge_is_refused_while_node_and_server_differ(TestDatabase database) {
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = loggedIn(store, Given.session(alice));
        remember(store, endOf(session));
        // The server's own clock is years behind the instants of tests.
        JdbcSessionStore node =
                JdbcSessionStore.on(database.pool()).prefix(prefix).build();
        node.open(Given.SETTINGS, Given.NOW);

        assertThatExceptionOfType(ClocksDifferException.class)
                .isThrownBy(() -> node.purge(AHEAD, 100))
                .withMessageContaining("ahead of the store's");

        assertThat(horizonOf(store)).isEqualTo(Instant.EPOCH);
        assertThat(store.find(session.ref(), AHEAD)).isPresent();
    }

    private static void assertRefused(ThrowingCallable verb) {
        assertThatExceptionOfType(BeforeHorizonException.class).isThrownBy(verb);
    }

    /** Records it, and something newer behind it, since the newest row stays; each gets its number. */
    private static void remember(JdbcSessionStore store, Revocation entry) {
        store.record(List.of(entry), Given.NOW);
        store.revoke(
                Given.act(RevocationTarget.signingKey("thumbprint-" + entry.forgetAfter()))
                        .build(),
                Precondition.none(),
                Given.NOW);
        RevocationFeed follower = store.feed().follower();
        FeedPosition position = FeedPosition.beginning();
        for (int i = 0; i < 4; i++) {
            position = ((FeedRead.Page) follower.readAfter(position, 100, Given.NOW)).next();
            follower.upkeep(Given.NOW, () -> true);
        }
    }

    private static Instant horizonOf(JdbcSessionStore store) {
        return ((FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 100, AHEAD))
                .times()
                .horizon();
    }

    private static GivenSession loggedIn(JdbcSessionStore store, GivenSession.Builder builder) {
        GivenSession session =
                builder.lasting(Duration.ofDays(200)).idle(Duration.ofDays(200)).build();
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), Given.NOW))
                .isInstanceOf(InsertResult.Inserted.class);
        return session;
    }

    /** Believed to be forgotten soon. */
    private static Revocation endOf(GivenSession session) {
        return Revocation.of(session.target())
                .revokedAt(Given.NOW)
                .forgetAfter(Given.NOW.plus(Duration.ofDays(100)))
                .build();
    }

    private static void execute(TestDatabase database, String sql) {
        try (Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
