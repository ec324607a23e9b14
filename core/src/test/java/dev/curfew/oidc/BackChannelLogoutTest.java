package dev.curfew.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

import dev.curfew.contract.TestTokens;
import dev.curfew.contract.TestTokens.Draft;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.meter.Meter;
import dev.curfew.session.Realm;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.VerifiedToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackChannelLogoutTest {
    private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private final RelyingParty host = RelyingParty.start();

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void bcl_01_a_form_with_a_logout_token_is_accepted_and_other_parameters_are_ignored() {
        VerifiedToken token = host.login("alice", "sid-1", host.now());
        String text = host.logout().with("sid", "sid-1").compact();

        EndpointResponse answer =
                host.endpoint.answer(RelyingParty.form("a=1&logout_token=" + RelyingParty.encoded(text) + "&a=2&b"));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(host.isActive(token)).isFalse();
    }

    @Test
    void bcl_01_whatever_is_no_such_form_is_refused_and_reaches_no_store() {
        String text = RelyingParty.encoded(host.logout().with("sid", "sid-1").compact());

        refused(400, RelyingParty.form(""));
        refused(400, RelyingParty.form("logout_token="));
        refused(400, RelyingParty.form("other=" + text));
        refused(400, RelyingParty.form("logout_token=" + text + "&logout_token=" + text));
        refused(400, RelyingParty.form("logout_token=%zz"));
        refused(413, RelyingParty.form("logout_token=" + text + "&padding=" + "x".repeat(65 * 1024)));
        refused(
                415,
                EndpointRequest.of("POST")
                        .header("Content-Type", "application/json")
                        .body("{\"logout_token\":\"x\"}".getBytes(StandardCharsets.UTF_8))
                        .build());
        for (String method : List.of("GET", "PUT", "DELETE", "HEAD", "OPTIONS")) {
            EndpointResponse answer = refused(
                    405,
                    EndpointRequest.of(method)
                            .queryParameter("logout_token", text)
                            .build());
            assertThat(answer.header("Allow")).contains("POST");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"iss", "aud", "iat", "exp", "jti", "events"})
    void bcl_02_a_token_without_a_required_claim_is_refused(String claim) {
        refused(host.logout().with("sid", "sid-1").without(claim));
    }

    @Test
    void bcl_02_a_token_that_names_neither_a_subject_nor_a_session_is_refused() {
        refused(host.logout());
    }

    @Test
    void bcl_03_the_value_of_the_logout_event_is_an_object() {
        for (Object value : new Object[] {null, true, "x", List.of(), 1}) {
            Map<String, Object> events = new HashMap<>();
            events.put(LOGOUT_EVENT, value);
            refused(host.logout().with("sid", "sid-1").with("events", events));
        }
        refused(host.logout().with("sid", "sid-1").with("events", List.of(LOGOUT_EVENT)));
        refused(host.logout()
                .with("sid", "sid-1")
                .with("events", Map.of("https://schemas.openid.net/event/backchannel-logout", Map.of())));
        Draft more = host.logout()
                .with("sid", "sid-1")
                .with("events", Map.of(LOGOUT_EVENT, Map.of("why", "x"), "revoke_offline_access", true));

        assertThat(host.post(more).status()).isEqualTo(200);
    }

    @Test
    void bcl_04_a_token_with_a_nonce_is_refused_whatever_it_is() {
        for (Object nonce : new Object[] {null, "", "n-1", 1}) {
            refused(host.logout().with("sid", "sid-1").with("nonce", nonce));
        }
    }

    @Test
    void bcl_05_other_tokens_of_the_provider_are_no_logout_tokens() {
        String access = host.provider
                .draft("alice")
                .with("sid", "sid-1")
                .with("aud", TestTokens.RELYING_PARTY)
                .compact();
        Draft id = host.logout()
                .typed("JWT")
                .without("events")
                .with("sub", "alice")
                .with("sid", "sid-1")
                .with("auth_time", host.now().getEpochSecond())
                .with("nonce", "n-1");
        Draft securityEvent = host.logout()
                .typed("secevent+jwt")
                .without("exp")
                .with("sub_id", Map.of("format", "opaque", "id", "sid-1"))
                .with(
                        "events",
                        Map.of("https://schemas.openid.net/secevent/caep/event-type/session-revoked", Map.of()));

        refused(400, RelyingParty.form("logout_token=" + RelyingParty.encoded(access)));
        refused(id);
        refused(id.without("nonce"));
        refused(securityEvent);
    }

    @Test
    void bcl_05_a_logout_token_is_no_access_token() {
        String logout = host.logout()
                .with("sub", "alice")
                .with("sid", "sid-1")
                .with("aud", "https://api.example.com")
                .with("auth_time", host.now().getEpochSecond())
                .compact();

        assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> host.provider.verify(logout));
    }

    @Test
    void bcl_06_a_type_may_miss_unless_the_policy_is_strict() {
        BackChannelLogoutEndpoint strict =
                host.endpoint(builder -> builder, host.provider.logoutPolicy().strict());
        for (String type : new String[] {"logout+jwt", "application/logout+jwt", "LOGOUT+JWT"}) {
            assertThat(post(strict, logoutOf("sid-1").typed(type))).isEqualTo(200);
            assertThat(post(host.endpoint, logoutOf("sid-1").typed(type))).isEqualTo(200);
        }
        for (String type : new String[] {null, "JWT"}) {
            assertThat(post(strict, logoutOf("sid-1").typed(type))).isEqualTo(400);
            assertThat(post(host.endpoint, logoutOf("sid-1").typed(type))).isEqualTo(200);
        }
        for (String type : new String[] {"at+jwt", "secevent+jwt", "id_token", ""}) {
            assertThat(post(host.endpoint, logoutOf("sid-1").typed(type))).isEqualTo(400);
        }
    }

    @Test
    void bcl_07_sid_ends_that_session_sub_ends_all_of_the_subject_and_both_end_the_session() {
        VerifiedToken first = host.login("alice", "sid-1", host.now());
        VerifiedToken second = host.login("alice", "sid-2", host.now());
        VerifiedToken third = host.login("alice", "sid-3", host.now());
        VerifiedToken bob = host.login("bob", "sid-4", host.now());

        assertThat(host.post(logoutOf("sid-1")).status()).isEqualTo(200);
        assertThat(List.of(host.isActive(first), host.isActive(second))).containsExactly(false, true);
        assertThat(host.post(logoutOf("sid-2").with("sub", "alice")).status()).isEqualTo(200);
        assertThat(List.of(host.isActive(second), host.isActive(third))).containsExactly(false, true);
        assertThat(host.post(host.logout().with("sub", "alice")).status()).isEqualTo(200);
        assertThat(List.of(host.isActive(third), host.isActive(bob))).containsExactly(false, true);
    }

    @Test
    void bcl_07_a_provider_that_puts_a_sid_into_a_logout_of_all_sessions_ends_all_where_the_host_says_so() {
        VerifiedToken first = host.login("alice", "sid-1", host.now());
        VerifiedToken second = host.login("alice", "sid-2", host.now());
        BackChannelLogoutEndpoint stray = host.endpoint(
                builder -> builder,
                host.provider.logoutPolicy(),
                host.upstream(upstream -> upstream.endsAllOfSubject()));

        assertThat(post(stray, logoutOf("sid-1").with("sub", "alice"))).isEqualTo(200);

        assertThat(host.isActive(first)).isFalse();
        assertThat(host.isActive(second)).isFalse();
    }

    @Test
    void bcl_08_a_logout_of_a_session_that_nobody_knows_succeeds_and_again() {
        assertThat(host.post(logoutOf("unknown")).status()).isEqualTo(200);
        assertThat(host.post(logoutOf("unknown")).status()).isEqualTo(200);
        assertThat(host.post(host.logout().with("sub", "nobody")).status()).isEqualTo(200);
    }

    @Test
    void bcl_09_an_outage_is_400_and_what_was_not_recorded_is_when_it_comes_again() {
        VerifiedToken token = host.login("alice", "sid-1", host.now());
        String logout = logoutOf("sid-1").compact();
        host.store.goDown();

        EndpointResponse answer = RelyingParty.post(host.endpoint, logout);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.bodyText()).startsWith("{\"error\":\"invalid_request\"");
        host.store.recover();
        assertThat(host.isActive(token)).isTrue();

        assertThat(RelyingParty.post(host.endpoint, logout).status()).isEqualTo(200);
        assertThat(host.isActive(token)).isFalse();
    }

    @Test
    void bcl_09_an_outage_is_503_where_the_host_says_so() {
        BackChannelLogoutEndpoint endpoint =
                host.endpoint(BackChannelLogoutEndpoint.Builder::outagesAnswer503, host.provider.logoutPolicy());
        host.store.goDown();

        EndpointResponse answer = RelyingParty.post(endpoint, logoutOf("sid-1").compact());

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(RelyingParty.post(endpoint, "x").status()).isEqualTo(400);
    }

    @Test
    void bcl_09_a_fault_of_ours_is_no_success() {
        BackChannelLogoutEndpoint endpoint =
                host.endpoint(BackChannelLogoutEndpoint.Builder::outagesAnswer503, host.provider.logoutPolicy());
        host.store.before(verb -> {
            throw new IllegalStateException("a fault");
        });

        assertThat(RelyingParty.post(endpoint, logoutOf("sid-1").compact()).status())
                .isEqualTo(400);
    }

    @Test
    void bcl_10_nobody_may_keep_an_answer() {
        List<EndpointResponse> answers = new ArrayList<>();
        answers.add(host.post(logoutOf("sid-1")));
        answers.add(host.post(host.logout()));
        answers.add(host.endpoint.answer(EndpointRequest.of("GET").build()));
        host.store.goDown();
        answers.add(host.post(logoutOf("sid-2")));

        assertThat(answers).extracting(EndpointResponse::status).containsExactly(200, 400, 405, 400);
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.header("Cache-Control")).contains("no-store"));
    }

    @Test
    void bcl_13_the_same_token_again_is_200_writes_nothing_and_spares_a_login_since() {
        String logout = logoutOf("sid-1").compact();
        assertThat(RelyingParty.post(host.endpoint, logout).status()).isEqualTo(200);
        host.clock.advance(Duration.ofSeconds(90));
        VerifiedToken since = host.login("alice", "sid-1", host.now());
        assertThat(host.adopts(since)).isTrue();

        for (int i = 0; i < 3; i++) {
            assertThat(RelyingParty.post(host.endpoint, logout).status()).isEqualTo(200);
        }

        assertThat(host.isActive(since)).isTrue();
        assertThat(host.events.stream().filter(RevocationRecorded.class::isInstance))
                .hasSize(1);
    }

    @Test
    void bcl_14_what_is_registered_at_the_provider_has_exact_names() {
        URI uri = URI.create("https://rp.example.com/oidc/backchannel");

        assertThat(host.endpoint.registration(uri))
                .isEqualTo(Map.of(
                        "backchannel_logout_uri",
                        "https://rp.example.com/oidc/backchannel",
                        "backchannel_logout_session_required",
                        true));
        for (String bad : List.of("http://rp.example.com/", "https://rp.example.com/#x", "/relative")) {
            assertThatIllegalArgumentException().isThrownBy(() -> host.endpoint.registration(URI.create(bad)));
        }
    }

    @Test
    void a_token_without_exp_is_accepted_while_it_is_young_where_the_policy_says_so() {
        BackChannelLogoutEndpoint hydra =
                host.endpoint(builder -> builder, host.provider.logoutPolicy().acceptMissingExp());
        String logout = logoutOf("sid-1").without("exp").compact();

        assertThat(RelyingParty.post(hydra, logout).status()).isEqualTo(200);
        host.clock.advance(Duration.ofMinutes(3));
        assertThat(RelyingParty.post(hydra, logout).status()).isEqualTo(400);
    }

    @Test
    void times_that_cannot_be_are_refused() {
        long now = host.now().getEpochSecond();
        refused(logoutOf("sid-1").with("exp", now - 60).with("iat", now - 120));
        refused(logoutOf("sid-1").with("iat", now + 60).with("exp", now + 120));
        refused(logoutOf("sid-1").with("iat", now * 1_000).with("exp", now * 1_000 + 120));
        refused(logoutOf("sid-1").with("exp", now + 7_200));
        refused(logoutOf("sid-1").with("iat", "now"));
    }

    @Test
    void tokens_of_others_and_for_others_are_refused() {
        refused(logoutOf("sid-1").with("iss", "https://other.example.com"));
        refused(logoutOf("sid-1").with("aud", "https://api.example.com"));
        refused(logoutOf("sid-1").with("aud", List.of("x", "y")));
        assertThat(host.post(logoutOf("sid-1").with("aud", List.of("x", TestTokens.RELYING_PARTY)))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void names_that_are_no_names_are_refused() {
        refused(logoutOf(""));
        refused(host.logout().with("sid", 7));
        refused(host.logout().with("sub", List.of("alice")));
    }

    @Test
    void an_algorithm_that_is_not_the_agreed_one_is_refused() {
        BackChannelLogoutEndpoint rs256 = host.endpoint(
                builder -> builder,
                EventTokenPolicy.of(
                                EventTokenPolicy.Profile.LOGOUT,
                                host.provider.realm(),
                                host.provider.policy().issuer())
                        .keys(TokenKeys.ofJwkSet(LogoutTokens.RSA_SET))
                        .audience(TestTokens.RELYING_PARTY));

        assertThat(post(rs256, logoutOf("sid-1"))).isEqualTo(400);
        assertThat(RelyingParty.post(rs256, LogoutTokens.rs256(logoutOf("sid-1")))
                        .status())
                .isEqualTo(200);
        assertThat(RelyingParty.post(rs256, LogoutTokens.hs256WithPublicKey(logoutOf("sid-1")))
                        .status())
                .isEqualTo(400);
        assertThat(RelyingParty.post(rs256, LogoutTokens.unsigned(logoutOf("sid-1")))
                        .status())
                .isEqualTo(400);
        assertThat(RelyingParty.post(host.endpoint, LogoutTokens.unsigned(logoutOf("sid-1")))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_login_before_the_logouts_instant_ends_and_one_after_it_lives_whenever_the_token_comes() {
        Instant logout = host.now();
        VerifiedToken before = host.login("alice", "sid-1", logout);
        String token = logoutOf("sid-1").compact();
        host.clock.advance(Duration.ofSeconds(60));
        VerifiedToken after = host.login("alice", "sid-1", host.now());

        assertThat(RelyingParty.post(host.endpoint, token).status()).isEqualTo(200);

        assertThat(host.isActive(before)).isFalse();
        assertThat(host.isActive(after)).isTrue();
        assertThat(host.adopts(before)).isFalse();
        assertThat(host.adopts(after)).isTrue();
    }

    @Test
    void tokens_in_another_order_end_the_same() {
        String first = logoutOf("sid-1").compact();
        host.clock.advance(Duration.ofSeconds(30));
        VerifiedToken between = host.login("alice", "sid-1", host.now());
        host.clock.advance(Duration.ofSeconds(30));
        String second = logoutOf("sid-1").compact();

        assertThat(RelyingParty.post(host.endpoint, second).status()).isEqualTo(200);
        assertThat(RelyingParty.post(host.endpoint, first).status()).isEqualTo(200);

        assertThat(host.isActive(between)).isFalse();
        host.clock.advance(Duration.ofSeconds(30));
        assertThat(host.isActive(host.login("alice", "sid-1", host.now()))).isTrue();
    }

    @Test
    void what_is_answered_is_counted() {
        host.post(logoutOf("sid-1"));
        host.post(logoutOf("sid-2"));
        host.post(host.logout());
        host.store.goDown();
        host.post(logoutOf("sid-3"));

        assertThat(host.endpoint.meters())
                .extracting(
                        meter -> meter.tags().get("result"),
                        meter -> ((Meter.Counter) meter).count().getAsLong())
                .containsExactlyInAnyOrder(tuple("accepted", 2L), tuple("refused", 1L), tuple("failed", 1L));
    }

    @Test
    void a_verifier_of_another_profile_realm_or_issuer_is_refused() {
        String issuer = host.provider.policy().issuer();
        build(EventTokenPolicy.of(EventTokenPolicy.Profile.SECURITY_EVENT, host.provider.realm(), issuer), "LOGOUT");
        build(EventTokenPolicy.of(EventTokenPolicy.Profile.LOGOUT, Realm.of("other"), issuer), "realm");
        build(EventTokenPolicy.of(EventTokenPolicy.Profile.LOGOUT, host.provider.realm(), issuer + "/"), "issuer");
    }

    private void build(EventTokenPolicy.Builder policy, String named) {
        EventTokenVerifier verifier = EventTokenVerifier.of(
                policy.keys(TokenKeys.ofJwkSet(LogoutTokens.RSA_SET))
                        .audience("x")
                        .build(),
                host.clock);
        BackChannelLogoutEndpoint.Builder builder = BackChannelLogoutEndpoint.of(host.service, host.upstream, verifier);
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining(named);
    }

    private Draft logoutOf(String sid) {
        return host.logout().with("sid", sid);
    }

    private static int post(BackChannelLogoutEndpoint endpoint, Draft logout) {
        return RelyingParty.post(endpoint, logout.compact()).status();
    }

    private void refused(Draft logout) {
        refused(400, RelyingParty.form("logout_token=" + RelyingParty.encoded(logout.compact())));
    }

    private EndpointResponse refused(int status, EndpointRequest request) {
        host.store.takeCalls();
        EndpointResponse answer = host.endpoint.answer(request);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.bodyText()).startsWith("{\"error\":\"invalid_request\"");
        assertThat(host.store.takeCalls()).isEmpty();
        return answer;
    }
}
