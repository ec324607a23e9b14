package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.http.AuthenticationResult.Authenticated;
import dev.curfew.http.AuthenticationResult.Refused;
import dev.curfew.session.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What a host's own resources are protected by. */
class BearerAuthenticationTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private AuthenticationResult authenticate(Profile profile, EndpointRequest.Builder request) {
        return host.endpoints(profile).authentication().authenticate(request.build());
    }

    private static EndpointResponse refused(AuthenticationResult result) {
        assertThat(result).isInstanceOf(Refused.class);
        return ((Refused) result).response();
    }

    @ParameterizedTest
    @EnumSource
    void a_good_token_passes(Profile profile) {
        host.store.forgetCalls();

        AuthenticationResult result = authenticate(profile, Host.get(token));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Authenticated.class,
                        authenticated ->
                                assertThat(authenticated.caller().subject()).contains(Host.ALICE));
        assertThat(host.store.calls()).containsExactly("revocationsCovering", "touch");
    }

    @ParameterizedTest
    @CsvSource({"GUIDE, 403", "STANDARDS, 401"})
    void an_expired_token_is_refused_and_its_session_lives_on(Profile profile, int status) {
        host.expired(token);

        assertThat(refused(authenticate(profile, Host.get(token))).status()).isEqualTo(status);
        assertThat(host.isLive(session)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_revoked_token_is_answered_as_a_forged_one_but_for_the_reason(Profile profile) {
        EndpointResponse forged = refused(authenticate(profile, Host.get(host.forged(session))));
        EndpointResponse malformed = refused(authenticate(profile, Host.get("x")));
        host.endpoints(profile).logout(Host.post(token).build());
        EndpointResponse revoked = refused(authenticate(profile, Host.get(token)));

        for (EndpointResponse response : List.of(forged, malformed, revoked)) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers()).isEqualTo(forged.headers());
            assertThat(response.bodyText()
                            .replaceAll("urn:uuid:.{36}", "")
                            .replace(",\"reason\":\"user_logout\"", "")
                            .replace("You have signed out", "Token missing or invalid"))
                    .isEqualTo(forged.bodyText().replaceAll("urn:uuid:.{36}", ""));
        }
        assertThat(revoked.bodyText()).contains(",\"reason\":\"user_logout\"");
        assertThat(forged.bodyText()).doesNotContain("reason");
    }

    @Test
    void in_the_standards_expired_is_answered_as_forged_too() {
        EndpointResponse forged = refused(authenticate(Profile.STANDARDS, Host.get(host.forged(session))));
        host.expired(token);
        EndpointResponse expired = refused(authenticate(Profile.STANDARDS, Host.get(token)));

        assertThat(expired.headers()).isEqualTo(forged.headers());
        assertThat(expired.bodyText().replaceAll("urn:uuid:.{36}", ""))
                .isEqualTo(forged.bodyText().replaceAll("urn:uuid:.{36}", ""));
    }

    @ParameterizedTest
    @CsvSource({"GUIDE, 500", "STANDARDS, 503"})
    void an_outage_is_never_a_bad_token(Profile profile, int status) {
        host.store.cut();

        EndpointResponse response = refused(authenticate(profile, Host.get(token)));

        assertThat(response.status()).isEqualTo(status);
        assertThat(response.headers("WWW-Authenticate")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void what_nobody_expected_is_an_answer_too(Profile profile) {
        host.store.failWith(new IllegalStateException(token));

        EndpointResponse response = refused(authenticate(profile, Host.get(token)));

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.bodyText()).doesNotContain(token);
    }

    @Test
    void a_body_and_a_query_are_not_looked_at() {
        EndpointRequest.Builder request = Host.json(EndpointRequest.of("POST"), "{\"token\":\"" + token + "\"}")
                .queryParameter("access_token", token);

        assertThat(refused(authenticate(Profile.GUIDE, request)).status()).isEqualTo(401);
        assertThat(authenticate(Profile.GUIDE, Host.json(Host.post(token), "{".repeat(100_000))))
                .isInstanceOf(Authenticated.class);
    }
}
