package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.curfew.contract.TestTokens.Draft;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.meter.Meter;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.VerifiedToken;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushEndpointTest {
    private final SignalHost host = new SignalHost();

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void set_11_a_set_is_answered_202_without_a_body_once_what_it_ends_is_recorded() {
        VerifiedToken token = host.login("alice", "sid-1");

        EndpointResponse answer = host.push(host.sessionRevoked("sid-1"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(host.isActive(token)).isFalse();
    }

    @Test
    void set_13_a_set_that_comes_again_is_202_again_and_has_no_second_effect() {
        String set = host.sessionRevoked("sid-1").compact();
        assertThat(SignalHost.push(host.endpoint, set).status()).isEqualTo(202);
        host.clock.advance(Duration.ofMinutes(59));
        VerifiedToken since = host.login("alice", "sid-1");
        assertThat(host.adopts(since)).isTrue();

        for (int i = 0; i < 3; i++) {
            assertThat(SignalHost.push(host.endpoint, set).status()).isEqualTo(202);
        }
        host.clock.advance(Duration.ofHours(2));
        assertThat(SignalHost.push(host.endpoint, set).status()).isEqualTo(202);

        assertThat(host.events(RevocationRecorded.class).stream()
                        .filter(event -> event.at().isBefore(host.now().minus(Duration.ofHours(1)))))
                .hasSize(1);
        assertThat(host.isActive(host.login("alice", "sid-1", host.now().minus(Duration.ofMinutes(10)))))
                .isTrue();
    }

    @Test
    void set_12_each_fault_has_its_code() {
        Draft good = host.sessionRevoked("sid-1");

        refused("invalid_request", "no token");
        refused("invalid_request", "");
        refused("invalid_request", host.sessionRevoked("s").typed("JWT").compact());
        refused("invalid_request", host.sessionRevoked("s").without("jti").compact());
        refused("invalid_request", host.sessionRevoked("s").without("iat").compact());
        refused("invalid_request", host.sessionRevoked("s").without("events").compact());
        refused("invalid_request", host.sessionRevoked("s").without("sub_id").compact());
        refused("invalid_request", host.sessionRevoked("s").with("sub", "alice").compact());
        refused("invalid_request", host.sessionRevoked("s").with("exp", 1).compact());
        refused(
                "invalid_issuer",
                host.sessionRevoked("s")
                        .with("iss", "https://other.example.com")
                        .compact());
        refused(
                "invalid_issuer",
                host.sessionRevoked("s").with("iss", host.issuer() + "/").compact());
        refused(
                "invalid_audience",
                host.sessionRevoked("s").with("aud", "somebody").compact());
        refused(
                "invalid_audience",
                host.sessionRevoked("s").with("aud", List.of()).compact());
        String text = good.compact();
        String other = host.sessionRevoked("sid-2").compact();
        refused("invalid_key", text.substring(0, text.lastIndexOf('.')) + other.substring(other.lastIndexOf('.')));
        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(host.events).isEmpty();
        assertThat(SignalHost.push(host.endpoint, text + "\n").status()).isEqualTo(202);
    }

    @Test
    void set_03_a_set_has_one_event_which_is_an_object() {
        String type = SignalHost.CAEP + "session-revoked";
        refused(
                "invalid_request",
                host.sessionRevoked("s").with("events", Map.of()).compact());
        refused(
                "invalid_request",
                host.sessionRevoked("s")
                        .with("events", Map.of(type, Map.of(), type + "2", Map.of()))
                        .compact());
        for (Object value : new Object[] {true, "x", List.of(), 1}) {
            refused(
                    "invalid_request",
                    host.sessionRevoked("s").with("events", Map.of(type, value)).compact());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"iat", "toe", "event_timestamp"})
    void milliseconds_in_place_of_seconds_are_refused_and_end_nothing_for_ever(String claim) {
        VerifiedToken token = host.login("alice", "sid-1");
        long millis = host.now().toEpochMilli();
        Draft set = claim.equals("event_timestamp")
                ? host.event(SignalHost.CAEP + "session-revoked", Map.of(claim, millis), SignalHost.opaque("sid-1"))
                : host.sessionRevoked("sid-1").with(claim, millis);

        refused("invalid_request", set.compact());

        assertThat(host.isActive(token)).isTrue();
        assertThat(host.store.takeCalls()).doesNotContain("revoke");
    }

    @Test
    void other_methods_other_media_types_and_longer_bodies_are_refused_before_anything_is_read() {
        String set = host.sessionRevoked("sid-1").compact();
        for (String method : List.of("GET", "PUT", "HEAD", "OPTIONS", "DELETE", "post")) {
            EndpointResponse answer = host.endpoint.answer(EndpointRequest.of(method)
                    .header("Content-Type", "application/secevent+jwt")
                    .body(set.getBytes(StandardCharsets.UTF_8))
                    .build());
            assertThat(answer.status()).isEqualTo(405);
            assertThat(answer.header("Allow")).contains("POST");
            assertThat(answer.header("Cache-Control")).contains("no-store");
        }
        for (String type : List.of("application/jwt", "application/json", "text/plain", "application/secevent")) {
            EndpointResponse answer = host.endpoint.answer(EndpointRequest.of("POST")
                    .header("Content-Type", type)
                    .body(set.getBytes(StandardCharsets.UTF_8))
                    .build());
            assertThat(answer.status()).isEqualTo(415);
        }
        assertThat(host.endpoint
                        .answer(EndpointRequest.of("POST")
                                .body(set.getBytes(StandardCharsets.UTF_8))
                                .build())
                        .status())
                .isEqualTo(415);
        assertThat(SignalHost.push(host.endpoint, "x".repeat(64 * 1024 + 1)).status())
                .isEqualTo(413);
        refused("invalid_request", "x".repeat(64 * 1024));
        assertThat(host.endpoint
                        .answer(EndpointRequest.of("POST")
                                .header("Content-Type", "Application/SecEvent+JWT; charset=utf-8")
                                .body(set.getBytes(StandardCharsets.UTF_8))
                                .build())
                        .status())
                .isEqualTo(202);
    }

    @Test
    void an_outage_is_503_and_what_was_not_recorded_is_when_it_comes_again() {
        VerifiedToken token = host.login("alice", "sid-1");
        String set = host.sessionRevoked("sid-1").compact();
        host.store.goDown();

        EndpointResponse answer = SignalHost.push(host.endpoint, set);
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(answer.header("Cache-Control")).contains("no-store");
        host.store.recover();
        assertThat(host.isActive(token)).isTrue();

        assertThat(SignalHost.push(host.endpoint, set).status()).isEqualTo(202);
        assertThat(host.isActive(token)).isFalse();
    }

    @Test
    void keys_that_cannot_be_had_are_an_outage_and_no_fault_of_the_set() {
        EventTokenPolicy policy = EventTokenPolicy.of(
                        EventTokenPolicy.Profile.SECURITY_EVENT, host.provider.realm(), host.issuer())
                .keys(TokenKeys.remote(URI.create("http://127.0.0.1:9/jwks.json")))
                .audience("s6BhdRkqt3")
                .algorithms("ES256")
                .build();
        PushEndpoint keyless = PushEndpoint.of(SecurityEventReceiver.of(
                                host.service, host.receiver.upstream(), EventTokenVerifier.of(policy, host.clock))
                        .build())
                .build();

        assertThat(SignalHost.push(keyless, host.sessionRevoked("sid-1").compact())
                        .status())
                .isEqualTo(503);
    }

    @Test
    void a_fault_of_ours_is_no_success() {
        host.store.before(verb -> {
            throw new IllegalStateException("a fault that spells sid-1");
        });

        EndpointResponse answer = host.push(host.sessionRevoked("sid-1"));

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.bodyText()).doesNotContain("sid-1");
    }

    @Test
    void a_transmitter_is_known_by_its_authorization_where_the_host_demands_one() {
        PushEndpoint guarded = PushEndpoint.of(host.receiver)
                .authorization("Bearer old-0123456789abcdef")
                .authorization("Bearer new-0123456789abcdef")
                .build();
        String set = host.sessionRevoked("sid-1").compact();

        for (String wrong : List.of("", "Bearer old-0123456789abcde", "bearer old-0123456789abcdef", "Basic x")) {
            EndpointResponse answer = guarded.answer(
                    SignalHost.request(set).header("Authorization", wrong).build());
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.bodyText()).startsWith("{\"err\":\"authentication_failed\"");
        }
        assertThat(SignalHost.push(guarded, set).status()).isEqualTo(400);
        assertThat(guarded.answer(SignalHost.request(set)
                                .header("Authorization", "Bearer old-0123456789abcdef")
                                .header("Authorization", "Bearer old-0123456789abcdef")
                                .build())
                        .status())
                .isEqualTo(400);
        assertThat(host.store.takeCalls()).isEmpty();
        for (String right : List.of("Bearer old-0123456789abcdef", "Bearer new-0123456789abcdef")) {
            assertThat(guarded.answer(SignalHost.request(set)
                                    .header("authorization", right)
                                    .build())
                            .status())
                    .isEqualTo(202);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PushEndpoint.of(host.receiver).authorization("short-secret"))
                .withMessageNotContaining("short-secret");
    }

    @Test
    void what_is_answered_is_counted() {
        host.push(host.sessionRevoked("sid-1"));
        SignalHost.push(host.endpoint, "x");
        host.push(host.event("https://example.com/other", host.person("alice")));
        host.store.goDown();
        host.push(host.sessionRevoked("sid-2"));

        assertThat(host.endpoint.meters())
                .filteredOn(meter -> ((Meter.Counter) meter).count().getAsLong() > 0)
                .map(Meter.Counter.class::cast)
                .allSatisfy(meter -> assertThat(meter.tags())
                        .containsEntry("delivery", "push")
                        .containsEntry("realm", "op"))
                .extracting(
                        Meter::name,
                        meter ->
                                meter.tags().getOrDefault("result", meter.tags().get("error")),
                        meter -> meter.count().getAsLong())
                .containsExactlyInAnyOrder(
                        tuple("curfew.ssf.sets", "accepted", 1L),
                        tuple("curfew.ssf.sets", "ignored", 1L),
                        tuple("curfew.ssf.sets", "refused", 1L),
                        tuple("curfew.ssf.refusals", "invalid_request", 1L),
                        tuple("curfew.ssf.sets", "failed", 1L));
    }

    private void refused(String code, String set) {
        EndpointResponse answer = SignalHost.push(host.endpoint, set);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.bodyText()).startsWith("{\"err\":\"" + code + "\",\"description\":\"");
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.header("Content-Language")).contains("en");
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }
}
