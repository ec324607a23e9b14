package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import dev.curfew.store.UndecodableRevocationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
        assertThat(store.list(alice, ListQuery.live(10), Given.NOW).sessions()).isEmpty();
        assertThat(store.list(bob, ListQuery.live(10), Given.NOW).sessions()).hasSize(1);
        assertThat(undecodable(store)).isEqualTo(1);
        // A node that starts now reads the same.
        JdbcSessionStore starting = Stores.node(database.pool(), prefix);
        starting.open(Given.SETTINGS, Given.NOW);
        assertThat(undecodable(starting)).isEqualTo(1);
    }

    /** Whatever is wrong with it: it covers its session when unsure, and nobody else's. */
    @ParameterizedTest
    @EnumSource
    void a_session_with_a_revocation_that_cannot_be_read_counts_as_revoked_and_hides_no_other(TestDatabase database)
            throws Exception {
        for (String damage :
                List.of("kind = 42", "reason = 99", "actor_kind = 99", "forget_after = 9223372036854775807")) {
            String tables = Stores.prefix();
            JdbcSessionStore store = Stores.opened(database.pool(), tables);
            GivenSession first = loggedIn(store, 1);
            GivenSession covered = loggedIn(store, 2);
            GivenSession last = loggedIn(store, 3);
            store.revoke(Given.act(covered.target()).build(), Precondition.none(), Given.NOW);
            execute(database, "UPDATE " + tables + "revocation SET " + damage + " WHERE kind = 2", null);

            for (ListQuery query : List.of(ListQuery.live(1), ListQuery.live(10))) {
                assertThat(keysOf(store, query)).as(damage).containsExactly(keyOf(last), keyOf(first));
            }
            if (!damage.startsWith("forget_after")) {
                assertThat(keysOf(store, ListQuery.all(1))).as(damage).containsExactly(keyOf(last), keyOf(first));
                assertThatExceptionOfType(UndecodableRevocationException.class)
                        .isThrownBy(() -> store.find(covered.ref(), Given.NOW));
                assertThatExceptionOfType(UndecodableRevocationException.class)
                        .as("that there is no such session would be the end of its token")
                        .isThrownBy(() -> store.rotate(covered.ref(), Given.exchange("a", "b"), Given.NOW));
                assertThat(walkedRealm(store)).containsExactlyInAnyOrder(keyOf(first), keyOf(last));
            }
            assertThat(store.countLive(Given.NOW)).as(damage).isEqualTo(2);
            assertThat(store.touch(List.of(new Touch(covered.ref(), Given.NOW.plusSeconds(1))), Given.NOW))
                    .isEmpty();
            assertThat(store.insert(newcomer(), SessionLimit.refuseBeyond(3), Given.NOW))
                    .as("it does not count for the limit")
                    .isInstanceOf(InsertResult.Inserted.class);
            RevokeResult.Recorded again = (RevokeResult.Recorded)
                    store.revoke(Given.act(covered.target()).build(), Precondition.none(), Given.NOW);
            assertThat(again.newlyCovered()).isZero();
            Instant later = Given.NOW.plus(Duration.ofDays(60));
            assertThat(store.purge(later, 100).sessions()).as(damage).isEqualTo(4);
        }
    }

    /** A page names the place of the next one by its last row, and a damaged row is none. */
    @ParameterizedTest
    @EnumSource
    void no_page_hides_what_lies_behind_rows_that_cannot_be_read(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            sessions.add(loggedIn(store, i));
        }
        // The ids say other instants then. The order is 3, 2, 5, 4, 6, 1, 0.
        Map<Integer, Integer> moves = Map.of(2, 10, 3, 10, 4, -1, 6, -4);
        for (Map.Entry<Integer, Integer> move : moves.entrySet()) {
            execute(
                    database,
                    "UPDATE " + prefix + "session SET authenticated_at = authenticated_at + (" + move.getValue()
                            + ") WHERE session_key = ?",
                    keyOf(sessions.get(move.getKey())).toBytes());
        }

        for (int limit = 1; limit < 9; limit++) {
            assertThat(keysOf(store, ListQuery.live(limit)))
                    .as("pages of %s", limit)
                    .containsExactly(keyOf(sessions.get(5)), keyOf(sessions.get(1)), keyOf(sessions.get(0)));
        }
    }

    /** Its row is no name of an act any more, but it stands in its place. */
    @Test
    void a_revocation_with_a_damaged_name_gets_its_number() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        store.revoke(Given.act(Given.tokenTarget(alice, "t")).build(), Precondition.none(), Given.NOW);
        execute(database, "UPDATE " + prefix + "revocation SET id = ? WHERE kind = 1", SHORT);

        Stores.settle(store, Given.NOW);

        execute(database, "UPDATE " + prefix + "revocation SET kind = 1 WHERE id = ? AND position IS NOT NULL", SHORT);
        assertThat(undecodable(store)).isEqualTo(1);
    }

    private GivenSession loggedIn(JdbcSessionStore store, int second) {
        GivenSession session =
                Given.session(alice).began(Given.NOW.plusMillis(second)).build();
        assertThat(store.insert(session.row(), SessionLimit.unlimited(), Given.NOW))
                .isInstanceOf(InsertResult.Inserted.class);
        return session;
    }

    private StoredSession newcomer() {
        return Given.session(alice).began(Given.NOW.plusMillis(9)).build().row();
    }

    private static LookupKey keyOf(GivenSession session) {
        return session.row().key();
    }

    private List<LookupKey> keysOf(JdbcSessionStore store, ListQuery query) {
        List<LookupKey> keys = new ArrayList<>();
        SessionPage page = store.list(alice, query, Given.NOW);
        page.sessions().forEach(found -> keys.add(found.session().key()));
        while (page.next().isPresent()) {
            page = store.list(alice, query.after(page.next().get()), Given.NOW);
            page.sessions().forEach(found -> keys.add(found.session().key()));
        }
        return keys;
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
        Stores.revoke(store, "alice");
        assertThat(store.list(alice, ListQuery.live(10), Given.NOW).sessions()).isEmpty();
    }

    /** Only PostgreSQL lets a key be shorter. */
    @Test
    void a_damaged_name_of_a_cut_off_holds_up_no_login_and_still_cuts_off() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        store.revoke(Given.act(RevocationTarget.client(Given.client("web"))).build(), Precondition.none(), Given.NOW);
        Instant before = store.newestCutOff(bob, Given.NOW);
        execute(database, "UPDATE " + prefix + "revocation SET id = ? WHERE kind = 5", SHORT);

        assertThat(store.newestCutOff(bob, Given.NOW)).isEqualTo(before).isAfter(Given.NOW);
        assertThat(store.revoke(Given.act(RevocationTarget.realm(Given.REALM)).build(), Precondition.none(), Given.NOW))
                .isInstanceOf(RevokeResult.Recorded.class);
    }

    /** What the store has forgotten stands in it: without it nobody can say, however often it is looked for. */
    @ParameterizedTest
    @EnumSource
    void with_a_damaged_birth_marker_every_verb_fails_and_none_goes_on_for_ever(TestDatabase database)
            throws Exception {
        for (String damage : List.of("target_key = ?", "kind = 0, actor_id = ?", "kind = 5, actor_id = ?")) {
            String tables = Stores.prefix();
            JdbcSessionStore store = Stores.opened(database.pool(), tables);
            GivenSession session = Stores.login(store, alice);
            boolean isKey = damage.startsWith("target_key");
            try (Connection connection = database.pool().getConnection();
                    PreparedStatement update = connection.prepareStatement(
                            "UPDATE " + tables + "revocation SET " + damage + " WHERE kind = 8")) {
                if (isKey) {
                    update.setBytes(1, LookupKey.of("another").toBytes());
                } else {
                    update.setString(1, "");
                }
                assertThat(update.executeUpdate()).isEqualTo(1);
            }
            RevocationRequest act = Given.act(session.target()).build();

            try (Connection host = database.transaction()) {
                assertUnavailable(() -> store.revokeIn(host, act, Precondition.none(), Given.NOW));
                host.rollback();
            }
            assertUnavailable(() -> store.revoke(act, Precondition.none(), Given.NOW));
            assertUnavailable(() -> store.revocationsCovering(session.token("t"), Given.NOW));
            assertUnavailable(() -> store.find(session.ref(), Given.NOW));
        }
    }

    private static void assertUnavailable(ThrowingCallable verb) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(verb));
    }

    /** Only PostgreSQL lets a key be shorter. */
    @Test
    void a_session_whose_owner_is_damaged_can_be_revoked() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession session = Stores.login(store, alice);
        execute(database, "UPDATE " + prefix + "session SET subject_key = ?", SHORT);

        assertThat(store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW))
                .isInstanceOf(RevokeResult.Recorded.class);

        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).hasSize(1);
        assertThat(store.rotate(session.ref(), Given.exchange("a", "b"), Given.NOW))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
    }

    /** What a column of this version cannot hold, a tool that copied or widened it may have put there. */
    @ParameterizedTest
    @EnumSource
    void a_damaged_credential_or_hash_is_a_damaged_row_that_hides_no_other_and_can_be_revoked(TestDatabase database)
            throws Exception {
        record Damage(String column, int length) {}
        for (Damage damage : List.of(
                new Damage("credential", 256),
                new Damage("credential", 400),
                new Damage("secret_hash", 0),
                new Damage("secret_hash", 31),
                new Damage("secret_hash", 33))) {
            String tables = Stores.prefix();
            JdbcSessionStore store = Stores.opened(database.pool(), tables);
            widen(database, tables);
            GivenSession damaged = withCredential(store, 1);
            GivenSession other = withCredential(store, 2);
            execute(
                    database,
                    "UPDATE " + tables + "session SET " + damage.column + " = ? WHERE created_at = "
                            + damaged.row().createdAt().toEpochMilli(),
                    new byte[damage.length]);

            assertDamaged(store, damaged, other);
        }
    }

    /** As a node of version 1 leaves it that puts another session in the place of an ended one. */
    @ParameterizedTest
    @EnumSource
    void a_credential_without_a_secret_is_a_damaged_row(TestDatabase database) throws Exception {
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        GivenSession damaged = withCredential(store, 1);
        GivenSession other = withCredential(store, 2);
        execute(
                database,
                "UPDATE " + prefix + "session SET secret_hash = NULL WHERE session_key = ?",
                keyOf(damaged).toBytes());

        assertDamaged(store, damaged, other);
    }

    private void assertDamaged(JdbcSessionStore store, GivenSession damaged, GivenSession other) {
        assertThat(store.find(damaged.ref(), Given.NOW)).isEmpty();
        assertThat(store.find(other.ref(), Given.NOW)).isPresent();
        assertThat(keysOf(store, ListQuery.live(1))).containsExactly(keyOf(other));
        assertThat(store.rotate(damaged.ref(), Given.exchange("secret", "next"), Given.NOW))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
        assertThat(store.rotate(other.ref(), Given.exchange("secret", "next"), Given.NOW))
                .isEqualTo(new RotateResult.Rotated());
        Touch touch = new Touch(other.ref(), Given.NOW.plusSeconds(1));
        assertThat(store.touch(List.of(new Touch(damaged.ref(), touch.lastSeen()), touch), Given.NOW))
                .containsExactly(touch);

        for (int limit = 1; limit < 4; limit++) {
            assertThat(walked(store, limit))
                    .as("pages of %s", limit)
                    .extracting(StoredPayload::session)
                    .containsExactly(keyOf(other));
        }
        assertThat(store.insert(newcomer(), SessionLimit.refuseBeyond(2), Given.NOW))
                .as("it counts")
                .isEqualTo(new InsertResult.OverLimit(2));
        assertThat(store.insert(
                        new NewSession(newcomer(), SessionLimit.unlimited(), Optional.of(damaged.ref())), Given.NOW))
                .as("it is replaced by nobody, and holds up no login")
                .isEqualTo(new InsertResult.Inserted(List.of()));

        store.revoke(Given.act(damaged.target()).build(), Precondition.none(), Given.NOW);
        assertThat(store.revocationsCovering(damaged.token("t"), Given.NOW)).hasSize(1);
        assertThat(store.purge(Given.NOW.plus(Duration.ofDays(60)), 100).sessions())
                .isEqualTo(3);
    }

    /** Only PostgreSQL lets a key be of another length. */
    @Test
    void a_walk_goes_on_behind_keys_that_are_damaged() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        JdbcSessionStore store = Stores.opened(database.pool(), prefix);
        List<LookupKey> whole = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            whole.add(keyOf(loggedIn(store, i)));
            for (int length : new int[] {0, 1, 5, 15, 17, 40}) {
                byte[] key = Arrays.copyOf(LookupKey.of("damaged", "" + i).toBytes(), length);
                rename(database, keyOf(loggedIn(store, 10 + i)), length == 0 && i > 0 ? new byte[] {(byte) i} : key);
            }
        }
        byte[] greatest = new byte[17];
        Arrays.fill(greatest, (byte) -1);
        rename(database, keyOf(loggedIn(store, 20)), greatest);
        whole.sort(null);

        for (int limit = 1; limit < 9; limit++) {
            assertThat(walked(store, limit))
                    .as("pages of %s", limit)
                    .extracting(StoredPayload::session)
                    .containsExactlyElementsOf(whole);
        }
    }

    private void rename(TestDatabase database, LookupKey from, byte[] to) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + prefix + "session SET session_key = ? WHERE session_key = ?")) {
            update.setBytes(1, to);
            update.setBytes(2, from.toBytes());
            assertThat(update.executeUpdate()).isEqualTo(1);
        }
    }

    /** Whatever is wrong with it: its column says when it began, and that is enough to let it go. */
    @ParameterizedTest
    @EnumSource
    void a_damaged_row_is_left_out_of_walks_and_erased_with_its_subject(TestDatabase database) throws Exception {
        for (String damage : List.of("authenticated_at = authenticated_at - 1", "session_id = NULL, secret_hash = ?")) {
            String tables = Stores.prefix();
            JdbcSessionStore store = Stores.opened(database.pool(), tables);
            widen(database, tables);
            GivenSession first = loggedIn(store, 1);
            GivenSession damaged = loggedIn(store, 2);
            GivenSession last = loggedIn(store, 3);
            execute(
                    database,
                    "UPDATE " + tables + "session SET " + damage + " WHERE created_at = "
                            + damaged.row().createdAt().toEpochMilli(),
                    damage.contains("?") ? new byte[31] : null);

            assertThat(walkedRealm(store)).as(damage).containsExactlyInAnyOrder(keyOf(first), keyOf(last));
            assertThat(store.erase(alice, last.row().authenticatedAt(), 10, Given.NOW))
                    .as(damage)
                    .isEqualTo(new ErasedRows(3, false));
            assertThat(keysOf(store, ListQuery.all(10))).isEmpty();
        }
    }

    /** Only PostgreSQL lets a key be shorter or longer. */
    @Test
    void rows_whose_keys_are_damaged_hold_up_no_walk_and_are_erased() throws Exception {
        TestDatabase database = TestDatabase.POSTGRESQL;
        for (byte[] key : List.of(new byte[0], SHORT, new byte[] {-1, -1}, new byte[17], greatest(16), greatest(20))) {
            String tables = Stores.prefix();
            JdbcSessionStore store = Stores.opened(database.pool(), tables);
            List<LookupKey> others = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                others.add(keyOf(loggedIn(store, i)));
            }
            GivenSession damaged = loggedIn(store, 9);
            execute(
                    database,
                    "UPDATE " + tables + "session SET session_key = ? WHERE created_at = "
                            + damaged.row().createdAt().toEpochMilli(),
                    key);

            assertThat(walkedRealm(store)).containsAll(others);
            assertThat(store.countLive(Given.NOW)).isBetween(5L, 6L);
            assertThat(store.erase(alice, damaged.row().authenticatedAt(), 10, Given.NOW))
                    .isEqualTo(new ErasedRows(6, false));
        }
    }

    private static byte[] greatest(int length) {
        byte[] key = new byte[length];
        Arrays.fill(key, (byte) -1);
        return key;
    }

    /** In pages of one. */
    private static List<LookupKey> walkedRealm(JdbcSessionStore store) {
        List<LookupKey> met = new ArrayList<>();
        Optional<ScopeCursor> place = Optional.of(ScopeCursor.start());
        for (int pages = 0; place.isPresent() && pages < 100; pages++) {
            ScopePage page = store.sessionsOf(RevocationTarget.realm(Given.REALM), place.get(), 1, Given.NOW);
            page.sessions().forEach(found -> met.add(found.session().key()));
            place = page.next();
        }
        assertThat(place).as("the walk ends").isEmpty();
        return met;
    }

    private static List<StoredPayload> walked(JdbcSessionStore store, int limit) {
        return assertTimeoutPreemptively(Duration.ofSeconds(60), () -> {
            List<StoredPayload> all = new ArrayList<>();
            PayloadPage page = store.payloads(PayloadCursor.start(), limit, Given.NOW);
            all.addAll(page.payloads());
            while (page.next().isPresent()) {
                page = store.payloads(page.next().get(), limit, Given.NOW);
                all.addAll(page.payloads());
            }
            return all;
        });
    }

    private GivenSession withCredential(JdbcSessionStore store, int second) {
        GivenSession session = Given.session(alice)
                .began(Given.NOW.plusMillis(second))
                .secret("secret")
                .build();
        StoredSession row =
                session.row().toBuilder().credential(new byte[] {7, 7}).build();
        assertThat(store.insert(row, SessionLimit.unlimited(), Given.NOW)).isInstanceOf(InsertResult.Inserted.class);
        return session;
    }

    /** PostgreSQL bounds no column of bytes. */
    private static void widen(TestDatabase database, String tables) throws SQLException {
        String change = switch (database) {
            case POSTGRESQL -> null;
            case MARIADB -> " MODIFY COLUMN %s VARBINARY(400)";
            case H2 -> " ALTER COLUMN %s VARBINARY(400)";
        };
        if (change != null) {
            try (Connection connection = database.pool().getConnection();
                    Statement statement = connection.createStatement()) {
                for (String column : List.of("secret_hash", "credential")) {
                    statement.execute("ALTER TABLE " + tables + "session" + String.format(change, column));
                }
            }
        }
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
