package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.SessionService;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionCaller;
import dev.curfew.token.VerifiedToken;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refreshing over HTTP: every outcome, with the cookie and without. */
class RefreshTest {
    private static final RefreshCookie COOKIE =
            RefreshCookie.named("__Secure-rt").path("/api/v1/auth").build();
    private static final String KEY = "attempt-key-0001";
    private static final String OTHER_KEY = "attempt-key-0002";
    private static final ClientId WEB = new ClientId(Host.REALM, "web");
    private static final SenderKey PHONE = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);

    private final Host host = Host.create();
    private final SessionEndpoints endpoints = endpoints(Profile.GUIDE);
    private final LoggedIn login = host.login(Host.ALICE, attempt -> attempt.withRefreshToken(RefreshBinding.none()));
    private final Session session = login.session();
    private final SecretToken secret = login.token().orElseThrow();
    private final String token = secret.reveal();

    private SessionEndpointsBuilder builder(Profile profile) {
        return host.endpoints()
                .profile(profile)
                .credentialCookie(Host.COOKIE)
                .allowedOrigins("https://app.example.com");
    }

    private SessionEndpoints endpoints(Profile profile) {
        return builder(profile).refresh(host::issue, COOKIE).build();
    }

    private static EndpointRequest.Builder cookie(String... tokens) {
        EndpointRequest.Builder request = EndpointRequest.of("POST").header("Sec-Fetch-Site", "same-origin");
        for (String text : tokens) {
            request.header("Cookie", "__Secure-rt=" + text);
        }
        return request;
    }

    private static EndpointRequest.Builder body(String token) {
        return Host.json(EndpointRequest.of("POST"), "{\"refreshToken\":\"" + token + "\"}");
    }

    private EndpointResponse refresh(EndpointRequest.Builder request) {
        return endpoints.refresh(request.build());
    }

    private String login(UnaryOperator<LoginAttempt> wishes) {
        return host.login(Host.ALICE, wishes).token().orElseThrow().reveal();
    }

    private static Map<String, Object> json(EndpointResponse response) {
        try {
            return JSONObjectUtils.parse(response.bodyText());
        } catch (ParseException e) {
            throw new AssertionError(response.bodyText(), e);
        }
    }

    private static String newCookie(EndpointResponse response) {
        assertThat(response.status()).isEqualTo(200);
        String header = response.headers("Set-Cookie").get(0);
        return header.substring(header.indexOf('=') + 1, header.indexOf(';'));
    }

    private static String newBody(EndpointResponse response) {
        assertThat(response.status()).isEqualTo(200);
        return (String) json(response).get("refreshToken");
    }

    private static String whole(EndpointResponse response) {
        return response.status() + " " + response.headers() + " " + response.bodyText();
    }

    @Test
    void the_cookie_is_exchanged_for_an_access_token_and_the_next_cookie() {
        EndpointResponse response = refresh(cookie(token).header("Idempotency-Key", KEY));

        String next = newCookie(response);
        assertThat(SecretToken.parse(next)).get().satisfies(successor -> {
            assertThat(successor.kind()).isEqualTo(CredentialKind.REFRESH_TOKEN);
            assertThat(successor.session()).isEqualTo(secret.session());
            assertThat(successor).isNotEqualTo(secret);
        });
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"),
                        new HeaderField(
                                "Set-Cookie",
                                "__Secure-rt=" + next + "; Path=/api/v1/auth; Secure; HttpOnly; SameSite=Strict"));
        String access = (String) json(response).get("accessToken");
        assertThat(response.bodyText())
                .isEqualTo("{\"success\":true,\"accessToken\":\"" + access + "\",\"expiresIn\":900}");
        VerifiedToken verified = host.verifier.verify(access);
        assertThat(verified.session()).contains(session.ref());
        assertThat(host.service.checker().check(verified).permits()).isTrue();
    }

    @Test
    void a_token_in_the_body_comes_back_in_the_body() {
        EndpointResponse response = refresh(body(token).header("Idempotency-Key", KEY));

        String next = newBody(response);
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(json(response)).containsOnlyKeys("success", "accessToken", "expiresIn", "refreshToken");
        assertThat(refresh(body(next).header("Idempotency-Key", OTHER_KEY)).status())
                .isEqualTo(200);
    }

    @Test
    void the_profile_of_the_standards_has_the_same_members_but_success() {
        EndpointResponse response =
                endpoints(Profile.STANDARDS).refresh(body(token).build());

        assertThat(response.status()).isEqualTo(200);
        assertThat(json(response)).containsOnlyKeys("accessToken", "expiresIn", "refreshToken");
    }

    @Test
    void it_costs_two_round_trips_and_none_for_what_is_no_token() {
        host.store.forgetCalls();
        refresh(cookie("x"));
        refresh(body(token + "A"));
        assertThat(host.store.calls()).isEmpty();

        refresh(cookie(token));

        assertThat(host.store.calls().stream().filter(verb -> !verb.equals("revocationsCovering")))
                .containsExactly("find", "rotate");
    }

    @Test
    void a_refresh_that_is_repeated_with_its_key_is_answered_with_the_same_token_and_the_cookie_once_more() {
        String first = newCookie(refresh(cookie(token).header("Idempotency-Key", KEY)));
        host.clock.advance(Duration.ofMinutes(50));
        String again = newCookie(refresh(cookie(token).header("Idempotency-Key", KEY)));

        assertThat(again).isEqualTo(first);
        assertThat(host.count(SessionEvent.RefreshReplayed.class)).isEqualTo(1);
        assertThat(refresh(cookie(first).header("Idempotency-Key", OTHER_KEY)).status())
                .isEqualTo(200);
    }

    /** What may go wrong, by the name of the outcome, with its status and a request that causes it. */
    private Map<String, Failure> failures() {
        Map<String, Failure> all = new LinkedHashMap<>();
        String bound = login(attempt -> attempt.client(WEB).withRefreshToken(RefreshBinding.none()));
        String sender =
                login(attempt -> attempt.withRefreshToken(RefreshBinding.none().sender(PHONE)));
        String scoped =
                login(attempt -> attempt.withRefreshToken(RefreshBinding.none().scopes(Set.of("read"))));
        String old = host.refreshToken(Host.ALICE).reveal();
        newBody(refresh(body(old).header("Idempotency-Key", KEY)));
        String reused = host.refreshToken(Host.ALICE).reveal();
        String second = newBody(refresh(body(reused).header("Idempotency-Key", KEY)));
        newBody(refresh(body(second).header("Idempotency-Key", OTHER_KEY)));
        String repeated =
                newBody(refresh(body(host.refreshToken(Host.ALICE).reveal()).header("Idempotency-Key", KEY)));
        SecretToken ended = host.refreshToken(Host.ALICE);
        endpoints.logout(cookie(ended.reveal()).build());
        SecretToken foreign = host.login(
                        new SubjectId(Realm.of("bank"), "alice"),
                        attempt -> attempt.withRefreshToken(RefreshBinding.none()))
                .token()
                .orElseThrow();
        all.put("malformed", new Failure(401, "x", UnaryOperator.identity()));
        all.put("damaged", new Failure(401, token.substring(0, 108) + "_", UnaryOperator.identity()));
        all.put(
                "unknown",
                new Failure(401, host.invented(CredentialKind.REFRESH_TOKEN).reveal(), UnaryOperator.identity()));
        all.put("foreign", new Failure(401, foreign.reveal(), UnaryOperator.identity()));
        all.put(
                "guessed",
                new Failure(
                        401,
                        Host.guess(CredentialKind.REFRESH_TOKEN, secret.session())
                                .reveal(),
                        UnaryOperator.identity()));
        all.put(
                "guessed of an ended session",
                new Failure(
                        401,
                        Host.guess(CredentialKind.REFRESH_TOKEN, ended.session())
                                .reveal(),
                        UnaryOperator.identity()));
        all.put("session token", new Failure(401, host.sessionToken(Host.ALICE).reveal(), UnaryOperator.identity()));
        all.put("told: revoked", new Failure(401, ended.reveal(), UnaryOperator.identity()));
        all.put("wrong client", new Failure(401, bound, UnaryOperator.identity()));
        all.put("wrong sender", new Failure(401, sender, UnaryOperator.identity()));
        all.put(
                "another sender",
                new Failure(
                        401,
                        sender,
                        request -> request.senderKey(SenderKey.of(SenderKey.Kind.X5T_S256, new byte[32]))));
        all.put("reused", new Failure(401, reused, UnaryOperator.identity()));
        all.put("conflict", new Failure(409, old, request -> request.header("Idempotency-Key", OTHER_KEY)));
        all.put("attempt repeated", new Failure(400, repeated, request -> request.header("Idempotency-Key", KEY)));
        all.put("short key", new Failure(400, token, request -> request.header("Idempotency-Key", "k".repeat(15))));
        all.put("long key", new Failure(400, token, request -> request.header("Idempotency-Key", "k".repeat(129))));
        all.put("empty key", new Failure(400, token, request -> request.header("Idempotency-Key", "")));
        all.put("blank in key", new Failure(400, token, request -> request.header("Idempotency-Key", KEY + " " + KEY)));
        all.put("key with accents", new Failure(400, token, request -> request.header("Idempotency-Key", KEY + "é")));
        all.put(
                "two keys",
                new Failure(
                        400,
                        token,
                        request -> request.header("Idempotency-Key", KEY).header("Idempotency-Key", KEY)));
        all.put("scope", new Failure(400, scoped, "read write"));
        return all;
    }

    private static final class Failure {
        private final int status;
        private final String token;
        private final String scope;
        private final UnaryOperator<EndpointRequest.Builder> more;

        Failure(int status, String token, UnaryOperator<EndpointRequest.Builder> more) {
            this.status = status;
            this.token = token;
            this.scope = "";
            this.more = more;
        }

        Failure(int status, String token, String scope) {
            this.status = status;
            this.token = token;
            this.scope = scope;
            this.more = UnaryOperator.identity();
        }

        EndpointRequest request(boolean isCookie) {
            String members = (isCookie ? "" : "\"refreshToken\":\"" + token + "\"")
                    + (isCookie || scope.isEmpty() ? "" : ",")
                    + (scope.isEmpty() ? "" : "\"scope\":\"" + scope + "\"");
            EndpointRequest.Builder request = isCookie ? cookie(token) : EndpointRequest.of("POST");
            return more.apply(Host.json(request, "{" + members + "}")).build();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void every_failure_has_its_status_and_touches_no_cookie(boolean isCookie) {
        for (Profile profile : Profile.values()) {
            SessionEndpoints of = endpoints(profile);
            failures().forEach((name, failure) -> {
                EndpointResponse response = of.refresh(failure.request(isCookie));

                assertThat(response.status()).as(name).isEqualTo(failure.status);
                assertThat(response.headers("Set-Cookie")).as(name).isEmpty();
                assertThat(response.headers("Cache-Control")).as(name).containsExactly("no-store");
                assertThat(response.headers("Retry-After"))
                        .as(name)
                        .isEqualTo(failure.status == 409 ? List.of("1") : List.of());
                assertThat(response.headers("WWW-Authenticate")).as(name).hasSize(failure.status == 401 ? 1 : 0);
                assertThat(whole(response)).as(name).doesNotContain(failure.token + "\"", "cfr1_", "cfs1_");
            });
        }
        assertThat(host.isLive(secret)).isTrue();
    }

    @Test
    void all_refusals_are_the_same_bytes_but_that_of_who_holds_a_right_secret_of_an_ended_session() {
        List<String> refusals = new ArrayList<>();
        failures().forEach((name, failure) -> {
            if (failure.status == 401 && !name.startsWith("told")) {
                refusals.add(whole(endpoints.refresh(failure.request(true))));
                refusals.add(whole(endpoints.refresh(failure.request(false))));
            }
        });

        assertThat(refusals).hasSize(22).containsOnly(refusals.get(0));
        assertThat(refusals.get(0)).contains("Token missing or invalid");
    }

    @Test
    void no_failure_of_the_request_touches_a_cookie_or_the_session() {
        List<EndpointRequest.Builder> requests = new ArrayList<>(List.of(
                EndpointRequest.of("POST"),
                EndpointRequest.of("POST").header("Authorization", "Bearer " + token),
                EndpointRequest.of("GET").header("Cookie", "__Secure-rt=" + token),
                EndpointRequest.of("PUT").header("Cookie", "__Secure-rt=" + token),
                cookie(token, host.refreshToken(Host.BOB).reveal()),
                cookie(token).header("Content-Type", "text/plain").body(new byte[1]),
                cookie(token).body(new byte[20_000]),
                EndpointRequest.of("POST").header("Cookie", "__Secure-rt=" + token),
                EndpointRequest.of("POST")
                        .header("Cookie", "__Secure-rt=" + token)
                        .header("Sec-Fetch-Site", "cross-site"),
                EndpointRequest.of("POST")
                        .header("Cookie", "__Secure-rt=" + token)
                        .header("Origin", "https://evil.example.com")));
        for (String hostile : List.of(
                "{",
                "[]",
                "null",
                "\"x\"",
                "{\"refreshToken\":1}",
                "{\"refreshToken\":null}",
                "{\"refreshToken\":[\"" + token + "\"]}",
                "{\"refreshToken\":\"" + token + "\",\"refreshToken\":\"" + token + "\"}",
                "{\"scope\":true}",
                "{\"refreshToken\":\"" + token + "\"}")) {
            requests.add(Host.json(cookie(token), hostile));
        }
        host.store.forgetCalls();

        for (Profile profile : Profile.values()) {
            SessionEndpoints of = endpoints(profile);
            for (EndpointRequest.Builder request : requests) {
                EndpointResponse response = of.refresh(request.build());

                assertThat(response.status()).isIn(400, 401, 403, 405, 413, 415);
                assertThat(response.headers("Set-Cookie")).isEmpty();
            }
        }
        assertThat(host.store.calls()).isEmpty();
        assertThat(refresh(cookie(token)).status()).isEqualTo(200);
    }

    @Test
    void the_request_is_refused_with_the_status_that_says_why() {
        assertThat(refresh(EndpointRequest.of("POST")).status()).isEqualTo(401);
        assertThat(refresh(EndpointRequest.of("GET").header("Cookie", "__Secure-rt=" + token))
                        .headers("Allow"))
                .containsExactly("POST");
        assertThat(refresh(Host.json(cookie(token), "{\"refreshToken\":\"" + token + "\"}"))
                        .status())
                .as("two tokens")
                .isEqualTo(400);
        assertThat(refresh(Host.json(cookie(token), "{")).status()).isEqualTo(400);
        for (String nothing : List.of("", " ", "   ")) {
            assertThat(refresh(Host.json(cookie(token), "{\"scope\":\"" + nothing + "\"}"))
                            .status())
                    .isEqualTo(400);
        }
        assertThat(refresh(cookie(token).body(new byte[20_000])).status()).isEqualTo(413);
        assertThat(refresh(cookie(token).header("Content-Type", "text/plain").body(new byte[1]))
                        .status())
                .isEqualTo(415);
        assertThat(refresh(EndpointRequest.of("POST").header("Cookie", "__Secure-rt=" + token))
                        .status())
                .as("nobody says from where")
                .isEqualTo(403);
    }

    @Test
    void hostile_bodies_and_headers_have_an_answer() {
        List<String> texts = List.of("\r\nSet-Cookie: evil=1", "\0", "\uD800", "x".repeat(20_000), "cfr1_", "é🙂");
        for (String hostile : texts) {
            for (EndpointRequest.Builder request : List.of(
                    cookie(hostile),
                    body(hostile),
                    Host.json(cookie(token), hostile),
                    cookie(token).header("Idempotency-Key", hostile),
                    cookie(hostile).header("Idempotency-Key", hostile).header("Accept-Language", hostile))) {
                EndpointResponse response =
                        endpoints.refresh(request.clientAddress(hostile).build());

                assertThat(response.status()).isIn(200, 400, 401, 413);
                assertThat(whole(response)).doesNotContain("evil");
            }
        }
    }

    @Test
    void a_page_of_an_allowed_origin_may_refresh() {
        assertThat(refresh(EndpointRequest.of("POST")
                                .header("Cookie", "__Secure-rt=" + token)
                                .header("Origin", "https://app.example.com"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void beside_what_is_no_token_the_cookie_is_found() {
        assertThat(refresh(cookie("x", token, "cfr1_")).status()).isEqualTo(200);
    }

    @Test
    void a_token_that_was_exchanged_twice_ends_the_session() {
        String second = newBody(refresh(body(token).header("Idempotency-Key", KEY)));
        String third = newBody(refresh(body(second).header("Idempotency-Key", OTHER_KEY)));

        assertThat(refresh(body(token).header("Idempotency-Key", KEY)).status()).isEqualTo(401);
        assertThat(host.isLive(secret)).isFalse();
        assertThat(host.count(SessionEvent.RefreshTokenReused.class)).isEqualTo(1);
        assertThat(refresh(body(third)).status()).isEqualTo(401);
    }

    @Test
    void if_the_issuer_fails_nothing_is_lost() {
        List<String> answers = new ArrayList<>();
        SessionEndpoints failing = builder(Profile.GUIDE)
                .refresh(
                        (of, scopes, sender, notAfter) -> {
                            if (answers.isEmpty()) {
                                answers.add("failed");
                                throw new IllegalStateException("no signing key for " + token);
                            }
                            return host.issue(of, scopes, sender, notAfter);
                        },
                        COOKIE)
                .build();

        EndpointResponse first =
                failing.refresh(cookie(token).header("Idempotency-Key", KEY).build());
        EndpointResponse second =
                failing.refresh(cookie(token).header("Idempotency-Key", KEY).build());

        assertThat(first.status()).isEqualTo(500);
        assertThat(first.headers("Set-Cookie")).isEmpty();
        assertThat(whole(first)).doesNotContain(token);
        assertThat(refresh(cookie(newCookie(second)).header("Idempotency-Key", OTHER_KEY))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"find", "rotate"})
    void if_the_store_fails_nothing_is_lost(String verb) {
        host.store.cut(verb);
        EndpointResponse guide = refresh(cookie(token).header("Idempotency-Key", KEY));
        EndpointResponse standards = endpoints(Profile.STANDARDS)
                .refresh(cookie(token).header("Idempotency-Key", KEY).build());
        host.store.mend();

        assertThat(guide.status()).isEqualTo(500);
        assertThat(standards.status()).isEqualTo(503);
        assertThat(standards.headers("Retry-After")).containsExactly("2");
        for (EndpointResponse response : List.of(guide, standards)) {
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
        newCookie(refresh(cookie(token).header("Idempotency-Key", KEY)));
    }

    @Test
    void a_session_of_a_client_is_refreshed_for_that_client_alone() {
        String bound = login(attempt -> attempt.client(WEB).withRefreshToken(RefreshBinding.none()));
        SessionEndpoints web =
                builder(Profile.GUIDE).refresh(host::issue).refreshClient(WEB).build();
        SessionEndpoints several = builder(Profile.GUIDE)
                .refresh(host::issue)
                .refreshClient(request ->
                        request.headers("X-Client").stream().findFirst().map(name -> new ClientId(Host.REALM, name)))
                .build();

        assertThat(several.refresh(body(bound).header("X-Client", "mobile").build())
                        .status())
                .isEqualTo(401);
        String next =
                newBody(several.refresh(body(bound).header("X-Client", "web").build()));
        assertThat(web.refresh(body(next).build()).status()).isEqualTo(200);
        assertThat(web.refresh(body(token).build()).status()).as("of no client").isEqualTo(200);
    }

    @Test
    void the_issuer_learns_scopes_key_and_the_end_of_the_session() {
        String mine = login(attempt -> attempt.lifetimes(
                        SessionLifetimes.of(Duration.ofHours(2), Duration.ofMinutes(30)))
                .withRefreshToken(
                        RefreshBinding.none().scopes(Set.of("read", "write")).sender(PHONE)));
        Instant end = host.clock.instant().plus(Duration.ofHours(2));
        List<Object> told = new ArrayList<>();
        SessionEndpoints telling = builder(Profile.GUIDE)
                .refresh((of, scopes, sender, notAfter) -> {
                    told.addAll(List.of(scopes, sender, notAfter));
                    return host.issue(of, scopes, sender, notAfter);
                })
                .build();

        String next = newBody(telling.refresh(
                Host.json(EndpointRequest.of("POST"), "{\"refreshToken\":\"" + mine + "\",\"scope\":\" read \"}")
                        .senderKey(PHONE)
                        .build()));
        assertThat(told).containsExactly(Set.of("read"), Optional.of(PHONE), end);
        told.clear();
        newBody(telling.refresh(body(next).senderKey(PHONE).build()));
        assertThat(told).containsExactly(Set.of("read", "write"), Optional.of(PHONE), end);
    }

    @Test
    void a_persistent_cookie_lasts_as_long_as_the_session_and_another_one_as_the_browser() {
        RefreshCookie cookie = RefreshCookie.named("__Host-rt")
                .persistentIf(of -> "yes".equals(of.attributes().get("remembered")))
                .build();
        SessionEndpoints of =
                builder(Profile.GUIDE).refresh(host::issue, cookie).build();
        LoggedIn remembered = host.login(
                Host.ALICE,
                attempt -> attempt.attributes(Map.of("remembered", "yes")).withRefreshToken(RefreshBinding.none()));
        HeaderField first = cookie.set(remembered.token().orElseThrow(), remembered.session(), host.clock.instant());
        assertThat(first.value()).contains("; Max-Age=86400; Path=/; Secure; HttpOnly; SameSite=Strict");
        host.clock.advance(Duration.ofMinutes(30));

        String next = of.refresh(EndpointRequest.of("POST")
                        .header("Sec-Fetch-Site", "same-origin")
                        .header(
                                "Cookie",
                                first.value().substring(0, first.value().indexOf(';')))
                        .build())
                .headers("Set-Cookie")
                .get(0);
        assertThat(next).contains("; Max-Age=84600; Path=/;");
        assertThat(cookie.set(secret, session, host.clock.instant()).value()).doesNotContain("Max-Age");
        assertThat(RefreshCookie.named("__Host-rt")
                        .persistent()
                        .build()
                        .set(secret, session, session.expiresAt().plusSeconds(5))
                        .value())
                .contains("; Max-Age=1;");
    }

    @Test
    void a_refresh_cookie_obeys_the_rules_of_prefixes_and_holds_nothing_else() {
        assertThatThrownBy(() -> RefreshCookie.named("rt").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("__Host- or __Secure-");
        assertThatThrownBy(() -> RefreshCookie.named("__Host-rt").path("/api").build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("__Host- demands Path=/");
        assertThatThrownBy(() ->
                        RefreshCookie.named("__Secure-rt").allowWithoutTls().build())
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> COOKIE.set(host.sessionToken(Host.ALICE), session, host.clock.instant()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(RefreshCookie.named("rt").allowWithoutTls().build().clear().value())
                .startsWith("rt=; Max-Age=0;")
                .doesNotContain("Secure");
    }

    @Test
    void a_logout_is_content_with_the_refresh_cookie_and_clears_it() {
        EndpointResponse response = endpoints.logout(cookie(token).build());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers("Set-Cookie"))
                .containsExactlyInAnyOrder(
                        Host.COOKIE.clear().value(), COOKIE.clear().value());
        assertThat(host.isLive(secret)).isFalse();
        EndpointResponse again = endpoints.logout(cookie(token).build());
        assertThat(again.status()).isEqualTo(401);
        assertThat(again.headers("Set-Cookie")).isEmpty();
    }

    @Test
    void a_logout_takes_a_superseded_refresh_cookie_too_and_no_guess() {
        newCookie(refresh(cookie(token)));

        EndpointResponse guess = endpoints.logout(cookie(Host.guess(CredentialKind.REFRESH_TOKEN, secret.session())
                        .reveal())
                .build());
        assertThat(guess.status()).isEqualTo(401);
        assertThat(guess.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(secret)).isTrue();
        assertThat(endpoints.logout(cookie(token).build()).status()).isEqualTo(200);
        assertThat(host.isLive(secret)).isFalse();
    }

    @Test
    void another_site_cannot_log_out_with_the_refresh_cookie() {
        assertThat(endpoints
                        .logout(EndpointRequest.of("POST")
                                .header("Cookie", "__Secure-rt=" + token)
                                .header("Sec-Fetch-Site", "cross-site")
                                .build())
                        .status())
                .isEqualTo(403);
        assertThat(host.isLive(secret)).isTrue();
    }

    @Test
    void a_logout_in_an_outage_clears_nothing() {
        host.store.cut();
        EndpointResponse response = endpoints.logout(cookie(token).build());
        host.store.mend();

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(secret)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_logout_leaves_the_refresh_cookie_of_another_session(Profile profile) {
        SessionEndpoints of = builder(profile)
                .refresh(host::issue, COOKIE)
                .alsoClear(SessionCookie.named("csrf").build())
                .clearSiteData(ClearSiteData.COOKIES)
                .build();
        String stale = host.token(host.login(Host.ALICE));
        Session later = host.login(Host.ALICE);

        for (EndpointRequest.Builder logout : List.of(
                cookie(token).header("Authorization", "Bearer " + stale),
                Host.json(cookie("x", token), "{\"token\":\"" + host.token(host.login(Host.ALICE)) + "\"}"),
                cookie(token)
                        .header("Authorization", "Bearer " + stale)
                        .header("Authorization-Note", "its session is over by now"))) {
            EndpointResponse response = of.logout(logout.build());

            assertThat(response.status()).isIn(200, 204, 401);
            assertThat(response.headers("Set-Cookie"))
                    .containsExactly(Host.COOKIE.clear().value());
            assertThat(response.headers("Clear-Site-Data")).isEmpty();
        }
        EndpointResponse current = of.revokeSession(cookieOf("DELETE", token)
                .header("Authorization", "Bearer " + host.token(later))
                .pathId(later.handle().value())
                .build());
        assertThat(host.isLive(later)).isFalse();
        assertThat(current.headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(host.isLive(secret)).isTrue();
        newCookie(of.refresh(cookie(token).build()));
    }

    @ParameterizedTest
    @EnumSource
    void a_logout_by_cookies_alone_ends_the_session_of_each_and_clears_all(Profile profile) {
        Session shown = host.login(Host.ALICE);
        Session third = host.login(Host.ALICE);
        SecretToken bobs = host.refreshToken(Host.BOB);
        LoggedIn later = host.login(Host.ALICE, attempt -> attempt.withRefreshToken(RefreshBinding.none()));
        String access = host.token(shown);
        for (EndpointRequest.Builder logout : List.of(
                cookie("x", token).header("Cookie", "__Host-at=" + access),
                cookie(later.token().orElseThrow().reveal()).header("Cookie", "__Host-at=" + access),
                cookie(Host.guess(CredentialKind.REFRESH_TOKEN, bobs.session()).reveal())
                        .header("Cookie", "__Host-at=" + host.token(third)))) {
            EndpointResponse response = endpoints(profile).logout(logout.build());

            assertThat(response.status()).isIn(200, 204, 401);
            assertThat(response.headers("Set-Cookie"))
                    .containsExactlyInAnyOrder(
                            Host.COOKIE.clear().value(), COOKIE.clear().value());
        }
        assertThat(List.of(shown, session, third, later.session())).noneMatch(host::isLive);
        assertThat(host.isLive(bobs)).as("a guess ends nothing").isTrue();
    }

    @Test
    void a_logout_by_cookies_alone_that_ends_nothing_leaves_the_session_of_the_refresh_cookie() {
        String access = host.token(session);
        LoggedIn next = host.login(
                Host.ALICE,
                attempt -> attempt.replacing(host.verifier.verify(access)).withRefreshToken(RefreshBinding.none()));

        EndpointResponse late =
                endpoints.logout(cookie(next.token().orElseThrow().reveal())
                        .header("Cookie", "__Host-at=" + access)
                        .build());

        assertThat(late.status()).isEqualTo(401);
        assertThat(late.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(next.session())).isTrue();
    }

    private static EndpointRequest.Builder cookieOf(String method, String token) {
        return EndpointRequest.of(method)
                .header("Sec-Fetch-Site", "same-origin")
                .header("Cookie", "__Secure-rt=" + token);
    }

    @Test
    void an_expired_access_token_leaves_the_refresh_cookie_of_another_session_too() {
        String stale = host.expired(host.token(host.login(Host.ALICE)));

        EndpointResponse response = endpoints.logout(
                cookie(token).header("Authorization", "Bearer " + stale).build());

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(host.isLive(secret)).isTrue();
    }

    @Test
    void a_logout_clears_all_cookies_where_the_refresh_cookie_is_of_its_session_or_of_none() {
        List<String> all = List.of(Host.COOKIE.clear().value(), COOKIE.clear().value());
        for (String[] cookies : new String[][] {{}, {"x"}, {"cfr1_"}, {token}, {token, "x"}}) {
            LoggedIn mine = host.login(Host.ALICE, attempt -> attempt.withRefreshToken(RefreshBinding.none()));
            String own = mine.token().orElseThrow().reveal();
            String[] sent = Arrays.stream(cookies)
                    .map(text -> text.equals(token) ? own : text)
                    .toArray(String[]::new);

            EndpointResponse response = endpoints.logout(cookie(sent)
                    .header("Authorization", "Bearer " + host.token(mine.session()))
                    .build());

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers("Set-Cookie")).containsExactlyInAnyOrderElementsOf(all);
        }
        String loose = host.sign(host.claims(Host.ALICE));
        assertThat(endpoints
                        .logout(cookie(token)
                                .header("Authorization", "Bearer " + loose)
                                .build())
                        .headers("Set-Cookie"))
                .as("a token that names no session")
                .containsExactlyInAnyOrderElementsOf(all);
    }

    @ParameterizedTest
    @EnumSource
    void beside_a_renewal_a_tab_is_told_to_look_for_the_new_cookie(Profile profile) {
        SessionEndpoints of = endpoints(profile);
        host.renew(secret);

        EndpointResponse late = of.refresh(cookie(token).build());

        assertThat(late.status()).isEqualTo(409);
        assertThat(late.headers("Retry-After")).containsExactly("1");
        assertThat(late.headers("Set-Cookie")).isEmpty();
        host.clock.advance(Duration.ofSeconds(13));
        EndpointResponse tooLate = of.refresh(cookie(token).build());
        assertThat(tooLate.status()).isEqualTo(401);
        assertThat(json(tooLate)).containsEntry("reason", "superseded");
        assertThat(host.isLive(secret)).isTrue();
    }

    @Test
    void the_refresh_cookie_stands_in_for_a_bad_credential_cookie_and_not_for_a_bad_bearer_token() {
        assertThat(endpoints
                        .logout(cookie(token)
                                .header("Authorization", "Bearer x")
                                .build())
                        .status())
                .isEqualTo(401);
        assertThat(host.isLive(secret)).isTrue();

        assertThat(endpoints
                        .logout(cookie(token).header("Cookie", "__Host-at=x").build())
                        .status())
                .isEqualTo(200);
        assertThat(host.isLive(secret)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_late_logout_of_a_replaced_session_leaves_the_cookies_of_the_new_one(Profile profile) {
        String access = host.token(session);
        SessionEndpoints of = endpoints(profile);
        SecretToken old = host.sessionToken(Host.ALICE);
        SessionCaller caller =
                ((Authenticated) host.service.credentials().authenticate(Host.REALM, old.reveal())).caller();
        host.login(Host.ALICE, attempt -> attempt.replacing(caller));
        host.login(Host.ALICE, attempt -> attempt.replacing(host.verifier.verify(access)));

        for (EndpointRequest.Builder late : List.of(cookie(token), Host.post(access))) {
            EndpointResponse response = of.logout(late.build());

            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
    }

    @Test
    void a_quota_tells_no_bad_token_from_another() {
        String mobile = login(attempt -> attempt.client(WEB).withRefreshToken(RefreshBinding.none()));
        String bound =
                login(attempt -> attempt.withRefreshToken(RefreshBinding.none().sender(PHONE)));
        String next = newBody(refresh(body(token).header("Idempotency-Key", KEY)));
        newBody(refresh(body(next).header("Idempotency-Key", OTHER_KEY)));
        List<List<String>> answers = new ArrayList<>();

        for (String bad : List.of(host.invented(CredentialKind.REFRESH_TOKEN).reveal(), mobile, bound, token)) {
            SessionEndpoints limited = builder(Profile.STANDARDS)
                    .refresh(host::issue)
                    .rateLimiter(InMemoryRateLimiter.of(2, Duration.ofMinutes(1)))
                    .build();
            List<String> three = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                EndpointResponse response =
                        limited.refresh(body(bad).clientAddress("203.0.113.7").build());
                three.add(response.status()
                        + response.headers().stream()
                                .map(header -> " " + header.name() + ":" + header.value())
                                .toList()
                                .toString());
            }
            answers.add(three);
        }

        assertThat(host.isLive(secret)).as("an older token ends its session").isFalse();
        assertThat(answers).containsOnly(answers.get(0));
        assertThat(answers.get(0)).first().asString().startsWith("401").contains("RateLimit:");
        assertThat(answers.get(0)).last().asString().startsWith("429");
    }

    @Test
    void a_flood_of_random_tokens_costs_no_more_calls_than_the_limit_allows() {
        SessionEndpoints limited = builder(Profile.GUIDE)
                .refresh(host::issue, COOKIE)
                .rateLimiter(InMemoryRateLimiter.of(60, Duration.ofMinutes(1)))
                .build();
        String unknown = host.refreshToken(Host.BOB).reveal();
        String known =
                newBody(limited.refresh(body(token).clientAddress("203.0.113.7").build()));
        host.store.forgetCalls();

        for (int i = 0; i < 10_000; i++) {
            assertThat(limited.refresh(body(host.invented(CredentialKind.REFRESH_TOKEN)
                                            .reveal())
                                    .clientAddress("203.0.113.7")
                                    .build())
                            .status())
                    .isIn(401, 429);
        }

        assertThat(host.store.calls()).hasSize(60).containsOnly("find");
        assertThat(limited.refresh(body(known).clientAddress("203.0.113.7").build())
                        .status())
                .as("issued here")
                .isEqualTo(200);
        assertThat(limited.refresh(body(unknown).clientAddress("203.0.113.7").build())
                        .status())
                .as("has to wait")
                .isEqualTo(429);
    }

    @Test
    void bad_tokens_that_cost_no_look_up_hold_no_refresh_back() {
        SessionEndpoints limited = builder(Profile.GUIDE)
                .refresh(host::issue, COOKIE)
                .rateLimiter(InMemoryRateLimiter.of(60, Duration.ofMinutes(1)))
                .build();
        for (int i = 0; i < 100; i++) {
            limited.listSessions(
                    Host.get("no.jwt.at-all").clientAddress("203.0.113.7").build());
        }

        assertThat(limited.refresh(body(host.refreshToken(Host.BOB).reveal())
                                .clientAddress("203.0.113.7")
                                .build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void the_router_knows_the_path_only_if_there_is_something_to_call() {
        EndpointRequest request = body(token).build();

        assertThat(EndpointRouter.of(endpoints).route("/api/v1/auth/refresh", request))
                .get()
                .extracting(EndpointResponse::status)
                .isEqualTo(200);
        assertThat(EndpointRouter.builder(endpoints)
                        .refreshPath("/refresh")
                        .build()
                        .route("/refresh", request))
                .isPresent();
        SessionEndpoints without = host.endpoints().build();
        assertThat(EndpointRouter.of(without).route("/api/v1/auth/refresh", request))
                .isEmpty();
        assertThatThrownBy(() -> without.refresh(request))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("refresh(request) needs SessionEndpointsBuilder.refresh(...)");
        assertThatThrownBy(() -> EndpointRouter.builder(endpoints)
                        .refreshPath("/api/v1/auth/logout")
                        .build())
                .hasMessage("logoutPath and refreshPath must differ, and are both /api/v1/auth/logout");
        assertThatThrownBy(() -> EndpointRouter.builder(endpoints)
                        .refreshPath("/api/auth/sessions")
                        .build())
                .hasMessage("refreshPath and sessionsPath must differ, and are both /api/auth/sessions");
    }

    private static SessionService service(RefreshPolicy policy) {
        return SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Host.TOKEN_LIFETIME)
                .refreshTokens(policy)
                .authoritativeChecks()
                .withoutAuditLog()
                .build();
    }

    @Test
    void a_cookie_needs_a_policy_that_tolerates_siblings() {
        Duration ten = Duration.ofSeconds(10);
        RefreshPolicy strict = RefreshPolicy.withoutKey(RetryRule.strict());
        RefreshPolicy shorter = RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(9)));
        RefreshPolicy half = RefreshPolicy.withoutKey(RetryRule.siblings(ten));

        assertThatThrownBy(() -> withCookie(strict))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a refresh cookie is shared by the tabs of a browser: RefreshPolicy.withoutKey(...)"
                        + " tolerates siblings for PT0S, and must for PT10S, for example by siblings(PT10S)");
        assertThatThrownBy(() -> withCookie(shorter)).hasMessageContaining("for PT9S, and must for PT10S");
        assertThatThrownBy(() -> withCookie(half))
                .hasMessage("a refresh cookie is shared by the tabs of a browser: RefreshPolicy.withKey(...)"
                        + " tolerates siblings for PT0S, and must for PT10S, for example by"
                        + " sameAttempt().orSiblings(PT10S)");
        withCookie(half.withKey(RetryRule.sameAttempt().orSiblings(ten)));
        assertThatThrownBy(() -> withCookie(
                        RefreshPolicy.withoutKey(RetryRule.anyHolder(ten)).withKey(RetryRule.siblings(ten))))
                .as("a tab with a key is not answered for one without")
                .hasMessageContaining("tolerates siblings for PT0S");
        withCookie(RefreshPolicy.withoutKey(RetryRule.anyHolder(ten).orSiblings(ten))
                .withKey(RetryRule.siblings(ten)));
        try (SessionService service = service(strict)) {
            SessionEndpoints.builder()
                    .service(service)
                    .sessionTokens(Host.REALM)
                    .refresh(host::issue)
                    .build();
        }
    }

    @Test
    void two_cookies_of_one_name_are_refused() {
        SessionEndpointsBuilder builder = host.endpoints()
                .credentialCookie(SessionCookie.named("__Secure-rt").build())
                .refresh(host::issue, COOKIE);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("__Secure-rt");
    }

    private void withCookie(RefreshPolicy policy) {
        try (SessionService service = service(policy)) {
            SessionEndpoints.builder()
                    .service(service)
                    .sessionTokens(Host.REALM)
                    .refresh(host::issue, COOKIE)
                    .build();
        }
    }

    @Test
    void what_is_missing_is_named() {
        try (SessionService none = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Host.TOKEN_LIFETIME)
                .authoritativeChecks()
                .withoutAuditLog()
                .build()) {
            assertThatThrownBy(() -> SessionEndpoints.builder()
                            .service(none)
                            .verifier(host.verifier)
                            .refresh(host::issue)
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("refresh(...) needs SessionServiceBuilder.refreshTokens(...)");
        }
        assertThatThrownBy(() ->
                        builder(Profile.GUIDE).refresh(host::issue, COOKIE).refresh(host::issue, COOKIE))
                .hasMessage("there can be but one refresh cookie");
    }

    @Test
    void an_access_token_is_what_a_header_may_hold() {
        for (String text : List.of("", "a b", "é", "a\r\nb")) {
            assertThatThrownBy(() -> new IssuedAccessToken(text, Duration.ofMinutes(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new IssuedAccessToken("a", Duration.ofMillis(999)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new IssuedAccessToken("secret", Duration.ofMinutes(1)).toString())
                .doesNotContain("secret");
    }

    @Test
    void nothing_prints_a_token() {
        assertThat(new RefreshTokenSource.Found(token, true).toString()).doesNotContain(token);
        assertThat(cookie(token).build().toString()).doesNotContain(token);
        assertThat(new String(body(token).build().body(), StandardCharsets.UTF_8))
                .contains(token);
    }
}
