package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.RevocationCause;
import dev.curfew.crypto.SecretToken;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Naming a session over HTTP. */
class RenameSessionTest {
    private final Host host = Host.create();
    private final SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
    private final Session session = host.login(Host.ALICE);
    private final Session other = host.login(Host.ALICE);
    private final String token = host.token(session);

    private EndpointRequest.Builder patch(String body) {
        return Host.json(EndpointRequest.of("PATCH").header("Authorization", "Bearer " + token), body)
                .pathId(other.handle().value());
    }

    private static String label(String text) {
        return "{\"label\":\"" + text + "\"}";
    }

    private EndpointResponse rename(EndpointRequest.Builder request) {
        return endpoints.renameSession(request.build());
    }

    private String list() {
        return endpoints.listSessions(Host.get(token).build()).bodyText();
    }

    private static String whole(EndpointResponse response) {
        return response.status() + " "
                + response.headers().stream()
                        .map(header -> header.name() + ":" + header.value())
                        .toList()
                + " " + response.bodyText();
    }

    @Test
    void a_session_gets_a_name_that_the_list_shows() {
        EndpointResponse response = rename(patch(label("Laptop in the kitchen")).header("Accept-Language", "es"));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText())
                .isEqualTo("{\"success\":true,\"message\":\"Sesión renombrada exitosamente\",\"id\":\""
                        + other.handle().value() + "\",\"label\":\"Laptop in the kitchen\"}");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(list())
                .containsOnlyOnce("\"label\"")
                .contains("\"id\":\"" + other.handle().value()
                        + "\",\"current\":false,\"device\":\"Firefox on Linux\",\"kind\":\"desktop\","
                        + "\"label\":\"Laptop in the kitchen\",\"browser\":\"Firefox\",\"system\":\"Linux\"");
    }

    @Test
    void the_current_session_may_be_named_too_and_a_name_may_go() {
        assertThat(rename(patch(label("mine")).pathId(session.handle().value())).status())
                .isEqualTo(200);
        assertThat(list()).contains("\"label\":\"mine\"");

        assertThat(rename(patch(label("")).pathId(session.handle().value())).status())
                .isEqualTo(200);
        assertThat(list()).doesNotContain("label");
    }

    @Test
    void the_standards_answer_nothing_but_204() {
        EndpointResponse response = host.endpoints(Profile.STANDARDS)
                .renameSession(patch(label("x")).build());

        assertThat(response.status()).isEqualTo(204);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void what_looks_like_markup_stays_a_text() throws ParseException {
        String name = "</script><b>😀\" \\\\";
        String written = name.replace("\\", "\\\\").replace("\"", "\\\"");

        EndpointResponse response = rename(patch(label(written)));

        assertThat(JSONObjectUtils.parse(response.bodyText())).containsEntry("label", name);
    }

    @ParameterizedTest
    @EnumSource
    void ids_that_are_not_the_callers_are_answered_alike(Profile profile) {
        SessionEndpoints of = host.endpoints(profile);
        Session ended = host.login(Host.ALICE);
        of.logout(Host.post(host.token(ended)).build());
        String bad = "";
        for (String id : List.of(
                host.login(Host.BOB).handle().value(),
                SessionId.mint(Host.ALICE, host.clock.instant(), new SecureRandom())
                        .value(),
                ended.handle().value(),
                "x",
                "")) {
            EndpointResponse response =
                    of.renameSession(patch(label("mine")).pathId(id).build());
            String told = whole(response).replaceAll("urn:uuid:.{36}", "");

            assertThat(response.status()).isEqualTo(404);
            assertThat(told).isEqualTo(bad.isEmpty() ? told : bad);
            bad = told;
        }
        assertThat(bad)
                .isEqualTo(whole(of.revokeSession(Host.delete(token).pathId("x").build()))
                        .replaceAll("urn:uuid:.{36}", ""));
    }

    @Test
    void a_host_may_tell_them_apart() {
        SessionEndpoints telling =
                host.endpoints().errors(SessionIdErrors.DESCRIPTIVE).build();
        Session ended = host.login(Host.ALICE);
        Session foreign = host.login(Host.BOB);
        telling.logout(Host.post(host.token(ended)).build());

        assertThat(telling.renameSession(patch(label("x"))
                                .pathId(foreign.handle().value())
                                .build())
                        .status())
                .isEqualTo(403);
        for (String id : List.of(
                ended.handle().value(),
                SessionId.mint(Host.ALICE, host.clock.instant(), new SecureRandom())
                        .value())) {
            assertThat(telling.renameSession(patch(label("x")).pathId(id).build())
                            .status())
                    .as("the caller's own, which is over, is nobody else's")
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"   ", "a\\nb", "a\\u0000b", "\\u202Eb", "\\u2028", "\u061C"})
    void a_name_that_breaks_a_rule_is_400_and_costs_no_call(String text) throws ParseException {
        host.store.forgetCalls();

        EndpointResponse guide = rename(patch(label(text)));
        EndpointResponse standards = host.endpoints(Profile.STANDARDS)
                .renameSession(patch(label("x".repeat(65))).build());

        assertThat(guide.status()).isEqualTo(400);
        assertThat(guide.bodyText()).contains("at most 64 characters");
        assertThat(JSONObjectUtils.parse(standards.bodyText())).containsEntry("title", "Invalid label");
        assertThat(host.store.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{}",
                "[]",
                "\"x\"",
                "{\"label\":null}",
                "{\"label\":7}",
                "{\"label\":[\"x\"]}",
                "{\"name\":\"x\"}",
                "{\"label\":\"a\",\"label\":\"b\"}",
                "{\"label\":\"\\uD800\"}"
            })
    void a_broken_body_is_400(String body) {
        host.store.forgetCalls();

        assertThat(rename(patch(body)).status()).isEqualTo(400);
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void no_body_a_long_one_and_one_of_another_type_are_refused() {
        EndpointRequest.Builder bare = EndpointRequest.of("PATCH")
                .header("Authorization", "Bearer " + token)
                .pathId(other.handle().value());

        assertThat(rename(bare).status()).isEqualTo(400);
        assertThat(rename(bare.body(new byte[20_000])).status()).isEqualTo(413);
        assertThat(rename(bare.header("Content-Type", "text/plain").body(new byte[1]))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void who_may_not_call_names_nothing() {
        host.expired(token);
        assertThat(rename(patch(label("x"))).status()).isEqualTo(403);
        for (String bad : List.of("x", host.forged(session))) {
            assertThat(rename(Host.json(
                                            EndpointRequest.of("PATCH").header("Authorization", "Bearer " + bad),
                                            label("x"))
                                    .pathId(other.handle().value()))
                            .status())
                    .isEqualTo(401);
        }
        assertThat(rename(Host.json(EndpointRequest.of("PATCH"), label("x")).pathId("x"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_revoked_caller_is_told_why_and_names_nothing() throws ParseException {
        SecretToken opaque = host.sessionToken(Host.ALICE);
        SessionEndpoints of = host.endpoints().sessionTokens(Host.REALM).build();
        host.clock.advance(Duration.ofSeconds(1));
        host.service.revokeAllSessions(
                Host.ALICE, RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "helpdesk"));

        for (String credential : List.of(token, opaque.reveal())) {
            EndpointResponse response = of.renameSession(
                    Host.json(EndpointRequest.of("PATCH").header("Authorization", "Bearer " + credential), label("x"))
                            .pathId(other.handle().value())
                            .build());
            Map<String, Object> json = JSONObjectUtils.parse(response.bodyText());

            assertThat(response.status()).isEqualTo(401);
            assertThat(json).containsEntry("reason", "revoked_by_admin");
        }
    }

    @Test
    void another_site_cannot_name_anything_with_the_cookie() {
        EndpointRequest.Builder request = Host.json(EndpointRequest.of("PATCH"), label("x"))
                .header("Cookie", "__Host-at=" + token)
                .pathId(other.handle().value());
        host.store.forgetCalls();

        assertThat(rename(request).status()).isEqualTo(403);
        assertThat(host.store.calls()).isEmpty();
        assertThat(rename(request.header("Sec-Fetch-Site", "cross-site")).status())
                .isEqualTo(403);
        assertThat(rename(Host.json(EndpointRequest.of("PATCH"), label("x"))
                                .header("Cookie", "__Host-at=" + token)
                                .header("Sec-Fetch-Site", "same-origin")
                                .pathId(other.handle().value()))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void it_is_counted_as_a_look_at_the_list_is_and_leaves_the_permits_to_end_a_session() {
        SessionEndpoints limited = host.endpoints()
                .rateLimiter(InMemoryRateLimiter.of(2, Duration.ofMinutes(1)))
                .build();

        for (int status : new int[] {200, 400, 429}) {
            assertThat(limited.renameSession(patch(label(status == 400 ? " " : "x"))
                                    .clientAddress("203.0.113.7")
                                    .build())
                            .status())
                    .isEqualTo(status);
        }
        assertThat(limited.listSessions(
                                Host.get(token).clientAddress("203.0.113.7").build())
                        .status())
                .isEqualTo(429);
        assertThat(limited.revokeSession(Host.delete(token)
                                .clientAddress("203.0.113.7")
                                .pathId(other.handle().value())
                                .build())
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void in_an_outage_it_is_an_outage(Profile profile) {
        host.store.cut();

        assertThat(host.endpoints(profile)
                        .renameSession(patch(label("x")).build())
                        .status())
                .isEqualTo(profile == Profile.GUIDE ? 500 : 503);
    }

    @Test
    void any_other_method_changes_nothing_and_the_router_knows_the_way() {
        EndpointResponse response =
                endpoints.renameSession(Host.post(token).pathId("x").build());
        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers("Allow")).containsExactly("DELETE, PATCH");

        assertThat(EndpointRouter.of(endpoints)
                        .route(
                                "/api/auth/sessions/" + other.handle().value(),
                                patch(label("x")).pathId("ignored").build()))
                .get()
                .extracting(EndpointResponse::status)
                .isEqualTo(200);
        assertThat(list()).contains("\"label\":\"x\"");
    }
}
