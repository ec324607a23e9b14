package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Nodes that answer from replicas of the store: none lets a revoked token pass. */
abstract class ReplicaContract extends StoreContract {
    private static final Duration HUNT = Duration.ofSeconds(2);

    ReplicaContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void no_revoked_token_passes_on_any_node_and_no_live_one_is_refused() {
        List<SessionStore> stores = List.of(store(), nextNode());
        try (RevocationHunt hunt = new RevocationHunt(stores, clock)) {
            hunt.hunt(HUNT, () -> {});

            assertThat(hunt.checks()).isGreaterThan(10_000);
        }
    }

    private SessionStore nextNode() {
        if (!fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)) {
            return store();
        }
        SessionStore second = fixture().secondNode();
        second.open(Given.SETTINGS, now());
        return second;
    }
}
