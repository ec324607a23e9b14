package dev.curfew.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.LoginAttempt;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.http.FilterResult.Answered;
import dev.curfew.http.FilterResult.Passed;
import dev.curfew.http.Profile;
import dev.curfew.http.SessionCookie;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kit for hosts brings about what it says, whether checks are answered from the replica or by the store. */
@Timeout(60)
class TestCurfewTest {
    private static TestCurfew start(boolean isAuthoritative) {
        TestCurfewBuilder builder = TestCurfew.builder();
        return (isAuthoritative ? builder.service(SessionServiceBuilder::authoritativeChecks) : builder).start();
    }

    private static Outcome check(TestCurfew curfew, TestSession session) {
        return curfew.checker().check(session.caller()).outcome();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_session_is_active_until_an_administrator_ends_it(boolean isAuthoritative) {
        try (TestCurfew curfew = start(isAuthoritative)) {
            TestSession alice = curfew.login("alice");
            TestSession bob = curfew.login("bob");
            assertThat(check(curfew, alice)).isEqualTo(Outcome.ACTIVE);

            curfew.revoke(alice);

            assertThat(check(curfew, alice)).isEqualTo(Outcome.REVOKED);
            assertThat(alice.isLive()).isFalse();
            assertThat(check(curfew, bob)).isEqualTo(Outcome.ACTIVE);
            assertThat(bob.isLive()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void all_of_a_subject_are_revoked_or_all_of_everybody(boolean isAuthoritative) {
        try (TestCurfew curfew = start(isAuthoritative)) {
            TestSession phone = curfew.login("alice");
            TestSession laptop = curfew.login("alice");
            TestSession bob = curfew.login("bob");

            curfew.revokeAll("alice");
            assertThat(check(curfew, phone)).isEqualTo(Outcome.REVOKED);
            assertThat(check(curfew, laptop)).isEqualTo(Outcome.REVOKED);
            assertThat(check(curfew, bob)).isEqualTo(Outcome.ACTIVE);

            curfew.revokeAll();
            assertThat(check(curfew, bob)).isEqualTo(Outcome.REVOKED);
            assertThat(check(curfew, curfew.login("bob"))).isEqualTo(Outcome.ACTIVE);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everybody_is_unknown_until_the_store_recovers(boolean isAuthoritative) {
        try (TestCurfew curfew = start(isAuthoritative)) {
            TestSession alice = curfew.login("alice");

            for (int i = 0; i < 3; i++) {
                curfew.unknown();
                assertThat(check(curfew, alice)).isEqualTo(Outcome.UNKNOWN);
                assertThat(curfew.checker().check(alice.caller()).permits()).isFalse();

                curfew.recover();
                assertThat(check(curfew, alice)).isEqualTo(Outcome.ACTIVE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void one_session_is_unknown_and_the_others_are_not(boolean isAuthoritative) {
        try (TestCurfew curfew = start(isAuthoritative)) {
            TestSession alice = curfew.login("alice");
            TestSession bob = curfew.login("bob");
            TestSession gone = curfew.login("carol");
            curfew.revoke(gone);

            curfew.unknown(alice);
            assertThat(check(curfew, alice)).isEqualTo(Outcome.UNKNOWN);
            assertThat(check(curfew, bob)).isEqualTo(Outcome.ACTIVE);
            assertThat(check(curfew, gone)).isEqualTo(Outcome.REVOKED);
            curfew.unknown(bob);
            assertThat(check(curfew, bob)).isEqualTo(Outcome.UNKNOWN);

            curfew.recover();
            assertThat(check(curfew, alice)).isEqualTo(Outcome.ACTIVE);
            assertThat(check(curfew, bob)).isEqualTo(Outcome.ACTIVE);
        }
    }

    @Test
    void a_node_that_asked_its_store_follows_it_again_after_a_while() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession alice = curfew.login("alice");
            curfew.unknown(alice);
            curfew.recover();
            curfew.advance(Duration.ofSeconds(31));
            Waiting.until(
                    () -> curfew.checker().check(alice.caller()).source() == Source.INDEX,
                    "the node did not load again");
        }
    }

    @Test
    void a_store_that_fails_is_noticed_when_the_replica_is_too_old_and_no_sooner() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession alice = curfew.login("alice");
            curfew.store().fail();

            curfew.advance(Duration.ofSeconds(4));
            assertThat(check(curfew, alice)).isEqualTo(Outcome.ACTIVE);
            curfew.advance(Duration.ofSeconds(2));
            assertThat(check(curfew, alice)).isEqualTo(Outcome.UNKNOWN);
        }
    }

    @Test
    void time_that_passes_makes_nobody_unknown() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession alice = curfew.login("alice");
            for (int i = 0; i < 100; i++) {
                curfew.advance(Duration.ofMinutes(1));
                assertThat(curfew.checker().checkNow(alice.caller()).outcome()).isEqualTo(Outcome.ACTIVE);
            }
        }
    }

    @Test
    void a_session_ends_in_each_way() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession loggedOut = curfew.login("alice").logOut();
            TestSession disabled = curfew.login("alice").end(RevocationReason.ACCOUNT_DISABLED);
            TestSession replaced = curfew.login("alice");
            TestSession successor = replaced.replace();

            assertThat(reasonOf(curfew, loggedOut)).isEqualTo(RevocationReason.USER_LOGOUT);
            assertThat(reasonOf(curfew, disabled)).isEqualTo(RevocationReason.ACCOUNT_DISABLED);
            assertThat(reasonOf(curfew, replaced)).isEqualTo(RevocationReason.REPLACED);
            assertThat(check(curfew, successor)).isEqualTo(Outcome.ACTIVE);

            TestSession idle = curfew.login("bob").becomeIdle();
            assertThat(idle.isLive()).isFalse();
            assertThat(curfew.callAs(curfew.login("bob"))
                            .get("/api/auth/sessions")
                            .bodyText())
                    .doesNotContain(idle.handle());

            TestSession expired = curfew.login("bob").expire();
            assertThat(expired.isLive()).isFalse();
            RevocationDecision decision = curfew.checker().check(expired.caller());
            assertThat(decision.outcome()).isEqualTo(Outcome.REVOKED);
            assertThat(decision.source()).isEqualTo(Source.TOKEN);
        }
    }

    private static RevocationReason reasonOf(TestCurfew curfew, TestSession session) {
        return curfew.checker().check(session.caller()).reason().orElseThrow();
    }

    @Test
    void sessions_begin_in_the_order_of_their_logins() {
        try (TestCurfew curfew = TestCurfew.builder()
                .service(service -> service.sessionLimit(SessionLimit.endOldestBeyond(2)))
                .start()) {
            TestSession first = curfew.login("alice");
            TestSession second = curfew.login("alice");
            TestSession third = curfew.login("alice");

            assertThat(first.isLive()).isFalse();
            assertThat(second.isLive()).isTrue();
            assertThat(third.isLive()).isTrue();
        }
    }

    @Test
    void the_endpoints_are_called_with_values() {
        try (TestCurfew curfew = TestCurfew.builder()
                .endpoints(endpoints -> endpoints.profile(Profile.STANDARDS))
                .start()) {
            TestSession alice = curfew.login("alice");

            assertThat(curfew.anonymous().get("/api/auth/sessions").status()).isEqualTo(401);
            assertThat(curfew.callAs(alice)
                            .patch("/api/auth/sessions/" + alice.handle(), "{\"label\":\"Laptop\"}")
                            .status())
                    .isEqualTo(204);
            assertThat(curfew.callAs(alice).get("/api/auth/sessions?limit=1").bodyText())
                    .contains("Laptop", alice.handle());
            assertThat(curfew.callAs(alice).post("/api/v1/auth/logout").status())
                    .isEqualTo(204);
            assertThat(curfew.callAs(alice).get("/api/auth/sessions").status()).isEqualTo(401);
        }
    }

    @Test
    void the_filter_of_the_host_lets_its_resources_pass() {
        try (TestCurfew curfew = TestCurfew.builder()
                .filter(filter -> filter.contextPath("/shop").open("/hello"))
                .start()) {
            TestSession alice = curfew.login("alice");

            assertThat(curfew.anonymous().filter("GET", "/shop/hello")).isInstanceOf(Passed.class);
            assertThat(curfew.anonymous().filter("GET", "/shop/orders")).isInstanceOf(Answered.class);
            assertThat(curfew.callAs(alice).filter("GET", "/shop/orders"))
                    .isInstanceOfSatisfying(
                            Passed.class,
                            passed -> assertThat(passed.caller().orElseThrow().session())
                                    .contains(alice.session().ref()));
            assertThat(curfew.callAs(alice).get("/shop/api/auth/sessions").status())
                    .isEqualTo(200);
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> curfew.callAs(alice).get("/shop/orders"))
                    .withMessageContaining("/shop/orders");
        }
    }

    @Test
    void a_login_hands_out_a_session_token() {
        try (TestCurfew curfew = TestCurfew.builder()
                .endpoints(endpoints -> endpoints.sessionTokens(Realm.of("test")))
                .start()) {
            TestSession alice = curfew.login("alice", LoginAttempt::withSessionToken);

            assertThat(curfew.callAs(alice.credential())
                            .get("/api/auth/sessions")
                            .status())
                    .isEqualTo(200);
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> curfew.login("bob").credential());
        }
    }

    @Test
    void a_page_of_the_host_calls_with_its_cookies() {
        try (TestCurfew curfew = TestCurfew.builder()
                .endpoints(endpoints -> endpoints.credentialCookie(
                        SessionCookie.named("__Host-at").build()))
                .start()) {
            TestSession alice = curfew.login("alice");
            TestClient page = curfew.anonymous().cookie("other", "x").cookie("__Host-at", alice.token());

            assertThat(page.get("/api/auth/sessions").status()).isEqualTo(200);
            assertThat(page.header("Sec-Fetch-Site", "cross-site")
                            .delete("/api/auth/sessions")
                            .status())
                    .isEqualTo(403);
            assertThat(page.post("/api/v1/auth/logout").status()).isEqualTo(200);
            assertThat(alice.isLive()).isFalse();
        }
    }

    @Test
    void the_host_chooses_the_names() {
        try (TestCurfew curfew = TestCurfew.builder()
                .realm("shop")
                .issuer("https://shop.example.com", "shop-api")
                .tokens(policy -> policy.acceptPlainJwt())
                .start()) {
            TestSession alice = curfew.login("alice");

            assertThat(alice.subject().realm().name()).isEqualTo("shop");
            assertThat(curfew.verifier()
                            .verify(alice.token(TestIssuer::plainJwt))
                            .claims())
                    .containsAllEntriesOf(Map.of("iss", "https://shop.example.com", "sub", "alice"));
        }
    }
}
