package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Session;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of a logout that are not what they should be. */
class HostileBodyTest {
    private final Host host = Host.create();
    private final SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private int logout(EndpointRequest.Builder request) {
        return endpoints.logout(request.build()).status();
    }

    private void assertRefused(String body) {
        host.store.forgetCalls();
        assertThat(logout(Host.json(Host.post(token), body))).as(body).isEqualTo(400);
        assertThat(host.store.calls()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "}",
                "[]",
                "null",
                "\"token\"",
                "1",
                " ",
                "{}{}",
                "{} x",
                "{,}",
                "{\"a\":1,}",
                "{\"a\" 1}",
                "{a:1}",
                "{'token':'x'}",
                "{\"token\":}",
                "{\"token\":\"x}",
                "{\"token\":null}",
                "{\"token\":1}",
                "{\"token\":true}",
                "{\"token\":[\"x\"]}",
                "{\"token\":{\"x\":\"y\"}}",
                "{\"a\":[]}",
                "{\"a\":{}}",
                "{\"a\":01}",
                "{\"a\":1.}",
                "{\"a\":.5}",
                "{\"a\":+1}",
                "{\"a\":1e}",
                "{\"a\":1e999}",
                "{\"a\":11111111111111111111111111111111111111111111111111111111111111111}",
                "{\"a\":\"\\ud800\"}",
                "{\"a\":NaN}",
                "{\"a\":nul}",
                "{\"a\":nullx}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"\n\"}",
                "{\"a\":\"\0\"}",
                "\uFEFF{}",
                "{\"a\":1 \"b\":2}",
                "{/**/}",
                "{\"a\":\"\\u٠٠٤١\"}"
            })
    void broken_json_is_refused_without_asking_the_store(String body) {
        assertRefused(body);
    }

    @Test
    void a_member_given_twice_is_refused_however_it_is_spelled() {
        assertRefused("{\"token\":\"" + token + "\",\"token\":\"x\"}");
        assertRefused("{\"token\":\"" + token + "\",\"t\\u006fken\":\"" + token + "\"}");
        assertRefused("{\"a\":1,\"a\":1}");
    }

    @Test
    void depth_costs_nothing() {
        assertRefused("[".repeat(10_000));
        assertRefused("{\"a\":".repeat(2_000));
        assertRefused("{\"token\":" + "[".repeat(10_000));
    }

    @Test
    void bytes_that_are_not_utf8_are_refused() {
        byte[] body = "{\"token\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);

        assertThat(logout(Host.post(token)
                        .header("Content-Type", "application/json")
                        .body(body)))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " { } ",
                "{\"a\":1,\"b\":-0.5e+3,\"c\":true,\"d\":false,\"e\":null,\"f\":\"\\\"\\\\\\/\\b\\n\"}",
                "{\"Token\":1}",
                "{\"a\":\"\\u00e9é🙂\"}"
            })
    void members_of_no_meaning_are_passed_over(String body) {
        assertThat(logout(Host.json(Host.post(token), body))).isEqualTo(200);
    }

    @Test
    void an_escaped_token_is_the_same_token() {
        String spelled = "\\u00" + Integer.toHexString(token.charAt(0)) + token.substring(1);

        assertThat(logout(Host.json(EndpointRequest.of("POST"), "\t{\"token\" : \"" + spelled + "\"}\r\n")))
                .isEqualTo(200);
    }

    @Test
    void an_empty_token_is_a_bad_one() {
        assertThat(logout(Host.json(EndpointRequest.of("POST"), "{\"token\":\"\"}")))
                .isEqualTo(401);
        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"\"}"))).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "application/json,                  200",
        "APPLICATION/JSON ; charset=utf-8,  200",
        "application/jsonp,                 415",
        "text/plain,                        415",
        "application/x-www-form-urlencoded, 415",
        "multipart/form-data,               415",
        "'',                                415",
        "'text/plain, application/json',    415",
    })
    void aBodyMustBeJson(String type, int status) {
        assertThat(logout(Host.post(token).header("Content-Type", type).body(new byte[] {'{', '}'})))
                .isEqualTo(status);
    }

    @Test
    void a_body_without_a_type_or_with_two_is_refused() {
        byte[] body = {'{', '}'};

        assertThat(logout(Host.post(token).body(body))).isEqualTo(415);
        assertThat(logout(Host.post(token)
                        .header("Content-Type", "application/json")
                        .header("Content-Type", "application/json")
                        .body(body)))
                .isEqualTo(415);
        assertThat(logout(Host.post(token).header("Content-Type", "text/plain")))
                .as("no body")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void too_much_is_too_much_for_every_endpoint(Profile profile) {
        SessionEndpoints all = host.endpoints(profile);
        byte[] exact = new byte[16 * 1024];
        byte[] longer = new byte[16 * 1024 + 1];

        assertThat(all.logout(Host.post(token).body(longer).build()).status()).isEqualTo(413);
        assertThat(all.listSessions(Host.get(token).body(longer).build()).status())
                .isEqualTo(413);
        EndpointRequest.Builder delete = Host.delete(token).pathId("x");
        assertThat(all.revokeSession(delete.body(longer).build()).status()).isEqualTo(413);
        assertThat(all.revokeOtherSessions(delete.body(longer).build()).status())
                .isEqualTo(413);
        assertThat(all.revokeSession(delete.body(exact).build()).status())
                .as("a body that is not needed is ignored")
                .isEqualTo(404);
    }

    @Test
    void the_limit_is_the_hosts_to_choose() {
        SessionEndpoints tight = host.endpoints().maxBodyBytes(2).build();

        assertThat(tight.logout(Host.json(Host.post(token), "{ }").build()).status())
                .isEqualTo(413);
        assertThat(tight.logout(Host.json(Host.post(token), "{}").build()).status())
                .isEqualTo(200);
    }
}
