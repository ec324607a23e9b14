package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ending all sessions but the current one. */
class RevokeOtherSessionsTest {
    private final Host host = Host.create();
    private final Session first = host.login(Host.ALICE);
    private final Session current = host.login(Host.ALICE);
    private final Session last = host.login(Host.ALICE);
    private final Session foreign = host.login(Host.BOB);
    private final String token = host.token(current);

    private static EndpointResponse revokeOthers(SessionEndpoints endpoints, String token) {
        return endpoints.revokeOtherSessions(Host.delete(token).build());
    }

    @Test
    void the_others_end_and_are_counted() {
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        host.store.forgetCalls();

        EndpointResponse response = revokeOthers(endpoints, token);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText())
                .isEqualTo("{\"success\":true,\"message\":\"All other sessions revoked successfully\",\"revoked\":2}");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(first) || host.isLive(last)).isFalse();
        assertThat(host.isLive(current) && host.isLive(foreign)).isTrue();
        assertThat(host.isAccepted(token)).isTrue();
    }

    @Test
    void no_others_is_a_success_too() {
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        revokeOthers(endpoints, token);

        EndpointResponse again = revokeOthers(endpoints, token);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.bodyText()).contains("\"revoked\":0");
    }

    @Test
    void the_standards_answer204() {
        EndpointResponse response = revokeOthers(host.endpoints(Profile.STANDARDS), token);

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.headers()).containsExactly(new HeaderField("Cache-Control", "no-store"));
        assertThat(host.isLive(first)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_token_without_a_session_ends_nothing(Profile profile) {
        String loose = host.sign(host.claims(Host.ALICE));
        SessionEndpoints endpoints = host.endpoints(profile);
        host.store.forgetCalls();

        assertThat(revokeOthers(endpoints, loose).status()).isEqualTo(409);
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(first) && host.isLive(current) && host.isLive(last))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_revoked_caller_ends_nothing(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        endpoints.logout(Host.post(token).build());

        assertThat(revokeOthers(endpoints, token).status()).isEqualTo(401);
        assertThat(host.isLive(first)).isTrue();
    }

    @Test
    void an_expired_caller_ends_nothing() {
        host.expired(token);

        assertThat(revokeOthers(host.endpoints(Profile.GUIDE), token).status()).isEqualTo(403);
        assertThat(host.isLive(first)).isTrue();
    }

    @Test
    void an_outage_is_no_success_and_a_retry_completes_it() {
        SessionEndpoints endpoints = host.endpoints(Profile.STANDARDS);
        host.store.cut();
        assertThat(revokeOthers(endpoints, token).status()).isEqualTo(503);

        host.store.mend();
        assertThat(revokeOthers(endpoints, token).status()).isEqualTo(204);
        assertThat(host.isLive(first) || host.isLive(last)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void any_other_method_names_those_that_there_are(Profile profile) {
        EndpointResponse response =
                host.endpoints(profile).revokeOtherSessions(Host.post(token).build());

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers("Allow")).containsExactly("GET, DELETE");
        assertThat(host.isLive(first)).isTrue();
    }
}
