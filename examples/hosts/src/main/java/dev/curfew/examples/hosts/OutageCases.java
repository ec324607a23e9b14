package dev.curfew.examples.hosts;

import static dev.curfew.examples.hosts.TwoNodes.LOGOUT;
import static dev.curfew.examples.hosts.TwoNodes.REFRESH;
import static dev.curfew.examples.hosts.TwoNodes.SESSIONS;
import static dev.curfew.examples.hosts.TwoNodes.await;
import static dev.curfew.examples.hosts.TwoNodes.form;
import static dev.curfew.examples.hosts.TwoNodes.sessions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.hosts.TwoNodes.Login;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The database goes away, and comes back. */
interface OutageCases {
    TwoNodes nodes();

    @Test
    default void an_outage_is_503_and_never_a_success_or_a_bad_token_and_nothing_is_lost() {
        Login alice = nodes().login(nodes().first, "alice");
        Login leaving = nodes().login(nodes().first, "alice");
        Login gone = nodes().login(nodes().first, "alice");
        assertThat(nodes().second.post(LOGOUT, gone.token()).statusCode()).isEqualTo(204);

        nodes().database.stop();
        try {
            // Until the node's knowledge is too old, it may answer from that.
            List<Integer> meanwhile = new ArrayList<>();
            await("the first node cannot say any more", () -> {
                int status = nodes().first.get("/me", alice.token()).statusCode();
                meanwhile.add(status);
                return status == 503;
            });
            assertThat(meanwhile).containsOnly(200, 503);

            assertOutage(nodes().first.get("/me", alice.token()));
            assertOutage(nodes().first.post(LOGOUT, leaving.token()));
            assertOutage(nodes().first.get(SESSIONS, alice.token()));
            assertOutage(nodes().first.delete(SESSIONS, alice.token()));
            assertOutage(nodes().first.post("/password", alice.token()));
            assertOutage(
                    nodes().first.send("POST", REFRESH, "", "Cookie", alice.cookie(), "Sec-Fetch-Site", "same-origin"));
            assertOutage(nodes().first.postJson("/login", form("alice", "alice's password")));
            assertThat(nodes().first.get("/me", "x").statusCode()).isEqualTo(401);
            assertThat(nodes().first.get("/hello", alice.token()).statusCode()).isEqualTo(200);
        } finally {
            nodes().database.startAgain();
        }

        for (HttpCalls node : nodes().both()) {
            await("the node answers again", () -> node.get("/me", alice.token()).statusCode() == 200);
            assertThat(node.get("/me", gone.token()).statusCode()).isEqualTo(401);
            assertThat(sessions(node, alice.token()))
                    .extracting(session -> session.get("id"))
                    .contains(alice.session())
                    .doesNotContain(gone.session());
        }
        nodes().login(nodes().first, "bob");
        assertThat(nodes().first.post(LOGOUT, leaving.token()).statusCode()).isEqualTo(204);
        assertThat(nodes().first.get("/me", leaving.token()).statusCode()).isEqualTo(401);
        await(
                "the other node learns again",
                () -> nodes().second.get("/me", leaving.token()).statusCode() == 401);
    }

    private static void assertOutage(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.request().toString()).isEqualTo(503);
        assertThat(answer.headers().allValues("Retry-After")).hasSize(1);
        assertThat(answer.headers().allValues("WWW-Authenticate")).isEmpty();
        assertThat(answer.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    }
}
