package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.RevocationCause;
import dev.curfew.crypto.SecretToken;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Session;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for each answer, whatever was asked for and whatever went wrong. */
class EveryAnswerTest {
    private static final List<String> HOSTILE = List.of(
            "\r\nSet-Cookie: evil=1",
            "%0d%0aSet-Cookie:%20evil=1",
            "\u560d\u560aSet-Cookie: evil=1",
            "\0",
            "\u0085",
            "\u2028X: y",
            "\"><script>alert(1)</script>",
            "${jndi:ldap://x}",
            "é🙂",
            "\uD800",
            "x".repeat(20_000));

    private static final RefreshCookie REFRESH_COOKIE =
            RefreshCookie.named("__Host-rt").build();

    private final Host host = Host.create();
    private Session session;
    private String token;

    @BeforeEach
    void logIn() {
        session = host.login(Host.ALICE);
        token = host.token(session);
    }

    private SessionEndpoints endpoints(Profile profile) {
        return host.endpoints()
                .demandProof(Duration.ofMinutes(5), "urn:mfa")
                .dpopProofs("ES256")
                .profile(profile)
                .credentialCookie(Host.COOKIE)
                .sessionTokens(Host.REALM)
                .refresh(host::issue, REFRESH_COOKIE)
                .problemTypes(URI.create("https://docs.example.com/problems/"))
                .realmName("the \"shop\" \\ x")
                .build();
    }

    private List<EndpointResponse> answers(Profile profile) {
        SessionEndpoints endpoints = endpoints(profile);
        Map<String, Object> noSession = host.claims(Host.ALICE);
        noSession.put("acr", "urn:mfa");
        String loose = host.sign(noSession);
        String refresh = host.refreshToken(Host.ALICE).reveal();
        SecretToken ended = host.sessionToken(Host.ALICE);
        host.service.revokeSession(
                Host.ALICE, ended.session(), RevocationCause.byUser(RevocationReason.SUSPICIOUS_ACTIVITY));
        List<EndpointRequest.Builder> requests = new ArrayList<>();
        for (String method : List.of("GET", "POST", "DELETE", "PUT", "PATCH")) {
            for (String credential : List.of(
                    token,
                    loose,
                    host.forged(session),
                    "x",
                    host.sessionToken(Host.ALICE).reveal(),
                    proven(),
                    ended.reveal(),
                    host.invented(CredentialKind.SESSION_TOKEN).reveal())) {
                requests.add(EndpointRequest.of(method).header("Authorization", "Bearer " + credential));
                requests.add(EndpointRequest.of(method).header("Authorization", "DPoP " + credential));
            }
            requests.add(EndpointRequest.of(method));
            requests.add(EndpointRequest.of(method).header("Cookie", "__Host-at=" + token));
            requests.add(EndpointRequest.of(method).header("Cookie", "__Host-rt=" + refresh));
            requests.add(EndpointRequest.of(method)
                    .header("Cookie", "__Host-rt=" + refresh)
                    .header("Sec-Fetch-Site", "same-origin")
                    .header("Idempotency-Key", "short"));
            requests.add(EndpointRequest.of(method).body(new byte[20_000]));
            requests.add(EndpointRequest.of(method)
                    .header("Content-Type", "text/plain")
                    .body(new byte[1]));
            requests.add(Host.json(EndpointRequest.of(method), "{").queryParameter("limit", "x"));
            requests.add(EndpointRequest.of(method)
                    .header("Authorization", "Bearer " + token)
                    .header("Authorization", "x"));
            for (String hostile : HOSTILE) {
                requests.add(EndpointRequest.of(method)
                        .header("Authorization", "Bearer " + token)
                        .header("Accept-Language", hostile)
                        .queryParameter("cursor", hostile)
                        .clientAddress(hostile)
                        .pathId(hostile));
                requests.add(EndpointRequest.of(method + hostile)
                        .header("Authorization", hostile)
                        .header("Cookie", "__Host-at=" + hostile)
                        .header("Cookie", "__Host-rt=" + hostile)
                        .header("Idempotency-Key", hostile)
                        .header("Origin", hostile)
                        .header("Referer", hostile)
                        .header("Sec-Fetch-Site", hostile)
                        .header("Content-Type", hostile)
                        .header(hostile, hostile));
                requests.add(Host.json(EndpointRequest.of(method), "{\"token\":\"" + hostile + "\"}"));
                requests.add(Host.json(
                                EndpointRequest.of(method).header("Authorization", "Bearer " + token),
                                "{\"label\":\"" + hostile + "\"}")
                        .pathId(hostile));
            }
        }
        List<EndpointResponse> answers = new ArrayList<>();
        for (EndpointRequest.Builder request : requests) {
            answers.add(endpoints.listSessions(request.build()));
            answers.add(endpoints.revokeSession(request.build()));
            answers.add(endpoints.renameSession(request.build()));
            answers.add(endpoints.revokeOtherSessions(request.build()));
            answers.add(endpoints.refresh(request.build()));
            if (endpoints.authentication().authenticate(request.build())
                    instanceof AuthenticationResult.Refused refused) {
                answers.add(refused.response());
            }
        }
        // Last, because it ends the session.
        requests.forEach(request -> answers.add(endpoints.logout(request.build())));
        host.store.cut();
        requests.forEach(request -> answers.add(endpoints.logout(request.build())));
        host.store.failWith(new IllegalStateException("SELECT " + token));
        requests.forEach(request -> answers.add(endpoints.revokeOtherSessions(request.build())));
        return answers;
    }

    /** An access token of who has proven enough. */
    private String proven() {
        Map<String, Object> claims = host.claims(Host.ALICE);
        claims.put("sid", session.handle().value());
        claims.put("acr", "urn:mfa");
        return host.sign(claims);
    }

    @ParameterizedTest
    @EnumSource
    void is_neither_stored_nor_leaks_nor_breaks_a_rule(Profile profile) {
        List<EndpointResponse> answers = answers(profile);

        for (EndpointResponse answer : answers) {
            assertThat(answer.headers("Cache-Control")).containsExactly("no-store");
            if (answer.status() == 401) {
                List<String> challenges = answer.headers("WWW-Authenticate");
                assertThat(challenges).hasSize(2);
                assertThat(challenges.get(0)).startsWith("Bearer realm=\"the \\\"shop\\\" \\\\ x\"");
                assertThat(challenges.get(1))
                        .startsWith("DPoP realm=\"the \\\"shop\\\" \\\\ x\"")
                        .endsWith(", algs=\"ES256\"");
            }
            if (answer.status() == 405) {
                assertThat(answer.headers("Allow")).hasSize(1);
            }
            if (answer.status() == 503) {
                assertThat(answer.header("Retry-After").orElseThrow()).matches("[1-9][0-9]*");
            }
            if (answer.status() == 204) {
                assertThat(answer.body()).isEmpty();
                assertThat(answer.headers("Content-Type")).isEmpty();
            }
            assertThat(answer.headers("Strict-Transport-Security")).isEmpty();
            assertThat(answer.headers("Set-Cookie"))
                    .isSubsetOf(
                            Host.COOKIE.clear().value(), REFRESH_COOKIE.clear().value());
            assertThat(answer.bodyText() + answer.headers())
                    .doesNotContain(token, "evil", "script>", "jndi", "dev.curfew", "Exception", "SELECT", "alice");
        }
        assertThat(answers)
                .extracting(EndpointResponse::status)
                .contains(401, 403, 404, 405, 409, 413, 400, 415, 500, profile == Profile.GUIDE ? 200 : 204);
    }

    @Test
    void every_problem_is_one_of_rfc9457() throws ParseException {
        for (EndpointResponse answer : answers(Profile.STANDARDS)) {
            if (answer.status() < 400) {
                continue;
            }
            assertThat(answer.header("Content-Type")).contains("application/problem+json");
            Map<String, Object> problem = JSONObjectUtils.parse(answer.bodyText());
            problem.remove("reason", reasonOf(answer, problem));
            assertThat(problem).containsOnlyKeys("type", "title", "status", "detail", "instance");
            assertThat(((Number) problem.get("status")).intValue()).isEqualTo(answer.status());
            assertThat(URI.create((String) problem.get("type"))).hasHost("docs.example.com");
            assertThat((String) problem.get("instance")).matches("urn:uuid:[0-9a-f-]{36}");
        }
    }

    @Test
    void every_guide_error_has_two_members() throws ParseException {
        for (EndpointResponse answer : answers(Profile.GUIDE)) {
            assertThat(answer.header("Content-Type")).contains("application/json; charset=utf-8");
            Map<String, Object> body = JSONObjectUtils.parse(answer.bodyText());
            assertThat(body.get("success")).isEqualTo(answer.status() == 200);
            if (answer.status() != 200) {
                body.remove("reason", reasonOf(answer, body));
                assertThat(body).containsOnlyKeys("success", "message");
            }
        }
    }

    /** The reason that a refused credential was given, if it was given one. */
    private static Object reasonOf(EndpointResponse answer, Map<String, Object> body) {
        Object reason = body.get("reason");
        if (reason != null) {
            assertThat(answer.status()).isIn(401, 403);
            assertThat((String) reason).matches("[a-z_]+");
        }
        return reason;
    }

    @Test
    void without_an_address_for_problem_types_there_is_no_type() throws ParseException {
        EndpointResponse answer = host.endpoints(Profile.STANDARDS)
                .logout(EndpointRequest.of("POST").build());

        assertThat(JSONObjectUtils.parse(answer.bodyText())).containsOnlyKeys("title", "status", "detail", "instance");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nb", "a\nb", "a\rb", "a\0b", "\u007F", "é", "\u2028", " a", "a ", "\u560d\u560a"})
    void a_header_that_breaks_out_cannot_be_made(String value) {
        assertThatThrownBy(() -> new HeaderField("X", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("header value has characters that are not allowed: X");
        assertThatThrownBy(() -> new HeaderField(value, "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> host.endpoints().realmName(value)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_error_description_has_only_the_characters_of_rfc6750() {
        for (String credential : List.of("x", host.forged(session))) {
            String challenge = host.endpoints(Profile.STANDARDS)
                    .listSessions(Host.get(credential).build())
                    .header("WWW-Authenticate")
                    .orElseThrow();
            String description = challenge.replaceAll(".*error_description=\"(.*)\"$", "$1");
            assertThat(description)
                    .matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+")
                    .doesNotContain(credential + " ");
        }
    }

    @Test
    void a_service_and_a_verifier_are_demanded_by_name() {
        assertThatThrownBy(
                        () -> SessionEndpoints.builder().verifier(host.verifier).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SessionEndpoints needs service(...)");
        assertThatThrownBy(
                        () -> SessionEndpoints.builder().service(host.service).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SessionEndpoints needs verifier(...) or sessionTokens(...)");
    }
}
