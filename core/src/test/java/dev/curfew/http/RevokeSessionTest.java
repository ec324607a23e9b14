package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ending one session by its id. */
class RevokeSessionTest {
    private static final List<String> MALFORMED = List.of(
            "",
            "x",
            " ",
            "..",
            "../../etc/passwd",
            "%00",
            "\0",
            "a\r\nSet-Cookie: a=b",
            "' OR 1=1 --",
            "🙂",
            "A".repeat(31),
            "A".repeat(33),
            "A".repeat(100_000),
            "null",
            "{}",
            "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "\uD800");

    private final Host host = Host.create();
    private final Session current = host.login(Host.ALICE);
    private final Session other = host.login(Host.ALICE);
    private final Session foreign = host.login(Host.BOB);
    private final String token = host.token(current);

    private static EndpointResponse revoke(SessionEndpoints endpoints, String token, String id) {
        return endpoints.revokeSession(Host.delete(token).pathId(id).build());
    }

    private static String id(Session session) {
        return session.handle().value();
    }

    private String unknown() {
        return SessionId.mint(Host.ALICE, host.clock.instant(), new SecureRandom())
                .value();
    }

    @Test
    void an_own_session_ends_and_is_named() {
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        host.store.forgetCalls();

        EndpointResponse response = revoke(endpoints, token, id(other));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText())
                .isEqualTo(
                        "{\"success\":true,\"message\":\"Session revoked successfully\",\"id\":\"" + id(other) + "\"}");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.store.calls()).containsExactly("revoke", "touch");
        assertThat(host.isLive(other)).isFalse();
        assertThat(host.isAccepted(host.token(other))).isFalse();
        assertThat(host.isLive(current)).isTrue();
    }

    @Test
    void the_standards_answer204() {
        SessionEndpoints endpoints = host.endpoints(Profile.STANDARDS);

        EndpointResponse response = revoke(endpoints, token, id(other));

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers("Content-Type")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void ending_it_again_is_answered_alike(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);

        EndpointResponse first = revoke(endpoints, token, id(other));
        EndpointResponse second = revoke(endpoints, token, id(other));

        assertSame(first, second);
    }

    @ParameterizedTest
    @EnumSource
    void the_current_session_is_logged_out(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        Session twin = host.login(Host.ALICE);
        EndpointResponse logout = endpoints.logout(Host.post(host.token(twin)).build());

        EndpointResponse response = revoke(endpoints, token, id(current));

        assertSame(response, logout);
        assertThat(response.headers("Set-Cookie")).isNotEmpty();
        assertThat(host.isLive(current)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void unknown_foreign_and_malformed_ids_are_one_answer(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        EndpointResponse unknown = revoke(endpoints, token, unknown());

        assertThat(unknown.status()).isEqualTo(404);
        assertSame(revoke(endpoints, token, id(foreign)), unknown);
        for (String malformed : MALFORMED) {
            assertSame(revoke(endpoints, token, malformed), unknown);
        }
        assertSame(endpoints.revokeSession(Host.delete(token).build()), unknown);
        assertThat(host.isLive(foreign)).isTrue();
    }

    @Test
    void the_guides_masked_answer_is_exactly_this() {
        EndpointResponse response = revoke(host.endpoints(Profile.GUIDE), token, id(foreign));

        assertThat(response.bodyText()).isEqualTo("{\"success\":false,\"message\":\"Invalid session ID\"}");
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"));
    }

    @Test
    void a_malformed_id_costs_no_store_call_and_unknown_costs_what_foreign_costs() {
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        host.store.forgetCalls();
        MALFORMED.forEach(malformed -> revoke(endpoints, token, malformed));
        assertThat(host.store.calls()).isEmpty();

        revoke(endpoints, token, unknown());
        assertThat(host.store.calls()).containsExactly("revoke");
        host.store.forgetCalls();
        revoke(endpoints, token, id(foreign));
        assertThat(host.store.calls()).containsExactly("revoke");
    }

    @Test
    void a_foreign_id_is_an_audit_event() {
        revoke(host.endpoints(Profile.GUIDE), token, id(foreign));

        assertThat(host.count(RevocationDenied.class)).isEqualTo(1);
    }

    @Test
    void a_host_may_tell_unknown_from_foreign() {
        SessionEndpoints endpoints =
                host.endpoints().errors(SessionIdErrors.DESCRIPTIVE).build();
        host.store.forgetCalls();

        EndpointResponse unknown = revoke(endpoints, token, unknown());
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.bodyText()).isEqualTo("{\"success\":false,\"message\":\"Session not found\"}");
        assertThat(host.store.calls()).containsExactly("revoke", "find");

        host.store.forgetCalls();
        EndpointResponse stranger = revoke(endpoints, token, id(foreign));
        assertThat(stranger.status()).isEqualTo(403);
        assertThat(stranger.bodyText()).isEqualTo("{\"success\":false,\"message\":\"Unauthorized\"}");
        assertThat(host.store.calls()).containsExactly("revoke", "find");

        host.store.forgetCalls();
        assertSame(revoke(endpoints, token, "x"), unknown);
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void another_realms_session_is_unknown() {
        Host elsewhere = Host.create();
        Session theirs = elsewhere.login(Host.ALICE);

        assertThat(revoke(host.endpoints(Profile.GUIDE), token, id(theirs)).status())
                .isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource
    void a_revoked_caller_ends_nothing(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        endpoints.logout(Host.post(token).build());

        EndpointResponse response = revoke(endpoints, token, id(other));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.header("WWW-Authenticate").orElseThrow()).contains("invalid_token");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(other)).isTrue();
    }

    @Test
    void an_expired_caller_ends_nothing() {
        host.expired(token);

        assertThat(revoke(host.endpoints(Profile.GUIDE), token, id(other)).status())
                .isEqualTo(403);
        assertThat(revoke(host.endpoints(Profile.STANDARDS), token, id(current)).status())
                .isEqualTo(401);
        assertThat(host.isLive(other)).isTrue();
        assertThat(host.isLive(current)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void an_outage_is_not_a_bad_token(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        host.store.cut();

        EndpointResponse response = revoke(endpoints, token, id(other));

        assertThat(response.status()).isEqualTo(profile == Profile.GUIDE ? 500 : 503);
        assertThat(response.headers("Retry-After")).hasSize(profile == Profile.GUIDE ? 0 : 1);
    }

    @Test
    void an_issuers_own_ids_work_too() {
        Host foreignIds = Host.withForeignSessionIds();
        SessionEndpoints endpoints = foreignIds.endpoints(Profile.GUIDE);
        Map<String, Object> claims = foreignIds.claims(Host.ALICE);
        claims.put("sid", "idp-1 ä/..");
        String caller = foreignIds.sign(claims);

        EndpointResponse unknown = revoke(endpoints, caller, "idp-2");
        assertThat(unknown.status()).isEqualTo(404);
        assertSame(revoke(endpoints, caller, "\uD800"), unknown);
        assertThat(revoke(endpoints, caller, "idp-1 ä/..").status()).isEqualTo(200);
        assertThat(foreignIds.isAccepted(caller)).isFalse();
    }

    /** Alike to the last byte, but for the random name of the occurrence. */
    private static void assertSame(EndpointResponse actual, EndpointResponse expected) {
        assertThat(actual.status()).isEqualTo(expected.status());
        assertThat(actual.headers()).isEqualTo(expected.headers());
        assertThat(withoutInstance(actual)).isEqualTo(withoutInstance(expected));
    }

    private static String withoutInstance(EndpointResponse response) {
        return response.bodyText().replaceAll("urn:uuid:[0-9a-f-]{36}", "urn:uuid:*");
    }
}
