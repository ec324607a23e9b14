package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.deliver.Deliveries;
import dev.curfew.deliver.DeliveryStatus;
import dev.curfew.session.Realm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/** The order in which an application ends. */
class ServiceLifecycleTest {
    private static final List<String> SEEN = new ArrayList<>();

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        Client client(SessionService sessions) {
            return new Client(sessions);
        }
    }

    /** A host whose sessions begin at a provider. */
    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class RelyingParty {
        @Bean
        Upstream upstream() {
            return Upstream.of(Realm.of("sso"), "https://sso.example.com")
                    .linksOnly()
                    .build();
        }
    }

    /** Is stopped when Spring stops its client of Redis. */
    record Client(SessionService sessions) implements SmartLifecycle {
        @Override
        public void start() {
            // it runs by itself
        }

        @Override
        public void stop() {
            SEEN.add(sessions.health().problems().toString());
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public int getPhase() {
            return 0;
        }
    }

    @Test
    void the_service_is_closed_before_the_client_of_its_store_and_not_where_the_context_is_only_stopped() {
        try (Host host = Host.start(Host.jwt(), Shop.class)) {
            host.context().stop();
            assertThat(SEEN).hasSize(1).noneMatch(problems -> problems.contains("the service is closed"));
            host.context().start();
            assertThat(host.login("alice")).isNotNull();
            SEEN.clear();
        }
        assertThat(SEEN).hasSize(1).allMatch(problems -> problems.contains("the service is closed"));
    }

    @Test
    void an_upstream_brings_deliveries_that_work_from_the_start_to_the_end_of_the_application() {
        Deliveries deliveries;
        try (Host host = Host.start(Host.jwt(), RelyingParty.class)) {
            deliveries = host.bean(Deliveries.class);
            assertThat(deliveries.status().state()).isEqualTo(DeliveryStatus.State.RUNNING);
            host.context().stop();
            host.context().start();
            assertThat(deliveries.status().state()).isEqualTo(DeliveryStatus.State.RUNNING);
        }
        assertThat(deliveries.status().state()).isEqualTo(DeliveryStatus.State.CLOSED);
        try (Host host = Host.start(Host.jwt(), Shop.class)) {
            assertThat(host.context().getBeansOfType(Deliveries.class)).isEmpty();
        }
    }
}
