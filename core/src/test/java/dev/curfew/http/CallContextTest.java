package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEventListener;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Under which name the events of a call are known. LOG-01. */
class CallContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private static String idOf(EndpointRequest.Builder request) {
        return CallContext.of(request.build()).correlationId().orElseThrow();
    }

    private static EndpointRequest.Builder request() {
        return EndpointRequest.of("GET");
    }

    @Test
    void the_trace_goes_before_the_name_that_a_proxy_gave() {
        assertThat(idOf(request().header("Traceparent", PARENT).header("X-Request-Id", "r-1")))
                .isEqualTo(TRACE);
        assertThat(idOf(request().header("X-Request-Id", "r-1"))).isEqualTo("r-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE + "-00f067aa0ba902b7",
                "00-" + TRACE + "-00f067aa0ba902b7-01-more",
                "ff-" + TRACE + "-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-" + TRACE + "-00f067aa0ba902b7-01more",
                "00-" + TRACE + "-00f067aa0ba902b7-0g"
            })
    void a_trace_that_is_not_valid_is_as_if_it_had_not_come(String parent) {
        assertThat(idOf(request().header("traceparent", parent).header("X-Request-Id", "r-1")))
                .isEqualTo("r-1");
    }

    @Test
    void a_host_gets_the_same_context_for_its_own_work_and_the_name_of_an_open_scope_stays() {
        EndpointRequest request = request()
                .clientAddress("192.0.2.7")
                .header("X-Request-Id", "r-1")
                .build();
        assertThat(request.context().address()).contains("192.0.2.7");
        assertThat(request.context().correlationId()).contains("r-1");

        RequestContext.Scope scope =
                RequestContext.none().withCorrelationId("the-hosts").open();
        try {
            assertThat(request.context().correlationId()).contains("the-hosts");
        } finally {
            scope.close();
        }
    }

    @Test
    void a_later_version_of_the_header_is_understood() {
        assertThat(idOf(request().header("traceparent", "01-" + TRACE + "-00f067aa0ba902b7-01-more")))
                .isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\nb", "\u202e", "a\"b", "${jndi:ldap://x}", "a;b"})
    void a_name_that_could_break_a_line_is_replaced_by_a_new_one(String id) {
        assertThat(idOf(request().header("X-Request-Id", id))).matches("[0-9a-f]{32}");
        assertThat(idOf(request().header("X-Request-Id", "x".repeat(65)))).matches("[0-9a-f]{32}");
    }

    @Test
    void of_two_headers_of_one_name_none_counts_and_no_two_calls_get_one_name() {
        assertThat(idOf(request().header("traceparent", PARENT).header("traceparent", PARENT)))
                .isNotEqualTo(TRACE);
        assertThat(idOf(request())).isNotEqualTo(idOf(request()));
    }

    @Test
    void what_the_host_has_opened_wins_and_the_address_is_that_of_the_request() {
        RequestContext.Scope scope =
                RequestContext.none().withCorrelationId("host-1").open();
        RequestContext context = CallContext.of(request()
                .header("traceparent", PARENT)
                .clientAddress("192.0.2.7")
                .build());
        scope.close();

        assertThat(context.correlationId()).contains("host-1");
        assertThat(context.address()).contains("192.0.2.7");
    }

    @Test
    void an_endpoints_events_carry_it_and_the_thread_is_left_without() {
        List<RequestContext> heard = new ArrayList<>();
        Host host = Host.create();
        SessionService listened = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Host.TOKEN_LIFETIME)
                .clock(host.clock)
                .authoritativeChecks()
                .eventExecutor(Runnable::run)
                .withoutAuditLog()
                .listener(new SessionEventListener() {
                    @Override
                    public void onEvent(SessionEvent event) {
                        throw new AssertionError("the other one is called");
                    }

                    @Override
                    public void onEvent(SessionEvent event, RequestContext context) {
                        heard.add(context);
                    }
                })
                .build();
        host.clock.advance(Duration.ofMinutes(1));
        Session session =
                listened.beginLogin(Host.ALICE).complete(DeviceInfo.unknown()).orElseThrow();
        heard.clear();
        SessionEndpoints endpoints = SessionEndpoints.builder()
                .service(listened)
                .verifier(host.verifier)
                .clock(host.clock)
                .build();
        EndpointRequest logout = Host.post(host.token(session))
                .header("traceparent", PARENT)
                .clientAddress("192.0.2.7")
                .build();

        assertThat(endpoints.logout(logout).status()).isEqualTo(200);
        endpoints.authentication().authenticate(logout);

        assertThat(heard).hasSize(3).allSatisfy(context -> {
            assertThat(context.correlationId()).contains(TRACE);
            assertThat(context.address()).contains("192.0.2.7");
        });
        assertThat(RequestContext.current()).isSameAs(RequestContext.none());
    }
}
