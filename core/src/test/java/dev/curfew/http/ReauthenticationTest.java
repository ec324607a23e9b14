package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.LoginAttempt;
import dev.curfew.RevocationCause;
import dev.curfew.SessionCredentials;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.token.Caller;
import dev.curfew.token.ReauthenticationRequiredException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication.Authenticated;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What asks a person for a more recent or a stronger proof, by RFC 9470. SES-08. */
class ReauthenticationTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);
    private static final String CHALLENGE = "Bearer realm=\"api\", error=\"insufficient_user_authentication\","
            + " error_description=\"A more recent or a stronger authentication is required\"";

    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private SessionEndpointsBuilder builder(Profile profile) {
        return host.endpoints().profile(profile).credentialCookie(Host.COOKIE).sessionTokens(Host.REALM);
    }

    private SessionEndpoints demanding(Profile profile) {
        return builder(profile).demandProof(FIVE_MINUTES).build();
    }

    private ReauthenticationRequiredException demand(Duration max, String... acr) {
        Caller caller = host.verifier.verify(token);
        return catchThrowableOfType(
                ReauthenticationRequiredException.class,
                () -> caller.requireAuthenticatedWithin(
                        max, host.clock.instant().plus(Duration.ofDays(1)), acr));
    }

    private static Map<String, Object> json(EndpointResponse response) throws ParseException {
        return JSONObjectUtils.parse(response.bodyText());
    }

    private static void assertChallenged(EndpointResponse response, String parameters) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("WWW-Authenticate")).containsExactly(CHALLENGE + parameters);
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(response.headers("Cache-Control")).containsExactly("no-store");
    }

    @Test
    void a_host_answers_the_exception_with_a_challenge() throws ParseException {
        EndpointRequest request =
                Host.get(token).header("Accept-Language", "es").build();
        ReauthenticationRequiredException demand = demand(FIVE_MINUTES, "urn:mfa", "phr");

        EndpointResponse guide = builder(Profile.GUIDE).build().authentication().challenge(request, demand);
        EndpointResponse standards =
                builder(Profile.STANDARDS).build().authentication().challenge(request, demand);

        for (EndpointResponse response : List.of(guide, standards)) {
            assertChallenged(response, ", max_age=\"300\", acr_values=\"urn:mfa phr\"");
        }
        assertThat(guide.bodyText())
                .isEqualTo("{\"success\":false,\"message\":\"Demuestre de nuevo quién es\","
                        + "\"reason\":\"insufficient_user_authentication\"}");
        assertThat(json(standards))
                .containsEntry("title", "Insufficient user authentication")
                .containsEntry("detail", "Demuestre de nuevo quién es")
                .containsEntry("reason", "insufficient_user_authentication");
    }

    @Test
    void what_no_header_can_list_is_left_out() {
        BearerAuthentication authentication = builder(Profile.GUIDE).build().authentication();
        EndpointRequest request = Host.get(token).build();

        assertChallenged(
                authentication.challenge(request, demand(Duration.ofMillis(1500), "a b", "é", "", "x\r\ny", "\"q\\")),
                ", max_age=\"1\", acr_values=\"\\\"q\\\\\"");
        assertChallenged(authentication.challenge(request, demand(Duration.ZERO, "é")), ", max_age=\"0\"");
        assertChallenged(authentication.challenge(request, demand(Duration.ofSeconds(-7))), ", max_age=\"0\"");
    }

    @ParameterizedTest
    @EnumSource
    void one_that_the_endpoints_meet_is_answered_alike(Profile profile) {
        ReauthenticationRequiredException demand = demand(FIVE_MINUTES);
        RefreshCookie cookie = RefreshCookie.named("__Host-rt").build();
        SessionEndpoints endpoints = builder(profile)
                .refresh(
                        (of, scopes, sender, notAfter) -> {
                            throw demand;
                        },
                        cookie)
                .build();
        String refresh = host.login(Host.ALICE, attempt -> attempt.withRefreshToken(RefreshBinding.none()))
                .token()
                .orElseThrow()
                .reveal();

        EndpointResponse response = endpoints.refresh(EndpointRequest.of("POST")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Cookie", "__Host-rt=" + refresh)
                .build());

        assertChallenged(response, ", max_age=\"300\"");
    }

    @ParameterizedTest
    @EnumSource
    void who_has_proven_nothing_lately_ends_no_other_session_and_learns_of_none(Profile profile) throws ParseException {
        SessionEndpoints endpoints = demanding(profile);
        Session other = host.login(Host.ALICE);
        Session foreign = host.login(Host.BOB);
        SessionId unknown = SessionId.mint(Host.ALICE, host.clock.instant(), new SecureRandom());
        host.clock.advance(FIVE_MINUTES.plusMillis(1));
        host.store.forgetCalls();

        EndpointResponse all = endpoints.revokeOtherSessions(Host.delete(token).build());

        assertChallenged(all, ", max_age=\"300\"");
        for (String id : List.of(other.handle().value(), foreign.handle().value(), unknown.value(), "x", "")) {
            EndpointResponse one =
                    endpoints.revokeSession(Host.delete(token).pathId(id).build());
            assertThat(one.headers()).isEqualTo(all.headers());
            Map<String, Object> told = json(one);
            Map<String, Object> same = json(all);
            told.remove("instance");
            same.remove("instance");
            assertThat(told).isEqualTo(same);
        }
        assertThat(host.store.calls()).containsOnly("revocationsCovering");
        assertThat(host.isLive(other) && host.isLive(foreign)).isTrue();
    }

    @Test
    void who_has_proven_it_lately_ends_them_at_no_more_cost() {
        SessionEndpoints endpoints = demanding(Profile.GUIDE);
        Session other = host.login(Host.ALICE);
        String fresh = host.token(host.login(Host.ALICE));
        host.clock.advance(FIVE_MINUTES);
        host.store.forgetCalls();

        assertThat(endpoints
                        .revokeSession(Host.delete(fresh)
                                .pathId(other.handle().value())
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(host.store.calls()).doesNotContain("revocationsCovering");
        assertThat(endpoints.revokeOtherSessions(Host.delete(fresh).build()).status())
                .isEqualTo(200);
        assertThat(host.isLive(other) || host.isLive(session)).isFalse();
    }

    @Test
    void without_the_setting_nobody_is_asked() {
        Session other = host.login(Host.ALICE);
        host.clock.advance(Duration.ofMinutes(14));

        assertThat(builder(Profile.GUIDE)
                        .build()
                        .revokeSession(Host.delete(token)
                                .pathId(other.handle().value())
                                .build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_logout_and_the_end_of_the_current_session_are_never_asked_for_it() {
        SessionEndpoints endpoints = demanding(Profile.GUIDE);
        String second = host.token(host.login(Host.ALICE));
        Session third = host.login(Host.ALICE);
        host.clock.advance(Duration.ofMinutes(10));

        assertThat(endpoints.logout(Host.post(second).build()).status()).isEqualTo(200);
        assertThat(endpoints
                        .revokeSession(Host.delete(host.sign(claims(third)))
                                .pathId(third.handle().value())
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(endpoints.listSessions(Host.get(token).build()).status()).isEqualTo(200);
    }

    /** An access token of a person that has signed in when the session began. */
    private Map<String, Object> claims(Session of) {
        Map<String, Object> claims = host.claims(Host.ALICE);
        claims.put("sid", of.handle().value());
        claims.put("auth_time", of.authenticatedAt().getEpochSecond());
        return claims;
    }

    @Test
    void the_class_of_the_proof_counts_too() {
        SessionEndpoints endpoints = builder(Profile.STANDARDS)
                .demandProof(FIVE_MINUTES, "urn:mfa", "phr")
                .build();
        Map<String, Object> claims = claims(session);
        claims.put("acr", "urn:pwd");

        assertChallenged(
                endpoints.revokeOtherSessions(Host.delete(host.sign(claims)).build()),
                ", max_age=\"300\", acr_values=\"urn:mfa phr\"");
        claims.put("acr", "phr");
        assertThat(endpoints
                        .revokeOtherSessions(Host.delete(host.sign(claims)).build())
                        .status())
                .isEqualTo(204);
    }

    @Test
    void after_a_step_up_the_session_may_end_the_others() {
        SessionEndpoints endpoints = demanding(Profile.GUIDE);
        SessionCredentials credentials = host.service.credentials();
        SecretToken mine =
                host.login(Host.ALICE, LoginAttempt::withSessionToken).token().orElseThrow();
        host.clock.advance(Duration.ofMinutes(20));
        assertThat(endpoints
                        .revokeOtherSessions(Host.delete(mine.reveal()).build())
                        .status())
                .isEqualTo(401);
        Caller caller = ((Authenticated) credentials.authenticate(Host.REALM, mine.reveal())).caller();

        RenewResult result = credentials.beginStepUp(caller).complete("urn:mfa", Set.of("otp"), mine.reveal());

        String next = ((RenewResult.Renewed) result).token().reveal();
        assertThat(endpoints.revokeOtherSessions(Host.delete(next).build()).status())
                .isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void who_is_revoked_is_told_that_and_not_to_prove_more() {
        Session other = host.login(Host.ALICE);
        host.clock.advance(Duration.ofMinutes(10));
        host.service.revokeAllSessions(
                Host.ALICE, RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "helpdesk"));

        EndpointResponse response = demanding(Profile.GUIDE)
                .revokeSession(Host.delete(token).pathId(other.handle().value()).build());

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).contains("\"reason\":\"revoked_by_admin\"");
    }

    @Test
    void in_an_outage_nobody_is_asked_to_prove_anything() {
        host.clock.advance(Duration.ofMinutes(10));
        host.store.cut();

        assertThat(demanding(Profile.STANDARDS)
                        .revokeOtherSessions(Host.delete(token).build())
                        .status())
                .isEqualTo(503);
    }

    @Test
    void a_demand_that_nobody_could_meet_or_read_cannot_be_made() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> host.endpoints().demandProof(none));
        }
        for (String acr : List.of("", "a b", "é", "a\nb")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> host.endpoints().demandProof(FIVE_MINUTES, "phr", acr));
        }
    }
}
