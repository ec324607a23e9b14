package dev.curfew.examples.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.LoginAttempt;
import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.contract.TestKeys;
import dev.curfew.http.SessionCookie;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestSession;
import dev.curfew.token.Caller;
import dev.curfew.token.ReauthenticationRequiredException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicies;
import dev.curfew.watch.SessionWatch;
import java.io.IOException;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Each recipe of the page does what the page says, over a database. */
@Timeout(60)
class RecipesTest {
    private final JdbcDataSource database = new JdbcDataSource();
    private final StringWriter script = new StringWriter();
    private final JdbcSessionStore store;
    private final TestCurfew curfew;

    RecipesTest() throws IOException, SQLException {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        store = newStore();
        Recipes.beforeTheFirstNewNode(store, script);
        curfew = TestCurfew.builder()
                .store(store)
                .startingAt(Instant.now()) // as the clock of the database
                .service(service -> service.encryption(TestKeys.ring("2026")).lifetimes(SessionLifetimes.aal1()))
                .start();
        execute("CREATE TABLE accounts (name VARCHAR(64) PRIMARY KEY, hash VARCHAR(64))");
        execute("INSERT INTO accounts VALUES ('alice', 'old')");
    }

    private JdbcSessionStore newStore() {
        // a busy machine may take longer than the two seconds of production
        return JdbcSessionStore.on(database).callTimeout(Duration.ofSeconds(30)).build();
    }

    @AfterEach
    void close() throws SQLException {
        curfew.close();
        store.close();
        execute("SHUTDOWN");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String hashOf(String name) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT hash FROM accounts WHERE name = '" + name + "'")) {
            row.next();
            return row.getString(1);
        }
    }

    @Test
    void a_change_of_password_ends_the_other_sessions_with_its_commit() throws SQLException {
        TestSession phone = curfew.login("alice");
        TestSession laptop = curfew.login("alice");

        Recipes.changePassword(database, store, curfew.sessions(), laptop.caller(), "new");

        assertThat(hashOf("alice")).isEqualTo("new");
        assertThat(phone.isLive()).isFalse();
        assertThat(laptop.isLive()).isTrue();
    }

    @Test
    void a_change_of_password_that_fails_ends_nothing() throws SQLException {
        TestSession phone = curfew.login("alice");
        TestSession laptop = curfew.login("alice");

        assertThatExceptionOfType(SQLException.class)
                .isThrownBy(() ->
                        Recipes.changePassword(database, store, curfew.sessions(), laptop.caller(), "n".repeat(65)));

        assertThat(hashOf("alice")).isEqualTo("old");
        assertThat(phone.isLive()).isTrue();
    }

    @Test
    void an_administrator_ends_all_sessions_of_one_person() {
        TestSession alice = curfew.login("alice");
        TestSession bob = curfew.login("bob");

        Recipes.endAllOf(curfew.sessions(), curfew.subject("alice"), "admin-7");

        assertThat(alice.isLive()).isFalse();
        assertThat(bob.isLive()).isTrue();
    }

    @Test
    void everybody_is_signed_out() {
        TestSession alice = curfew.login("alice");
        TestSession bob = curfew.login("bob");

        Recipes.signOutEverybody(curfew.sessions(), curfew.realm(), "admin-7");

        assertThat(curfew.checker().check(alice.caller()).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(curfew.checker().check(bob.caller()).outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(curfew.login("alice").isLive()).isTrue();
    }

    @Test
    void nobody_has_more_than_three_devices() {
        SubjectId alice = curfew.subject("alice");
        try (JdbcSessionStore own = newStore();
                SessionService sessions = Recipes.threeDevicesAtMost(
                        own, TestKeys.ring("2026"), curfew.issuer().policy())) {
            for (int i = 0; i < 5; i++) {
                sessions.beginLogin(alice).complete(DeviceInfo.unknown()).orElseThrow();
            }

            assertThat(sessions.listSessions(alice, ListQuery.live(10)).entries())
                    .hasSize(3);
        }
    }

    @Test
    void an_account_is_exported_and_erased() {
        curfew.login("alice");
        curfew.login("alice");
        SubjectId alice = curfew.subject("alice");

        assertThat(Recipes.deleteAccount(curfew.sessions(), alice)).hasSize(2);
        assertThat(curfew.sessions().subjects().exportSubject(alice).sessions()).isEmpty();
    }

    @Test
    void who_wants_to_be_remembered_is() {
        SessionCookie cookie =
                SessionCookie.named("__Host-session").persistent().build();
        SubjectId alice = curfew.subject("alice");

        assertThat(Recipes.login(curfew.sessions(), cookie, alice, true).value())
                .contains("Max-Age=2592000");
        assertThat(Recipes.login(curfew.sessions(), cookie, alice, false).value())
                .doesNotContain("Max-Age");
        curfew.advance(Duration.ofDays(2));
        assertThat(curfew.sessions().listSessions(alice, ListQuery.live(10)).entries())
                .singleElement()
                .satisfies(entry -> assertThat(entry.session().expiresAt())
                        .isAfter(curfew.clock().instant().plus(Duration.ofDays(27))));
    }

    @Test
    void a_second_factor_is_asked_for_and_remembered() throws ReauthenticationRequiredException {
        TestSession alice = curfew.login("alice", LoginAttempt::withSessionToken);
        Instant now = curfew.clock().instant();
        Caller weak = callerOf(alice.credential());
        assertThatExceptionOfType(ReauthenticationRequiredException.class)
                .isThrownBy(() -> Recipes.requireSecondFactor(weak, now));

        RenewResult result = Recipes.stepUp(curfew.sessions(), weak, alice.credential());

        String next = ((RenewResult.Renewed) result).token().reveal();
        assertThat(next).startsWith(CredentialKind.SESSION_TOKEN.prefix());
        assertThatCode(() -> Recipes.requireSecondFactor(callerOf(next), now)).doesNotThrowAnyException();
    }

    private Caller callerOf(String sessionToken) {
        SessionAuthentication result = curfew.sessions().credentials().authenticate(curfew.realm(), sessionToken);
        return ((SessionAuthentication.Authenticated) result).caller();
    }

    @Test
    void a_socket_is_closed_when_its_session_ends() throws InterruptedException {
        TestSession alice = curfew.login("alice");
        CountDownLatch closed = new CountDownLatch(1);
        SessionWatch watch = Recipes.openSocket(curfew.sessions(), alice.caller(), closed::countDown);
        assertThat(closed.getCount()).isEqualTo(1);

        curfew.revoke(alice);

        assertThat(closed.await(50, TimeUnit.SECONDS)).isTrue();
        watch.close();
    }

    @Test
    void each_tenant_has_a_realm_of_its_own() {
        TokenKeys keys = curfew.issuer().keys();
        TokenPolicies policies = TokenPolicies.of(Recipes.ofTenant("acme", keys), Recipes.ofTenant("zeta", keys));
        policies.add(Recipes.ofTenant("late", keys));

        assertThat(policies.all()).hasSize(3);
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> policies.add(Recipes.ofTenant("acme", keys)));
    }

    @Test
    void a_policy_for_keycloak_is_whole() {
        assertThat(Recipes.keycloak(curfew.issuer().keys()).realm().name()).isEqualTo("staff");
    }

    @Test
    void the_schema_is_there_before_the_first_node() {
        assertThat(script.toString()).contains("curfew_session", "curfew_revocation");
    }

    @Test
    void another_service_refuses_what_this_one_has_ended() {
        TestSession alice = curfew.login("alice");
        String bearer = alice.token();
        try (JdbcSessionStore own = newStore();
                SessionService other = SessionService.builder()
                        .store(own)
                        .encryption(TestKeys.ring("2026"))
                        .lifetimes(SessionLifetimes.aal1())
                        .tokenPolicies(curfew.issuer().policy())
                        .clock(curfew.clock(), curfew.clock().ticker())
                        .build()) {
            assertThat(Recipes.inAnotherService(other, curfew.verifier(), bearer)
                            .outcome())
                    .isEqualTo(Outcome.ACTIVE);

            alice.logOut();
            other.replica().orElseThrow().catchUp(Duration.ofSeconds(20));

            assertThat(Recipes.inAnotherService(other, curfew.verifier(), bearer)
                            .outcome())
                    .isEqualTo(Outcome.REVOKED);
        }
    }
}
