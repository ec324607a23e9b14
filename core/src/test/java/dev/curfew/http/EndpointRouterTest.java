package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.Session;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointRouterTest {
    private static final String SESSIONS = "/api/auth/sessions";

    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final Session other = host.login(Host.ALICE);
    private final String token = host.token(session);
    private final EndpointRouter router = EndpointRouter.of(host.endpoints(Profile.GUIDE));

    private Optional<EndpointResponse> route(String method, String target) {
        return router.route(
                target,
                EndpointRequest.of(method)
                        .header("Authorization", "Bearer " + token)
                        .build());
    }

    @Test
    void the_four_endpoints_are_found() {
        String id = other.handle().value();

        assertThat(route("GET", SESSIONS).orElseThrow().bodyText()).contains(id);
        assertThat(route("DELETE", SESSIONS + "/" + id).orElseThrow().bodyText())
                .contains(id);
        assertThat(route("DELETE", SESSIONS).orElseThrow().bodyText()).contains("\"revoked\":0");
        assertThat(route("POST", "/api/v1/auth/logout").orElseThrow().status()).isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "",
                "/api",
                "/api/v1/auth/logout/",
                "/api/v1/auth/Logout",
                "/api/v1/auth/logout2",
                "/api/auth/sessions2",
                "/api/auth//sessions",
                "/api/auth/sessions/a/b",
                "/api/auth/%73essions",
                "*",
                "/api/auth/sessions/../x",
                "/x/api/auth/sessions"
            })
    void any_other_path_is_the_hosts(String path) {
        assertThat(route("GET", path)).isEmpty();
        assertThat(route("POST", path)).isEmpty();
        assertThat(route("DELETE", path)).isEmpty();
        assertThat(host.isLive(session) && host.isLive(other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,  /api/v1/auth/logout,   POST",
        "PUT,  /api/auth/sessions,    'GET, DELETE'",
        "POST, /api/auth/sessions,    'GET, DELETE'",
        "GET,  /api/auth/sessions/x,  'DELETE, PATCH'",
        "HEAD, /api/auth/sessions/,   'DELETE, PATCH'",
    })
    void an_unknown_method_names_those_that_there_are(String method, String path, String allow) {
        EndpointResponse response = route(method, path).orElseThrow();

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers("Allow")).containsExactly(allow);
    }

    @Test
    void the_slash_behind_the_collection_is_not_the_collection() {
        assertThat(route("DELETE", SESSIONS + "/").orElseThrow().status()).isEqualTo(404);
        assertThat(host.isLive(other)).isTrue();
    }

    @Test
    void an_id_is_decoded_once() {
        String id = other.handle().value();
        String spelled = "%" + Integer.toHexString(id.charAt(0)) + id.substring(1);

        assertThat(route("DELETE", SESSIONS + "/" + spelled).orElseThrow().status())
                .isEqualTo(200);
        assertThat(host.isLive(other)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%zz",
                "%FF",
                "%C0%AF",
                "%ED%A0%80",
                "%00",
                "%0d%0aX:%20y",
                "..%2f..",
                "%2e%2e",
                "a b",
                "é",
                "%٤١",
                "%25%30"
            })
    void abroken_or_strange_encoding_is_the_masked404_without_a_store_call(String id) {
        EndpointResponse unknown =
                route("DELETE", SESSIONS + "/" + "A".repeat(32)).orElseThrow();
        host.store.forgetCalls();

        EndpointResponse response = route("DELETE", SESSIONS + "/" + id).orElseThrow();

        assertThat(response.status()).isEqualTo(404);
        assertThat(response.headers()).isEqualTo(unknown.headers());
        assertThat(response.bodyText()).isEqualTo(unknown.bodyText());
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void a_broken_encoding_names_no_foreign_session_either() {
        Host foreign = Host.withForeignSessionIds();
        Map<String, Object> claims = foreign.claims(Host.ALICE);
        claims.put("sid", "%zz");
        EndpointRequest request = Host.delete(foreign.sign(claims)).build();

        assertThat(EndpointRouter.of(foreign.endpoints(Profile.GUIDE))
                        .route(SESSIONS + "/%zz", request)
                        .orElseThrow()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void the_query_asks_for_a_page_and_for_nothing_else() {
        assertThat(route("GET", SESSIONS + "?limit=1&&x&=y&x=%zz").orElseThrow().bodyText())
                .contains("\"next\":\"");
        assertThat(route("GET", SESSIONS + "?limit=1?").orElseThrow().status()).isEqualTo(400);
        assertThat(router.route(
                                "/api/v1/auth/logout?token=" + token,
                                EndpointRequest.of("POST").build())
                        .orElseThrow()
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_host_may_have_its_own_paths() {
        EndpointRouter own = EndpointRouter.builder(host.endpoints(Profile.GUIDE))
                .logoutPath("/logout")
                .sessionsPath("/me/devices")
                .build();

        assertThat(own.route("/me/devices", Host.get(token).build())).isPresent();
        assertThat(own.route("/logout", Host.post(token).build())).isPresent();
        assertThat(own.route(SESSIONS, Host.get(token).build())).isEmpty();
    }

    @Test
    void a_context_path_stands_in_front_of_all_paths() {
        EndpointRouter below = EndpointRouter.builder(host.endpoints(Profile.GUIDE))
                .contextPath("/shop")
                .logoutPath("/logout")
                .build();

        for (String outside :
                new String[] {SESSIONS, "/shop", "/shop/shop" + SESSIONS, "//shop" + SESSIONS, "/shops"}) {
            assertThat(below.route(outside, Host.get(token).build())).isEmpty();
        }
        assertThat(below.route("/shop" + SESSIONS + "?limit=1", Host.get(token).build())
                        .orElseThrow()
                        .bodyText())
                .contains("\"next\":\"");
        assertThat(below.route(
                                "/shop" + SESSIONS + "/" + other.handle().value(),
                                Host.delete(token).build())
                        .orElseThrow()
                        .status())
                .isEqualTo(200);
        assertThat(below.route("/shop/logout", Host.post(token).build())
                        .orElseThrow()
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "x", "/x/", "/x?y"})
    void a_path_that_cannot_be_found_is_refused(String path) {
        EndpointRouter.Builder builder = EndpointRouter.builder(host.endpoints(Profile.GUIDE));

        assertThatThrownBy(() -> builder.logoutPath(path)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.sessionsPath("/api/v1/auth/logout").build())
                .isInstanceOf(IllegalStateException.class);
    }
}
