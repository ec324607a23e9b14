package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.replica.RevocationReplica;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a readiness probe is told. */
@Timeout(60)
class ServiceHealthTest {
    private static RevocationReplica.Builder withoutPolls(RevocationReplica.Builder replica) {
        return replica.staleness(Duration.ofHours(1), Duration.ofMinutes(20));
    }

    @Test
    void a_node_that_keeps_up_is_ready_and_costs_no_call() {
        TestHost host = TestHost.start(service -> service.replica(ServiceHealthTest::withoutPolls));
        host.store.takeCalls();

        ServiceHealth health = host.service.health();

        assertThat(health.isReady()).isTrue();
        assertThat(health.problems()).isEmpty();
        assertThat(health.index()).isPresent();
        assertThat(host.store.takeCalls()).isEmpty();
        host.service.close();
    }

    @Test
    void a_node_whose_store_is_down_is_ready_as_long_as_it_knows_enough() {
        TestHost host = TestHost.start(service -> service.replica(ServiceHealthTest::withoutPolls));
        VerifiedToken token = host.loginToken(host.alice);
        host.store.goDown();
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> host.service.logout(token));

        ServiceHealth meanwhile = host.service.health();
        host.clock.advance(Duration.ofHours(1).plusMillis(1));
        ServiceHealth later = host.service.health();

        assertThat(meanwhile.isReady()).isTrue();
        assertThat(meanwhile.problems())
                .anySatisfy(problem -> assertThat(problem).startsWith("the store did not answer the last call: revoke"))
                .anySatisfy(problem -> assertThat(problem).startsWith("revocations that only this node knows"));
        assertThat(later.isReady()).isFalse();
        assertThat(later.problems().get(0)).startsWith("the index of revocations is too old");
        assertThat(later.problems())
                .noneMatch(problem -> problem.contains("alice"))
                .noneMatch(problem ->
                        problem.contains(token.session().orElseThrow().handle().value()));
        host.store.recover();
        host.service.close();
    }

    @Test
    void a_service_that_is_closed_is_not_ready_and_says_why() {
        TestHost host = TestHost.start(service -> service.replica(ServiceHealthTest::withoutPolls));
        host.service.close();

        assertThat(host.service.health().isReady()).isFalse();
        assertThat(host.service.health().problems().get(0)).startsWith("the service is closed");
    }

    @Test
    void without_a_replica_the_store_is_asked() {
        TestHost host = TestHost.start();

        ServiceHealth before = host.service.health();
        host.store.goDown();
        ServiceHealth during = host.service.health();
        host.store.recover();

        assertThat(before.isReady()).isTrue();
        assertThat(before.index()).isEmpty();
        assertThat(during.isReady()).isFalse();
        assertThat(during.problems()).singleElement().asString().startsWith("the store did not answer");
        assertThat(host.service.health().isReady()).isTrue();
        assertThat(host.service.health().problems()).isEmpty();
    }
}
