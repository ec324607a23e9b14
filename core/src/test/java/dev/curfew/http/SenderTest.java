package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.LoginAttempt;
import dev.curfew.RevocationCause;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.Caller;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionRenewal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Credentials that are bound to a key of their sender, by DPoP (RFC 9449) or mutual TLS (RFC 8705). */
class SenderTest {
    private static final SenderKey PHONE = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
    private static final SenderKey CERTIFICATE = SenderKey.of(SenderKey.Kind.X5T_S256, new byte[32]);
    private static final SenderKey THIEF = key(SenderKey.Kind.JKT, 1);

    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String loose = host.token(session);
    private final String phone = bound(PHONE);
    private final String certified = bound(CERTIFICATE);

    private static SenderKey key(SenderKey.Kind kind, int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return SenderKey.of(kind, bytes);
    }

    /** An access token that its issuer has bound. */
    private String bound(SenderKey key) {
        Map<String, Object> claims = host.claims(Host.ALICE);
        claims.put("sid", session.handle().value());
        claims.put("cnf", Map.of(key.kind() == SenderKey.Kind.JKT ? "jkt" : "x5t#S256", key.thumbprint()));
        return host.sign(claims);
    }

    private SessionEndpointsBuilder builder(Profile profile) {
        return host.endpoints()
                .profile(profile)
                .credentialCookie(Host.COOKIE)
                .sessionTokens(Host.REALM)
                .dpopProofs("ES256", "EdDSA");
    }

    private SessionEndpoints endpoints() {
        return builder(Profile.GUIDE).build();
    }

    private static EndpointRequest.Builder dpop(String method, String token) {
        return EndpointRequest.of(method).header("Authorization", "DPoP " + token);
    }

    private static EndpointRequest.Builder cookie(String token) {
        return EndpointRequest.of("GET").header("Cookie", "__Host-at=" + token);
    }

    private static int status(SessionEndpoints of, EndpointRequest.Builder request) {
        int list = of.listSessions(request.build()).status();
        AuthenticationResult result = of.authentication().authenticate(request.build());
        int authentication = result instanceof AuthenticationResult.Refused refused
                ? refused.response().status()
                : 200;
        assertThat(authentication).isEqualTo(list);
        return list;
    }

    private static String whole(EndpointResponse response) {
        return response.status() + " "
                + response.headers().stream()
                        .map(header -> header.name() + ":" + header.value())
                        .toList()
                + " " + response.bodyText();
    }

    @Test
    void a_token_of_dpop_is_good_with_its_key_by_its_own_scheme() {
        assertThat(status(endpoints(), dpop("GET", phone).senderKey(PHONE))).isEqualTo(200);
        assertThat(status(
                        endpoints(),
                        EndpointRequest.of("GET")
                                .header("authorization", "dpop  " + phone)
                                .senderKey(PHONE)))
                .isEqualTo(200);
    }

    @Test
    void it_is_no_bearer_token_be_it_proven_or_not() {
        assertThat(status(endpoints(), Host.get(phone))).isEqualTo(401);
        assertThat(status(endpoints(), Host.get(phone).senderKey(PHONE))).isEqualTo(401);
        assertThat(status(host.endpoints().build(), Host.get(phone))).isEqualTo(401);
        assertThat(status(host.endpoints().build(), Host.get(phone).senderKey(PHONE)))
                .isEqualTo(401);
    }

    @Test
    void without_its_key_it_is_refused_whatever_the_scheme() {
        for (SessionEndpoints of : List.of(
                endpoints(), host.endpoints().credentialCookie(Host.COOKIE).build())) {
            for (String token : List.of(phone, certified)) {
                assertThat(status(of, dpop("GET", token))).isEqualTo(401);
                assertThat(status(of, Host.get(token))).isEqualTo(401);
                assertThat(status(of, cookie(token))).isEqualTo(401);
                assertThat(status(of, dpop("GET", token).senderKey(THIEF))).isEqualTo(401);
                assertThat(status(of, Host.get(token).senderKey(THIEF))).isEqualTo(401);
                assertThat(status(of, cookie(token).senderKey(THIEF))).isEqualTo(401);
            }
            assertThat(status(of, Host.get(certified).senderKey(PHONE)))
                    .as("the same bytes of another kind")
                    .isEqualTo(401);
        }
    }

    @Test
    void a_token_of_mutual_tls_is_a_bearer_token_on_its_own_connection() {
        assertThat(status(endpoints(), Host.get(certified).senderKey(CERTIFICATE)))
                .isEqualTo(200);
        assertThat(status(host.endpoints().build(), Host.get(certified).senderKey(CERTIFICATE)))
                .isEqualTo(200);
        assertThat(status(endpoints(), dpop("GET", certified).senderKey(CERTIFICATE)))
                .as("no token of DPoP")
                .isEqualTo(401);
    }

    @Test
    void a_token_that_is_bound_to_nothing_does_not_come_by_the_scheme_of_dpop() {
        assertThat(status(endpoints(), Host.get(loose))).isEqualTo(200);
        assertThat(status(endpoints(), Host.get(loose).senderKey(PHONE)))
                .as("a proof that nobody asked for")
                .isEqualTo(200);
        assertThat(status(endpoints(), dpop("GET", loose).senderKey(PHONE))).isEqualTo(401);
    }

    @Test
    void in_a_cookie_a_bound_token_needs_its_key_and_no_scheme() {
        assertThat(status(endpoints(), cookie(phone).senderKey(PHONE))).isEqualTo(200);
        assertThat(status(endpoints(), cookie(certified).senderKey(CERTIFICATE)))
                .isEqualTo(200);
    }

    @Test
    void the_scheme_is_none_where_the_host_verifies_no_proofs() {
        SessionEndpoints of = host.endpoints().build();

        assertThat(status(of, dpop("GET", phone).senderKey(PHONE))).isEqualTo(401);
        assertThat(of.listSessions(dpop("GET", phone).build()).headers("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"api\"");
    }

    @Test
    void two_headers_of_two_schemes_are_ambiguous() {
        assertThat(status(
                        endpoints(),
                        dpop("GET", phone)
                                .header("Authorization", "Bearer " + loose)
                                .senderKey(PHONE)))
                .isEqualTo(400);
    }

    @Test
    void who_lacks_the_key_learns_no_more_than_with_any_bad_token() {
        SecretToken opaque = host.login(Host.ALICE, attempt -> attempt.withSessionToken(PHONE))
                .token()
                .orElseThrow();
        String bad = whole(endpoints().listSessions(dpop("GET", "x").build()));

        for (String token : List.of(phone, certified, opaque.reveal())) {
            assertThat(whole(endpoints().listSessions(dpop("GET", token).build())))
                    .isEqualTo(bad);
            assertThat(whole(endpoints()
                            .listSessions(dpop("GET", token).senderKey(THIEF).build())))
                    .isEqualTo(bad);
        }
    }

    @ParameterizedTest
    @EnumSource
    void challenges_name_the_algorithms_and_say_the_error_in_the_scheme_that_came(Profile profile) {
        SessionEndpoints of = builder(profile).build();
        String error = ", error=\"invalid_token\", error_description=\"The access token is expired, revoked, malformed"
                + " or otherwise invalid\"";

        assertThat(of.listSessions(EndpointRequest.of("GET").build()).headers("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"api\"", "DPoP realm=\"api\", algs=\"ES256 EdDSA\"");
        assertThat(of.listSessions(dpop("GET", phone).build()).headers("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"api\"", "DPoP realm=\"api\"" + error + ", algs=\"ES256 EdDSA\"");
        assertThat(of.listSessions(Host.get(phone).build()).headers("WWW-Authenticate"))
                .containsExactly("Bearer realm=\"api\"" + error, "DPoP realm=\"api\", algs=\"ES256 EdDSA\"");
    }

    @Test
    void every_call_but_a_logout_demands_the_key() {
        Session other = host.login(Host.ALICE);
        for (EndpointRequest.Builder request : List.of(dpop("DELETE", phone), Host.delete(phone))) {
            assertThat(endpoints().revokeOtherSessions(request.build()).status())
                    .isEqualTo(401);
            for (Session of : List.of(other, session)) {
                assertThat(endpoints()
                                .revokeSession(
                                        request.pathId(of.handle().value()).build())
                                .status())
                        .isEqualTo(401);
            }
        }
        assertThat(host.isLive(session) && host.isLive(other)).isTrue();
        assertThat(endpoints()
                        .revokeOtherSessions(
                                dpop("DELETE", phone).senderKey(PHONE).build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_logout_needs_no_key_so_that_who_has_lost_it_is_not_kept_signed_in() {
        for (boolean isDpop : List.of(true, false)) {
            Session mine = host.login(Host.ALICE);
            Map<String, Object> claims = host.claims(Host.ALICE);
            claims.put("sid", mine.handle().value());
            claims.put("cnf", Map.of("jkt", PHONE.thumbprint()));
            String token = host.sign(claims);

            assertThat(endpoints()
                            .logout((isDpop ? dpop("POST", token) : Host.post(token)).build())
                            .status())
                    .isEqualTo(200);
            assertThat(host.isLive(mine)).isFalse();
        }
    }

    @Test
    void a_session_token_may_be_bound_too() {
        SecretToken mine = host.login(Host.ALICE, attempt -> attempt.withSessionToken(PHONE))
                .token()
                .orElseThrow();
        String token = mine.reveal();

        assertThat(status(endpoints(), dpop("GET", token).senderKey(PHONE))).isEqualTo(200);
        assertThat(status(endpoints(), cookie(token).senderKey(PHONE))).isEqualTo(200);
        assertThat(status(endpoints(), dpop("GET", token))).isEqualTo(401);
        assertThat(status(endpoints(), Host.get(token))).isEqualTo(401);
        assertThat(status(endpoints(), cookie(token))).isEqualTo(401);
        assertThat(status(endpoints(), cookie(token).senderKey(THIEF))).isEqualTo(401);
        Caller caller = ((Authenticated) host.service.credentials().authenticate(Host.REALM, token)).caller();
        assertThat(caller.senderKey()).contains(PHONE);
        assertThat(caller.isUsableWith(PHONE)).isTrue();
        assertThat(caller.isUsableWith(THIEF)).isFalse();
        assertThat(caller.isUsableWith(null)).isFalse();
        assertThat(endpoints().logout(Host.post(token).build()).status()).isEqualTo(200);
        assertThat(host.isLive(mine)).isFalse();
    }

    private SecretToken boundToken() {
        return host.login(Host.ALICE, attempt -> attempt.withSessionToken(PHONE))
                .token()
                .orElseThrow();
    }

    @Test
    void a_bound_session_token_tells_its_reason_to_its_key_alone() {
        String bad = whole(endpoints().listSessions(dpop("GET", "x").build()));
        String badBearer = whole(endpoints().listSessions(Host.get("x").build()));
        String badCookie = whole(endpoints().listSessions(cookie("x").build()));
        String superseded = boundToken().reveal();
        assertThat(host.service
                        .credentials()
                        .renew(Host.REALM, superseded, SessionRenewal.ofSecret().sender(PHONE)))
                .isInstanceOf(RenewResult.Renewed.class);
        SecretToken ended = boundToken();
        host.service.revokeSession(
                Host.ALICE, ended.session(), RevocationCause.of(RevocationReason.CREDENTIAL_CHANGED, Actor.system()));
        SessionLifetimes brief = SessionLifetimes.of(Duration.ofHours(2), Duration.ofMinutes(30));
        String expired = host.login(
                        Host.ALICE, attempt -> attempt.withSessionToken(PHONE).lifetimes(brief))
                .token()
                .orElseThrow()
                .reveal();

        for (String token : List.of(superseded, ended.reveal(), expired)) {
            if (token.equals(expired)) {
                host.clock.advance(Duration.ofMinutes(31));
            }
            String reason =
                    token.equals(expired) ? "expired" : token.equals(superseded) ? "superseded" : "credential_changed";
            assertThat(whole(endpoints().listSessions(dpop("GET", token).build())))
                    .isEqualTo(bad);
            assertThat(whole(endpoints()
                            .listSessions(dpop("GET", token).senderKey(THIEF).build())))
                    .isEqualTo(bad);
            assertThat(whole(endpoints().listSessions(cookie(token).build()))).isEqualTo(badCookie);
            assertThat(whole(endpoints()
                            .listSessions(Host.get(token).senderKey(PHONE).build())))
                    .as("no bearer token")
                    .isEqualTo(badBearer);
            assertThat(endpoints()
                            .listSessions(dpop("GET", token).senderKey(PHONE).build())
                            .bodyText())
                    .contains("\"reason\":\"" + reason + "\"");
            assertThat(endpoints()
                            .listSessions(cookie(token).senderKey(PHONE).build())
                            .bodyText())
                    .contains("\"reason\":\"" + reason + "\"");
        }
    }

    @Test
    void a_bound_session_token_is_renewed_with_its_key_alone() {
        String token = host.login(Host.ALICE, attempt -> attempt.withSessionToken(PHONE))
                .token()
                .orElseThrow()
                .reveal();
        SessionRenewal bare = SessionRenewal.ofSecret();

        for (SessionRenewal wrong : List.of(bare, bare.sender(THIEF))) {
            assertThat(host.service.credentials().renew(Host.REALM, token, wrong))
                    .isEqualTo(RenewResult.Refused.because(CredentialRefusal.WRONG_SENDER));
        }
        assertThat(host.service.credentials().renew(Host.REALM, token, bare.sender(PHONE)))
                .isInstanceOf(RenewResult.Renewed.class);
    }

    @Test
    void a_bound_login_stays_bound_across_a_redirect() {
        LoginAttempt begun = host.service.beginLogin(Host.ALICE).withSessionToken(PHONE);
        LoginAttempt resumed = host.service.resumeLogin(begun.seal()).orElseThrow();

        Session bound = resumed.complete(DeviceInfo.unknown()).orElseThrow();

        assertThat(bound.senderKey()).contains(PHONE);
    }

    @Test
    void an_access_token_of_a_bound_refresh_is_good_with_the_same_key() {
        SessionEndpoints of = builder(Profile.GUIDE).refresh(host::issue).build();
        String refresh = host.login(
                        Host.ALICE,
                        attempt ->
                                attempt.withRefreshToken(RefreshBinding.none().sender(PHONE)))
                .token()
                .orElseThrow()
                .reveal();
        String body = of.refresh(Host.json(EndpointRequest.of("POST"), "{\"refreshToken\":\"" + refresh + "\"}")
                        .senderKey(PHONE)
                        .build())
                .bodyText();
        String access = body.replaceAll(".*\"accessToken\":\"([^\"]+)\".*", "$1");

        assertThat(status(of, dpop("GET", access).senderKey(PHONE))).isEqualTo(200);
        assertThat(status(of, Host.get(access))).isEqualTo(401);
    }

    @Test
    void algorithms_of_proofs_are_named_and_asymmetric() {
        assertThatIllegalArgumentException().isThrownBy(() -> host.endpoints().dpopProofs());
        for (String algorithm : List.of("", "none", "None", "HS256", "hs512", "ES 256", "ES256\"", "é")) {
            assertThatIllegalArgumentException()
                    .as(algorithm)
                    .isThrownBy(() -> host.endpoints().dpopProofs("ES256", algorithm));
        }
    }
}
