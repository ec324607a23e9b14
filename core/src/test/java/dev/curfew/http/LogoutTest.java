package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging out, in the guide's profile and in Spanish. */
class LogoutTest {
    private static final String DONE = "{\"success\":true,\"message\":\"Sesión cerrada exitosamente\"}";
    private static final String INVALID = "{\"success\":false,\"message\":\"Token no proporcionado o inválido\"}";
    private static final String EXPIRED = "{\"success\":false,\"message\":\"El token ha expirado\"}";
    private static final String FAILED = "{\"success\":false,\"message\":\"Error interno del servidor\"}";
    private static final String CLEARED =
            "__Host-at=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax";

    private final Host host = Host.create();
    private final SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private EndpointResponse logout(EndpointRequest.Builder request) {
        return endpoints.logout(request.header("Accept-Language", "es").build());
    }

    @Test
    void aBearerTokenEndsItsSession() {
        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText()).isEqualTo(DONE);
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"),
                        new HeaderField("Set-Cookie", CLEARED));
        assertThat(host.isLive(session)).isFalse();
        assertThat(host.isAccepted(token)).isFalse();
    }

    @Test
    void everyOtherTokenOfTheSessionEndsWithIt() {
        String sibling = host.token(session);
        String elsewhere = host.token(host.login(Host.ALICE));

        logout(Host.post(token));

        assertThat(host.isAccepted(sibling)).isFalse();
        assertThat(host.isAccepted(elsewhere)).isTrue();
    }

    @Test
    void itCostsOneRoundTrip() {
        host.store.forgetCalls();

        logout(Host.post(token));

        assertThat(host.store.calls()).containsExactly("revoke");
    }

    @Test
    void theSchemeIsCaseInsensitiveAndTheHeaderNameToo() {
        assertThat(logout(EndpointRequest.of("POST").header("aUTHORIZATION", "bEARER  " + token + " "))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aTokenInTheBodyAloneIsEnough() {
        assertThat(logout(Host.json(EndpointRequest.of("POST"), "{\"token\":\"" + token + "\"}"))
                        .status())
                .isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void theSameTokenInHeaderAndBodyIsOneToken() {
        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"" + token + "\"}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void twoTokensOfOneSessionEndIt() {
        String sibling = host.token(session);

        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"" + sibling + "\"}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anExpiredTokenBesideAGoodOneOfTheSameSessionDoesNoHarm() {
        host.expired(token);
        String fresh = host.token(session);

        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"" + fresh + "\"}"))
                        .bodyText())
                .isEqualTo(DONE);
    }

    @Test
    void bearerAndBodyOfDifferentSessionsEndNothing() {
        Session other = host.login(Host.ALICE);
        host.store.forgetCalls();

        EndpointResponse response = logout(Host.json(Host.post(token), "{\"token\":\"" + host.token(other) + "\"}"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.bodyText()).startsWith("{\"success\":false,");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(session) && host.isLive(other)).isTrue();
    }

    @Test
    void withoutATokenTheAnswerIsAChallengeWithoutAnError() {
        EndpointResponse response = logout(EndpointRequest.of("POST"));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(response.header("WWW-Authenticate")).contains("Bearer realm=\"api\"");
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "null", "undefined", "%00", "Bearer", "x y"})
    void aMalformedTokenIsRefusedWithoutAskingTheStore(String malformed) {
        host.store.forgetCalls();

        EndpointResponse response = logout(Host.post(malformed));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(response.header("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer realm=\"api\", error=\"invalid_token\"");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void aForgedTokenLogsNobodyOut() {
        host.store.forgetCalls();

        EndpointResponse response = logout(Host.post(host.forged(session)));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void theSecondLogoutIsRefusedAndStillClearsTheCookie() {
        logout(Host.post(token));

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(response.header("WWW-Authenticate")).isPresent();
        assertThat(response.headers("Set-Cookie")).containsExactly(CLEARED);
        assertThat(host.count(SessionEnded.class)).isEqualTo(1);
    }

    @Test
    void aForgedCookieIsClearedBecauseTheBrowserWouldOnlySendItAgain() {
        EndpointResponse response = logout(EndpointRequest.of("POST")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Cookie", "__Host-at=" + host.forged(session)));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("Set-Cookie")).containsExactly(CLEARED);
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void aGoodCookieBesideABadTokenIsKeptBecauseItsSessionLivesOn() {
        String cookie = "__Host-at=" + token;

        EndpointResponse bearer = logout(Host.post(host.forged(session)).header("Cookie", cookie));
        EndpointResponse body =
                logout(Host.json(EndpointRequest.of("POST").header("Cookie", cookie), "{\"token\":\"x\"}"));

        assertThat(bearer.status()).isEqualTo(401);
        assertThat(body.status()).isEqualTo(401);
        assertThat(bearer.headers("Set-Cookie")).isEmpty();
        assertThat(body.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void anExpiredTokenEndsItsSessionAllTheSame() {
        host.expired(token);

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.bodyText()).isEqualTo(EXPIRED);
        assertThat(response.headers("Set-Cookie")).containsExactly(CLEARED);
        assertThat(host.isLive(session)).isFalse();
        assertThat(logout(Host.post(token)).bodyText()).as("the second time").isEqualTo(EXPIRED);
    }

    @Test
    void anExpiredForgedTokenEndsNothing() {
        String forged = host.expired(host.forged(session));

        assertThat(logout(Host.post(forged)).status()).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void aTokenWithoutASessionIsRevokedItself() {
        Map<String, Object> claims = host.claims(Host.ALICE);
        String loose = host.sign(claims);

        assertThat(logout(Host.post(loose)).status()).isEqualTo(200);
        assertThat(host.isAccepted(loose)).isFalse();
        assertThat(host.isAccepted(token)).isTrue();
    }

    @Test
    void twoTokensWithoutASessionAreNotOne() {
        String one = host.sign(host.claims(Host.ALICE));
        String two = host.sign(host.claims(Host.ALICE));

        assertThat(logout(Host.json(Host.post(one), "{\"token\":\"" + two + "\"}"))
                        .status())
                .isEqualTo(400);
        assertThat(host.isAccepted(one) && host.isAccepted(two)).isTrue();
    }

    @Test
    void anOutageClearsNothingSoThatTheClientCanTryAgain() {
        host.store.cut();

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.bodyText()).isEqualTo(FAILED);
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"));

        host.store.mend();
        assertThat(logout(Host.post(token)).status()).isEqualTo(200);
    }

    @Test
    void anUnexpectedFailureIsAnsweredToo() {
        host.store.failWith(new IllegalStateException("SELECT * FROM secret WHERE token = '" + token + "'"));

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.bodyText()).isEqualTo(FAILED);
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post", "", "POST\r\nX: y"})
    void anyOtherMethodChangesNothing(String method) {
        EndpointResponse response = endpoints.logout(EndpointRequest.of(method)
                .header("Authorization", "Bearer " + token)
                .build());

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers("Allow")).isEqualTo(List.of("POST"));
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void aTokenInTheQueryIsNoToken() {
        EndpointResponse response = logout(
                EndpointRequest.of("POST").queryParameter("access_token", token).queryParameter("token", token));

        assertThat(response.status()).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void aTokenThatWasRevokedAloneCannotEndTheSessionAndClearsNothing() {
        String revoked = host.token(session);
        host.service.revokeToken(
                host.verifier.verify(revoked), RevocationCause.byUser(RevocationReason.SUSPICIOUS_ACTIVITY));

        for (Profile profile : Profile.values()) {
            EndpointResponse response =
                    host.endpoints(profile).logout(Host.post(revoked).build());

            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
        assertThat(host.isLive(session)).isTrue();
        assertThat(host.isAccepted(token)).isTrue();
    }
}
