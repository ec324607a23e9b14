package dev.curfew.examples.hosts;

import static dev.curfew.examples.hosts.TwoNodes.LOGOUT;
import static dev.curfew.examples.hosts.TwoNodes.REFRESH;
import static dev.curfew.examples.hosts.TwoNodes.SESSIONS;
import static dev.curfew.examples.hosts.TwoNodes.await;
import static dev.curfew.examples.hosts.TwoNodes.form;
import static dev.curfew.examples.hosts.TwoNodes.json;
import static dev.curfew.examples.hosts.TwoNodes.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.hosts.TwoNodes.Login;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Sessions begin, are seen, and end for both nodes. */
interface SessionCases {
    TwoNodes nodes();

    @Test
    default void a_login_brings_a_token_with_which_both_nodes_know_who_calls() {
        Login alice = nodes().login(nodes().first, "alice");

        for (HttpCalls node : nodes().both()) {
            HttpResponse<String> me = node.get("/me", alice.token());
            assertThat(me.statusCode()).isEqualTo(200);
            assertThat(json(me)).isEqualTo(Map.of("subject", "alice", "session", alice.session()));
        }
    }

    @Test
    default void a_wrong_password_and_an_unknown_user_are_401_without_a_cookie() {
        for (String form :
                List.of(form("alice", "bob's password"), form("nobody", "x"), form("", ""), form("\n", ""))) {
            HttpResponse<String> answer = nodes().first.postJson("/login", form);
            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        }
    }

    @Test
    default void a_login_form_that_is_none_is_400() {
        for (String form : List.of("{", "[]", "null", "\"x\"", "{}", "{\"username\":\"alice\"}", "{\"username\":1}")) {
            assertThat(nodes().first.postJson("/login", form).statusCode())
                    .as(form)
                    .isEqualTo(400);
        }
    }

    @Test
    default void the_list_flags_the_callers_own_session_and_no_other() {
        Login one = nodes().login(nodes().first, "alice");
        Login two = nodes().login(nodes().second, "alice");

        for (HttpCalls node : nodes().both()) {
            List<Map<String, Object>> list = sessions(node, two.token());
            assertThat(list).extracting(session -> session.get("id")).contains(one.session(), two.session());
            assertThat(list)
                    .filteredOn(session -> Boolean.TRUE.equals(session.get("current")))
                    .extracting(session -> session.get("id"))
                    .containsExactly(two.session());
        }
    }

    @Test
    default void the_query_asks_for_a_page_of_the_list() {
        Login alice = nodes().login(nodes().first, "alice");
        nodes().login(nodes().first, "alice");

        HttpResponse<String> page = nodes().first.get(SESSIONS + "?limit=1", alice.token());

        assertThat(json(page)).containsKey("next");
        assertThat(nodes().first.get(SESSIONS + "?limit=x", alice.token()).statusCode())
                .isEqualTo(400);
    }

    @Test
    default void ending_one_of_the_own_ends_that_one_on_both_nodes() {
        Login lost = nodes().login(nodes().first, "alice");
        Login here = nodes().login(nodes().first, "alice");

        HttpResponse<String> answer = nodes().first.delete(SESSIONS + "/" + lost.session(), here.token());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(nodes().first.get("/me", lost.token()).statusCode()).isEqualTo(401);
        awaitRefused(nodes().second, lost);
        assertThat(nodes().second.get("/me", here.token()).statusCode()).isEqualTo(200);
    }

    @Test
    default void a_name_for_a_session_is_seen_in_the_list() {
        Login alice = nodes().login(nodes().first, "alice");
        String path = SESSIONS + "/" + alice.session();

        HttpResponse<String> answer = nodes().first
                .send(
                        "PATCH",
                        path,
                        "{\"label\":\"La cocina ñ\"}",
                        "Content-Type",
                        "application/json",
                        "Authorization",
                        "Bearer " + alice.token());

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(sessions(nodes().second, alice.token()))
                .filteredOn(session -> alice.session().equals(session.get("id")))
                .extracting(session -> session.get("label"))
                .containsExactly("La cocina ñ");
    }

    @Test
    default void the_id_of_someone_else_is_404_and_the_session_lives_on() {
        Login bob = nodes().login(nodes().first, "bob");
        Login alice = nodes().login(nodes().first, "alice");
        HttpResponse<String> unknown = nodes().first.delete(SESSIONS + "/" + "A".repeat(32), alice.token());

        HttpResponse<String> foreign = nodes().first.delete(SESSIONS + "/" + bob.session(), alice.token());

        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(foreign.body().replaceAll("urn:uuid:.{36}", ""))
                .isEqualTo(unknown.body().replaceAll("urn:uuid:.{36}", ""));
        assertThat(nodes().first.get("/me", bob.token()).statusCode()).isEqualTo(200);
        assertThat(sessions(nodes().second, bob.token()))
                .extracting(session -> session.get("id"))
                .contains(bob.session());
    }

    @Test
    default void ending_all_others_spares_the_caller_and_other_people() {
        Login bob = nodes().login(nodes().first, "bob");
        Login lost = nodes().login(nodes().second, "alice");
        Login here = nodes().login(nodes().first, "alice");

        assertThat(nodes().first.delete(SESSIONS, here.token()).statusCode()).isEqualTo(204);

        assertThat(nodes().first.get("/me", lost.token()).statusCode()).isEqualTo(401);
        awaitRefused(nodes().second, lost);
        assertThat(sessions(nodes().second, here.token()))
                .extracting(session -> session.get("id"))
                .containsExactly(here.session());
        assertThat(nodes().second.get("/me", bob.token()).statusCode()).isEqualTo(200);
    }

    @Test
    default void a_new_password_ends_the_persons_other_sessions() {
        Login lost = nodes().login(nodes().second, "alice");
        Login here = nodes().login(nodes().first, "alice");
        assertThat(nodes().first.post("/password", "").statusCode()).isEqualTo(401);

        assertThat(nodes().first.post("/password", here.token()).statusCode()).isEqualTo(204);

        assertThat(nodes().first.get("/me", lost.token()).statusCode()).isEqualTo(401);
        awaitRefused(nodes().second, lost);
        assertThat(nodes().second.get("/me", here.token()).statusCode()).isEqualTo(200);
    }

    @Test
    default void after_a_logout_nothing_takes_the_token_or_the_cookie() {
        Login alice = nodes().login(nodes().first, "alice");
        Login other = nodes().login(nodes().first, "alice");

        assertThat(nodes().first.post(LOGOUT, alice.token()).statusCode()).isEqualTo(204);

        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(401);
        awaitRefused(nodes().second, alice);
        for (HttpCalls node : nodes().both()) {
            assertThat(node.get(SESSIONS, alice.token()).statusCode()).isEqualTo(401);
            assertThat(node.delete(SESSIONS, alice.token()).statusCode()).isEqualTo(401);
            assertThat(node.delete(SESSIONS + "/" + other.session(), alice.token())
                            .statusCode())
                    .isEqualTo(401);
            assertThat(node.post("/password", alice.token()).statusCode()).isEqualTo(401);
            assertThat(node.send("POST", REFRESH, "", "Cookie", alice.cookie(), "Sec-Fetch-Site", "same-origin")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(node.get("/me", other.token()).statusCode()).isEqualTo(200);
        }
    }

    @Test
    default void logouts_at_once_on_both_nodes_all_succeed_and_are_one_end() throws Exception {
        Login alice = nodes().login(nodes().first, "alice");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                HttpCalls node = nodes().both().get(i % 2);
                answers.add(threads.submit(() -> {
                    start.await();
                    return node.post(LOGOUT, alice.token()).statusCode();
                }));
            }
            start.countDown();

            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(204);
            }
            assertThat(nodes().database.endsOf(alice.session())).isEqualTo(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    default void a_request_to_a_resource_of_the_host_is_a_sign_of_life_of_its_session() {
        Login alice = nodes().login(nodes().first, "alice");
        Login watcher = nodes().login(nodes().first, "alice");
        nodes().database.age(alice.session(), Duration.ofMinutes(10));
        Instant before = lastSeen(watcher, alice);

        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);

        await("lastSeenAt moves", () -> lastSeen(watcher, alice).isAfter(before.plus(Duration.ofMinutes(5))));
    }

    private Instant lastSeen(Login watcher, Login seen) {
        return sessions(nodes().first, watcher.token()).stream()
                .filter(session -> seen.session().equals(session.get("id")))
                .map(session -> Instant.parse((String) session.get("lastSeenAt")))
                .findFirst()
                .orElseThrow();
    }

    private static void awaitRefused(HttpCalls node, Login login) {
        await(
                "the other node refuses the token",
                () -> node.get("/me", login.token()).statusCode() == 401);
    }
}
