package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.event.RequestContext;
import dev.curfew.http.FilterResult.Answered;
import dev.curfew.http.FilterResult.Passed;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.session.Session;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.ReauthenticationRequiredException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What passes a host's filter, with whom, and what does not. */
class RequestFilterTest {
    private static final String SESSIONS = "/shop/api/auth/sessions";

    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);
    private final RequestFilter filter = shop(host.endpoints(Profile.STANDARDS));

    private static RequestFilter shop(SessionEndpoints endpoints) {
        return RequestFilter.builder(endpoints)
                .contextPath("/shop")
                .open("POST", "/login")
                .open("/hello")
                .open("/")
                .openBelow("/assets/")
                .build();
    }

    private static EndpointRequest nobody(String method) {
        return EndpointRequest.of(method).build();
    }

    private static EndpointResponse answer(FilterResult result) {
        assertThat(result).isInstanceOf(Answered.class);
        return ((Answered) result).response();
    }

    private static Passed passed(FilterResult result) {
        assertThat(result).isInstanceOf(Passed.class);
        return (Passed) result;
    }

    private void assertDemandsCaller(String method, String target) {
        EndpointResponse answer = answer(filter.filter(target, nobody(method)));
        assertThat(answer.status()).as("%s %s", method, target).isEqualTo(401);
        assertThat(answer.headers("WWW-Authenticate")).isNotEmpty();
        EndpointRequest known = EndpointRequest.of(method)
                .header("Authorization", "Bearer " + token)
                .build();
        assertThat(passed(filter.filter(target, known)).caller().orElseThrow().subject())
                .contains(Host.ALICE);
    }

    @Test
    void endpoints_answer_below_the_context_path_and_nowhere_else() {
        assertThat(answer(filter.filter(SESSIONS + "?limit=1", Host.get(token).build()))
                        .bodyText())
                .contains(session.handle().value());
        assertThat(filter.filter("/api/auth/sessions", Host.get(token).build())).isInstanceOf(Passed.class);
        assertThat(filter.filter("/shop/shop/api/auth/sessions", Host.get(token).build()))
                .isInstanceOf(Passed.class);
        assertThat(answer(filter.filter(
                                "/shop/api/v1/auth/logout", Host.post(token).build()))
                        .status())
                .isEqualTo(204);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void an_expired_token_still_ends_its_session_at_a_logout() {
        host.expired(token);

        assertThat(answer(filter.filter(
                                "/shop/api/v1/auth/logout", Host.post(token).build()))
                        .status())
                .isEqualTo(401);
        assertThat(host.isLive(session)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /shop/hello",
        "HEAD, /shop/hello",
        "GET,  /shop/hello?next=/../me",
        "GET,  /shop/",
        "POST, /shop/login",
        "GET,  /shop/assets/app.js",
        "HEAD, /shop/assets/deep/er/app.min.js?v=1",
        "GET,  /shop/assets/folder/",
        "GET,  /shop/assets/...",
    })
    void what_is_open_passes_without_a_caller(String method, String target) {
        host.store.forgetCalls();

        assertThat(passed(filter.filter(target, nobody(method))).caller()).isEmpty();
        assertThat(host.store.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,     /shop/me",
        "GET,     /shop/nowhere",
        "POST,    /shop/hello",
        "OPTIONS, /shop/hello",
        "get,     /shop/hello",
        "GET,     /shop/login",
        "POST,    /shop/assets/app.js",
        "DELETE,  /shop/assets/app.js",
        "GET,     /shop",
        "GET,     /shop/assets",
        "GET,     /shop/assets/",
        "GET,     /shop/assetsx",
        "GET,     /shop/Hello",
        "GET,     /shop/hello/",
        "GET,     /shop/hello/x",
        "GET,     /shopx/hello",
        "GET,     /hello",
        "GET,     /",
        "GET,     ''",
        "OPTIONS, *",
        "CONNECT, shop.example.com:443",
        "TRACE,   /shop/me",
    })
    void what_is_not_said_to_be_open_demands_a_caller(String method, String target) {
        assertDemandsCaller(method, target);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/shop/./hello",
                "/shop/me/../hello",
                "/shop/hello/.",
                "/shop/hello/..",
                "/./shop/hello",
                "//shop/hello",
                "/shop//hello",
                "/shop/hello//",
                "/shop/%68ello",
                "/%73hop/hello",
                "/shop/hello;x=1",
                "/shop;x/hello",
                "/shop/hello;",
                "/shop/hello%3Bx",
                "/shop/hello%2f..%2fme",
                "/shop/hello%00",
                "/shop/hello%0a",
                "/shop/hello#",
                "/shop/hello#/../me",
                "/shop/hello\\..\\me",
                "/shop\\hello",
                "\\shop\\hello",
                "/shop/hello ",
                " /shop/hello",
                "/shop/hello\t",
                "/shop/hello\u0000",
                "/shop/hello\u2028",
                "/shop/h\u00e9llo",
                "/shop/\uff48ello",
                "http://shop.example.com/shop/hello",
                "//shop.example.com/shop/hello",
                "/shop/assets/../me",
                "/shop/assets/./../me",
                "/shop/assets/x/..",
                "/shop/assets/.",
                "/shop/assets//me",
                "/shop/assets//",
                "/shop/assets/..;/me",
                "/shop/assets/.;x=/../me",
                "/shop/assets/%2e%2e/me",
                "/shop/assets/.%2E/me",
                "/shop/assets/%252e%252e/me",
                "/shop/assets/..%2fme",
                "/shop/assets/%5c../me",
                "/shop/assets/..\\me",
                "/shop/assets/x;jsessionid=1",
                "/shop/assets/%c0%ae%c0%ae/me",
                "/shop/assets/%u002e%u002e/me",
                "/shop/assets/app.js%00.html",
                "/shop/assets/x#/../../me",
                "/shop/assets/\u2025/me",
                "/shop/assets/\uff0e\uff0e/me",
                "/shop/assets/x|y",
                "/shop/assets/<x>",
                "/shop/assets/\"x\"",
                "/shop/assets/{x}",
                "/shop/assets/[x]",
                "/shop/assets/^",
                "/shop/assets/`",
            })
    void what_a_server_may_read_as_another_path_is_never_open(String target) {
        assertDemandsCaller("GET", target);
    }

    @Test
    void a_very_long_target_is_read_once() {
        String deep = "/x".repeat(500_000);

        assertDemandsCaller("GET", "/shop" + deep);
        assertThat(passed(filter.filter("/shop/assets" + deep, nobody("GET"))).caller())
                .isEmpty();
        assertDemandsCaller("GET", "/shop/assets" + deep + "/..");
        assertThat(answer(filter.filter(
                                SESSIONS + "/" + "x".repeat(1_000_000),
                                Host.delete(token).build()))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void thousands_of_header_lines_and_cookies_say_what_one_says() {
        EndpointRequest.Builder flood = Host.get(token);
        for (int i = 0; i < 20_000; i++) {
            flood.header("X-" + i % 100, "x").header("Cookie", "a" + i + "=b");
        }
        assertThat(passed(filter.filter("/shop/me", flood.build())).caller()).isPresent();

        EndpointRequest two =
                Host.get(token).header("authorization", "Bearer x").build();
        assertThat(answer(filter.filter("/shop/me", two)).status()).isEqualTo(400);
    }

    @Test
    void an_open_path_passes_with_the_caller_if_there_is_a_good_one() {
        assertThat(passed(filter.filter("/shop/hello", Host.get(token).build()))
                        .caller()
                        .orElseThrow()
                        .subject())
                .contains(Host.ALICE);
        assertThat(host.store.calls()).contains("touch");
    }

    @Test
    void an_open_path_passes_with_a_credential_that_is_not_good() {
        String forged = host.forged(session);
        EndpointRequest ambiguous =
                Host.get(token).header("Authorization", "Bearer x").build();
        EndpointRequest crossSite = EndpointRequest.of("POST")
                .header("Cookie", "__Host-at=" + token)
                .header("Sec-Fetch-Site", "cross-site")
                .build();

        assertThat(passed(filter.filter("/shop/hello", Host.get(forged).build()))
                        .caller())
                .isEmpty();
        assertThat(passed(filter.filter("/shop/hello", ambiguous)).caller()).isEmpty();
        assertThat(passed(filter.filter("/shop/login", crossSite)).caller()).isEmpty();
        host.expired(token);
        assertThat(passed(filter.filter("/shop/login", Host.post(token).build()))
                        .caller())
                .isEmpty();
    }

    @Test
    void an_outage_is_503_and_what_is_open_passes() {
        host.store.cut();

        EndpointResponse answer =
                answer(filter.filter("/shop/me", Host.get(token).build()));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers("Retry-After")).isNotEmpty();
        assertThat(answer.headers("WWW-Authenticate")).isEmpty();
        assertThat(passed(filter.filter("/shop/hello", Host.get(token).build())).caller())
                .isEmpty();
    }

    @Test
    void a_failure_in_the_hosts_own_code_is_answered_as_one_in_the_endpoints() {
        SessionEndpoints endpoints = host.endpoints(Profile.STANDARDS);
        EndpointRequest request = Host.get(token).build();

        EndpointResponse outage = endpoints.failed(request, new StoreUnavailableException("list", null));
        assertThat(outage.status()).isEqualTo(503);
        assertThat(outage.headers("Retry-After")).isNotEmpty();
        assertThat(endpoints
                        .failed(request, new StoreSettingsMismatchException(Duration.ofDays(1), Duration.ofDays(2)))
                        .status())
                .isEqualTo(500);
        ReauthenticationRequiredException demand = catchThrowableOfType(
                ReauthenticationRequiredException.class,
                () -> passed(filter.filter("/shop/me", request))
                        .caller()
                        .orElseThrow()
                        .requireAuthenticatedWithin(Duration.ofMinutes(5), Host.START.plus(Duration.ofHours(1))));
        EndpointResponse challenge = endpoints.failed(request, demand);
        assertThat(challenge.status()).isEqualTo(401);
        assertThat(challenge.header("WWW-Authenticate").orElse("")).contains("max_age=\"300\"");
    }

    @Test
    void who_sends_no_credential_to_an_open_path_is_not_counted_as_bad() {
        List<String> counted = new ArrayList<>();
        RateLimiter limiter = (key, now) -> {
            counted.add(key.action().name());
            return RateLimitDecision.permitted();
        };
        RequestFilter limited = shop(
                host.endpoints().rateLimiter(limiter).profile(Profile.STANDARDS).build());
        EndpointRequest stranger =
                EndpointRequest.of("GET").clientAddress("192.0.2.7").build();

        limited.filter("/shop/hello", stranger);
        assertThat(counted).isEmpty();
        limited.filter("/shop/me", stranger);
        assertThat(counted).containsExactly("UNAUTHENTICATED");
    }

    @Test
    void a_request_has_one_name_in_the_filter_and_behind_it() {
        List<RequestContext> seen = new ArrayList<>();
        RequestFilter watched = shop(host.endpoints()
                .rateLimiter((key, now) -> {
                    seen.add(RequestContext.current());
                    return RateLimitDecision.permitted();
                })
                .build());
        EndpointRequest.Builder request = Host.get(token).clientAddress("192.0.2.7");

        RequestContext behind =
                passed(watched.filter("/shop/me", request.build())).context();
        assertThat(behind.address()).contains("192.0.2.7");
        assertThat(behind.correlationId()).isPresent();

        request.header("X-Request-Id", "r-1");
        assertThat(passed(watched.filter("/shop/hello", request.build()))
                        .context()
                        .correlationId())
                .contains("r-1");
        watched.filter(SESSIONS, request.build());
        assertThat(seen)
                .extracting(context -> context.correlationId().orElse(""))
                .containsExactly("r-1");
        assertThat(RequestContext.current()).isEqualTo(RequestContext.none());
    }

    @Test
    void only_the_endpoints_read_a_body() {
        assertThat(filter.isEndpoint("/shop/api/v1/auth/logout?x")).isTrue();
        assertThat(filter.isEndpoint(SESSIONS)).isTrue();
        assertThat(filter.isEndpoint(SESSIONS + "/%zz")).isTrue();
        assertThat(filter.isEndpoint(SESSIONS + "/a/b")).isFalse();
        // Without a refresh there is no such endpoint.
        assertThat(filter.isEndpoint("/shop/api/v1/auth/refresh")).isFalse();
        assertThat(filter.isEndpoint("/api/v1/auth/logout")).isFalse();
        assertThat(filter.isEndpoint("/shop/login")).isFalse();
    }

    @Test
    void a_body_is_read_one_byte_beyond_the_limit() throws IOException {
        SessionEndpoints endpoints = host.endpoints().maxBodyBytes(10).build();
        assertThat(endpoints.maxBodyBytes()).isEqualTo(10);
        ByteArrayInputStream in = new ByteArrayInputStream(new byte[100]);

        EndpointRequest request =
                Host.post(token).body(in, endpoints.maxBodyBytes()).build();

        assertThat(request.body()).hasSize(11);
        assertThat(in.available()).isEqualTo(89);
        assertThat(endpoints.logout(request).status()).isEqualTo(413);
        assertThat(Host.post(token).body(in, Integer.MAX_VALUE).build().body()).hasSize(89);
    }

    @Test
    void headers_and_answers_keep_their_lines() {
        EndpointRequest request = EndpointRequest.of("GET")
                .headers(List.of("Accept", "Cookie"), name -> List.of(name + "=1", name + "=2"))
                .build();
        assertThat(request.headers("accept")).containsExactly("Accept=1", "Accept=2");
        assertThat(request.cookies("Cookie")).containsExactly("1", "2");

        Map<String, List<String>> written = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        written.put("content-type", List.of("text/plain"));
        written.put("set-cookie", List.of("theme=dark"));
        SessionEndpoints endpoints = host.endpoints()
                .dpopProofs("ES256")
                .credentialCookie(Host.COOKIE)
                .build();
        EndpointResponse answer = endpoints.logout(EndpointRequest.of("POST")
                .header("Cookie", "__Host-at=x")
                .header("Sec-Fetch-Site", "same-origin")
                .build());
        answer.writeHead(
                status -> written.put("status", List.of(Integer.toString(status))),
                (name, value) -> written.put(name, List.of(value)),
                (name, value) -> written.merge(
                        name,
                        List.of(value),
                        (lines, more) ->
                                Stream.of(lines, more).flatMap(List::stream).toList()));
        assertThat(written.get("status")).containsExactly("401");
        assertThat(written.get("Content-Type")).containsExactly("application/json; charset=utf-8");
        assertThat(written.get("WWW-Authenticate")).hasSize(2).isEqualTo(answer.headers("WWW-Authenticate"));
        assertThat(written.get("Set-Cookie")).hasSize(2).startsWith("theme=dark");
        assertThat(filter.endpoints()).isNotNull();
    }

    @Test
    void without_a_context_path_all_begins_at_the_root() {
        RequestFilter own = RequestFilter.builder(host.endpoints(Profile.STANDARDS))
                .endpointPaths(paths -> paths.logoutPath("/bye").sessionsPath("/devices"))
                .open("/hello")
                .build();

        assertThat(passed(own.filter("/hello", nobody("GET"))).caller()).isEmpty();
        assertThat(answer(own.filter("/devices", Host.get(token).build())).status())
                .isEqualTo(200);
        assertThat(own.filter("/api/auth/sessions", Host.get(token).build())).isInstanceOf(Passed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "/he llo", "/a/../b", "/a//b", "/a;b", "/a%20b", "/a?b", "/a#b", "/{id}", "/é"})
    void a_path_that_could_not_be_meant_is_refused_with_the_name_of_its_setting(String path) {
        RequestFilter.Builder builder = RequestFilter.builder(host.endpoints(Profile.STANDARDS));

        assertThatThrownBy(() -> builder.open(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("open(\"" + path + "\")");
        assertThatThrownBy(() -> builder.openBelow(path + "/"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("openBelow(\"" + path + "/\")");
    }

    @Test
    void a_folder_ends_with_a_slash_and_is_not_all() {
        RequestFilter.Builder builder = RequestFilter.builder(host.endpoints(Profile.STANDARDS));

        assertThatThrownBy(() -> builder.openBelow("/assets"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/assets/");
        assertThatThrownBy(() -> builder.openBelow("/")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.open("", "/x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.open("GET /x", "/x")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"shop", "/", "/shop/", "//shop", "/a/../b", "/sh%6fp", "/shop;x", "/shop?x"})
    void a_context_path_that_no_request_has_is_refused(String path) {
        RequestFilter.Builder builder = RequestFilter.builder(host.endpoints(Profile.STANDARDS));

        assertThatThrownBy(() -> builder.contextPath(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contextPath(\"" + path + "\")");
    }
}
