package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.LoginAttempt;
import dev.curfew.RevocationCause;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Why somebody was signed out: told to who holds a right secret, and to nobody else. */
class EndedReasonTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private SessionEndpoints endpoints(Profile profile) {
        return host.endpoints()
                .profile(profile)
                .credentialCookie(Host.COOKIE)
                .sessionTokens(Host.REALM)
                .refresh(host::issue)
                .build();
    }

    private void end(SecretToken of, RevocationReason reason) {
        host.service.revokeSession(Host.ALICE, of.session(), RevocationCause.of(reason, Actor.system()));
    }

    private static EndpointRequest.Builder refresh(String token) {
        return Host.json(EndpointRequest.of("POST"), "{\"refreshToken\":\"" + token + "\"}");
    }

    private static EndpointResponse refusal(SessionEndpoints of, EndpointRequest.Builder request) {
        return ((AuthenticationResult.Refused) of.authentication().authenticate(request.build())).response();
    }

    private static Map<String, Object> json(EndpointResponse response) {
        try {
            return JSONObjectUtils.parse(response.bodyText());
        } catch (ParseException e) {
            throw new AssertionError(response.bodyText(), e);
        }
    }

    private static void assertTold(EndpointResponse response, String reason) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(json(response)).containsEntry("reason", reason);
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    private static void assertNothingTold(EndpointResponse response) {
        assertThat(response.status()).isEqualTo(401);
        assertThat(json(response)).doesNotContainKey("reason");
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "EXPIRED")
    void each_reason_has_a_word_and_a_text_in_both_languages(RevocationReason reason) {
        SecretToken opaque = host.sessionToken(Host.ALICE);
        end(opaque, reason);
        String word = reason.name().toLowerCase(Locale.ROOT);
        EndpointRequest.Builder english = Host.get(opaque.reveal());
        EndpointRequest.Builder spanish = Host.get(opaque.reveal()).header("Accept-Language", "es");

        for (Profile profile : Profile.values()) {
            String text = profile == Profile.GUIDE ? "message" : "detail";
            EndpointResponse one = refusal(endpoints(profile), english);
            EndpointResponse other = refusal(endpoints(profile), spanish);

            assertTold(one, word);
            assertTold(other, word);
            assertThat(json(one).get(text))
                    .isNotEqualTo(json(other).get(text))
                    .isNotEqualTo(
                            json(refusal(endpoints(profile), Host.get("x"))).get(text));
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_credential_of_an_ended_session_is_told(Profile profile) {
        SessionEndpoints of = endpoints(profile);
        SecretToken opaque = host.sessionToken(Host.ALICE);
        SecretToken refreshing = host.refreshToken(Host.ALICE);
        host.clock.advance(Duration.ofSeconds(1));
        host.service.revokeAllSessions(
                Host.ALICE, RevocationCause.byAdmin(RevocationReason.CREDENTIAL_CHANGED, "helpdesk"));

        for (String credential : List.of(token, opaque.reveal())) {
            assertTold(refusal(of, Host.get(credential)), "credential_changed");
            assertTold(of.listSessions(Host.get(credential).build()), "credential_changed");
            assertTold(of.revokeOtherSessions(Host.delete(credential).build()), "credential_changed");
            assertTold(
                    of.revokeSession(Host.delete(credential)
                            .pathId(refreshing.session().value())
                            .build()),
                    "credential_changed");
        }
        assertTold(of.refresh(refresh(refreshing.reveal()).build()), "credential_changed");
    }

    @Test
    void a_token_that_was_revoked_alone_is_told_as_well() {
        host.service.revokeToken(host.verifier.verify(token), RevocationCause.byUser(RevocationReason.POLICY));

        assertTold(refusal(endpoints(Profile.GUIDE), Host.get(token)), "policy");
    }

    @Test
    void a_superseded_secret_is_told_that_and_not_that_the_session_is_over() {
        SecretToken opaque = host.sessionToken(Host.ALICE);
        SecretToken next = host.renew(opaque);

        assertTold(refusal(endpoints(Profile.GUIDE), Host.get(opaque.reveal())), "superseded");
        end(next, RevocationReason.REVOKED_BY_ADMIN);
        assertTold(refusal(endpoints(Profile.GUIDE), Host.get(opaque.reveal())), "superseded");
        assertTold(refusal(endpoints(Profile.GUIDE), Host.get(next.reveal())), "revoked_by_admin");
    }

    @Test
    void a_session_that_time_has_ended_has_expired() {
        SessionEndpoints of = endpoints(Profile.GUIDE);
        SessionLifetimes brief = SessionLifetimes.of(Duration.ofHours(2), Duration.ofMinutes(30));
        String opaque = host.login(
                        Host.ALICE, attempt -> attempt.withSessionToken().lifetimes(brief))
                .token()
                .orElseThrow()
                .reveal();
        String refreshing = host.login(
                        Host.ALICE,
                        attempt ->
                                attempt.withRefreshToken(RefreshBinding.none()).lifetimes(brief))
                .token()
                .orElseThrow()
                .reveal();
        host.clock.advance(Duration.ofMinutes(31));

        EndpointResponse guide = refusal(of, Host.get(opaque));
        assertThat(guide.status()).isEqualTo(403);
        assertThat(json(guide)).containsEntry("reason", "expired").containsEntry("message", "The session has expired");
        assertTold(refusal(endpoints(Profile.STANDARDS), Host.get(opaque)), "expired");
        assertTold(of.refresh(refresh(refreshing).build()), "expired");
        assertThat(json(refusal(of, Host.get(token))))
                .as("an access token ends before its session")
                .doesNotContainKey("reason");
    }

    @Test
    void a_refresh_token_that_was_used_twice_is_told_and_an_older_one_is_not() {
        SessionEndpoints of = endpoints(Profile.GUIDE);
        SecretToken first = host.refreshToken(Host.ALICE);
        String second =
                (String) json(of.refresh(refresh(first.reveal()).build())).get("refreshToken");
        host.clock.advance(Duration.ofMinutes(1));
        assertTold(of.refresh(refresh(first.reveal()).build()), "token_reuse");
        assertTold(of.refresh(refresh(second).build()), "token_reuse");

        SecretToken old = host.refreshToken(Host.ALICE);
        String next = (String) json(of.refresh(refresh(old.reveal()).build())).get("refreshToken");
        String current = (String) json(of.refresh(refresh(next).build())).get("refreshToken");
        assertNothingTold(of.refresh(refresh(old.reveal()).build()));
        assertNothingTold(of.refresh(refresh(old.reveal()).build()));
        assertTold(of.refresh(refresh(next).build()), "token_reuse");
        assertTold(of.refresh(refresh(current).build()), "token_reuse");
    }

    @Test
    void who_holds_no_right_secret_is_told_nothing() {
        SessionEndpoints of = endpoints(Profile.GUIDE);
        SecretToken opaque = host.sessionToken(Host.ALICE);
        SecretToken refreshing = host.refreshToken(Host.ALICE);
        SecretToken bound = host.login(
                        Host.ALICE,
                        attempt -> attempt.client(new ClientId(Host.REALM, "web"))
                                .withRefreshToken(RefreshBinding.none().scopes(Set.of("read"))))
                .token()
                .orElseThrow();
        String forged = host.forged(session);
        end(opaque, RevocationReason.REVOKED_BY_ADMIN);
        end(refreshing, RevocationReason.REVOKED_BY_ADMIN);
        end(bound, RevocationReason.REVOKED_BY_ADMIN);
        host.service.revokeSession(
                Host.ALICE, session.handle(), RevocationCause.of(RevocationReason.REVOKED_BY_ADMIN, Actor.system()));

        for (String guess : List.of(
                "x",
                forged,
                Host.guess(CredentialKind.SESSION_TOKEN, opaque.session()).reveal(),
                Host.guess(CredentialKind.SESSION_TOKEN, refreshing.session()).reveal())) {
            assertNothingTold(refusal(of, Host.get(guess)));
        }
        for (String guess : List.of(
                Host.guess(CredentialKind.REFRESH_TOKEN, refreshing.session()).reveal(),
                Host.guess(CredentialKind.REFRESH_TOKEN, opaque.session()).reveal(),
                bound.reveal())) {
            assertNothingTold(of.refresh(refresh(guess).build()));
        }
    }

    @Test
    void a_logout_says_what_the_guide_says() {
        SecretToken opaque =
                host.login(Host.ALICE, LoginAttempt::withSessionToken).token().orElseThrow();
        end(opaque, RevocationReason.REVOKED_BY_ADMIN);

        EndpointResponse response =
                endpoints(Profile.GUIDE).logout(Host.post(opaque.reveal()).build());

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo("{\"success\":false,\"message\":\"Token missing or invalid\"}");
    }
}
