package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Listing the caller's sessions. */
class ListSessionsTest {
    private final Host host = Host.create();
    private final Session first = host.login(Host.ALICE);
    private final Session current = host.login(Host.ALICE);
    private final String token = host.token(current);

    private static Map<String, Object> parsed(EndpointResponse response) {
        try {
            return JSONObjectUtils.parse(response.bodyText());
        } catch (ParseException e) {
            throw new AssertionError(response.bodyText(), e);
        }
    }

    private EndpointResponse list(Profile profile) {
        return host.endpoints(profile).listSessions(Host.get(token).build());
    }

    @Test
    void the_newest_comes_first_and_the_current_one_is_flagged() {
        host.login(Host.BOB);

        EndpointResponse response = list(Profile.GUIDE);

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText())
                .isEqualTo("{\"success\":true,\"sessions\":[{\"id\":\""
                        + current.handle().value()
                        + "\",\"current\":true,\"device\":\"Firefox on Linux\","
                        + "\"kind\":\"desktop\",\"browser\":\"Firefox\",\"system\":\"Linux\","
                        + "\"createdAt\":\"2026-03-01T12:01:02Z\",\"lastSeenAt\":\"2026-03-01T12:01:03Z\","
                        + "\"expiresAt\":\"2026-03-02T12:01:02Z\"},{\"id\":\""
                        + first.handle().value()
                        + "\",\"current\":false,\"device\":\"Firefox on Linux\","
                        + "\"kind\":\"desktop\",\"browser\":\"Firefox\",\"system\":\"Linux\","
                        + "\"createdAt\":\"2026-03-01T12:01:01Z\",\"lastSeenAt\":\"2026-03-01T12:01:01Z\","
                        + "\"expiresAt\":\"2026-03-02T12:01:01Z\"}]}");
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"));
    }

    @Test
    void the_standards_have_no_success_member() {
        assertThat(parsed(list(Profile.STANDARDS))).containsOnlyKeys("sessions");
    }

    @ParameterizedTest
    @EnumSource
    void what_a_device_is_called_stays_a_string(Profile profile) {
        String label = "\"},{\"id\":\"<script>\\ \u2028 & \uD83D\uDE42";
        host.clock.advance(Duration.ofSeconds(1));
        host.service.beginLogin(Host.ALICE).complete(DeviceInfo.of(label).withAddress("203.0.113.0/24"));

        EndpointResponse response = list(profile);

        assertThat(response.bodyText()).doesNotContain("<").doesNotContain("\u2028");
        Map<?, ?> newest = (Map<?, ?>) ((List<?>) parsed(response).get("sessions")).get(0);
        assertThat(newest.get("device")).isEqualTo(DeviceInfo.of(label).label());
        assertThat(newest.get("address")).isEqualTo("203.0.113.0/24");
        assertThat(newest.get("kind")).isEqualTo("unknown");
        assertThat(newest.containsKey("browser"))
                .as("the label is the host's own")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_session_that_cannot_be_read_is_an_unknown_device_that_can_be_ended(Profile profile) {
        host.clock.advance(Duration.ofSeconds(1));
        SessionId unreadable = host.unreadableSession(Host.ALICE);

        List<?> sessions = (List<?>) parsed(list(profile)).get("sessions");

        assertThat(sessions).hasSize(3);
        Map<?, ?> newest = (Map<?, ?>) sessions.get(0);
        assertThat(newest.get("id")).isEqualTo(unreadable.value());
        assertThat(newest.get("readable")).isEqualTo(false);
        assertThat(newest.get("device")).isEqualTo("Unknown device");
        assertThat(sessions.subList(1, 3)).noneMatch(entry -> ((Map<?, ?>) entry).containsKey("readable"));
        EndpointRequest end = Host.delete(token).pathId(unreadable.value()).build();
        assertThat(host.endpoints(profile).revokeSession(end).status()).isLessThan(300);
        assertThat((List<?>) parsed(list(profile)).get("sessions")).hasSize(2);
    }

    @Test
    void pages_follow_one_another() {
        for (int i = 0; i < 5; i++) {
            host.login(Host.ALICE);
        }
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        List<Object> ids = new ArrayList<>();
        EndpointRequest.Builder request = Host.get(token).queryParameter("limit", "3");
        for (int page = 0; page < 3; page++) {
            Map<String, Object> answer = parsed(endpoints.listSessions(request.build()));
            ((List<?>) answer.get("sessions")).forEach(session -> ids.add(((Map<?, ?>) session).get("id")));
            request = Host.get(token).queryParameter("limit", "3").queryParameter("cursor", (String)
                    answer.getOrDefault("next", ""));
        }

        assertThat(ids).hasSize(7).doesNotHaveDuplicates();
        assertThat(endpoints.listSessions(request.build()).status())
                .as("an empty cursor")
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "limit=0",
                "limit=-1",
                "limit=1001",
                "limit=x",
                "limit=",
                "limit=99999999999999999999",
                "limit=٣",
                "cursor=x",
                "cursor=1-zz",
                "cursor=9999999999999999-00000000000000000000000000000000"
            })
    void a_page_that_cannot_be_is_refused(String parameter) {
        List<String> parts = List.of(parameter.split("=", 2));

        assertThat(host.endpoints(Profile.GUIDE)
                        .listSessions(Host.get(token)
                                .queryParameter(parts.get(0), parts.get(1))
                                .build())
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_parameter_given_twice_is_refused() {
        EndpointRequest request = Host.get(token)
                .queryParameter("limit", "1")
                .queryParameter("limit", "2")
                .build();

        assertThat(host.endpoints(Profile.GUIDE).listSessions(request).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @EnumSource
    void a_revoked_caller_sees_nothing(Profile profile) {
        host.endpoints(profile).logout(Host.post(token).build());

        assertThat(list(profile).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @EnumSource
    void an_outage_is_not_a_bad_token(Profile profile) {
        for (String verb : List.of("revocationsCovering", "list")) {
            host.store.cut(verb);

            EndpointResponse response = list(profile);

            assertThat(response.status()).isEqualTo(profile == Profile.GUIDE ? 500 : 503);
            assertThat(response.headers("WWW-Authenticate")).isEmpty();
        }
    }

    @Test
    void reading_needs_no_proof_against_other_sites() {
        EndpointRequest request = EndpointRequest.of("GET")
                .header("Cookie", "__Host-at=" + token)
                .header("Sec-Fetch-Site", "cross-site")
                .build();

        assertThat(host.endpoints(Profile.GUIDE).listSessions(request).status()).isEqualTo(200);
    }
}
