package dev.curfew.memory;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.store.SessionStore;
import java.util.Set;

/** The in-memory store keeps the contract. */
class InMemorySessionStoreTest extends SessionStoreContract {
    @Override
    protected StoreFixture newFixture() {
        return new StoreFixture() {
            @Override
            public SessionStore freshStore() {
                return InMemorySessionStore.create();
            }

            @Override
            public SessionStore boundedStore(int maxSessions, int maxRevocations) {
                return InMemorySessionStore.builder()
                        .maxSessions(maxSessions)
                        .maxRevocations(maxRevocations)
                        .build();
            }

            @Override
            public Set<StoreCapability> capabilities() {
                return Set.of(
                        StoreCapability.BOUNDED,
                        StoreCapability.HORIZON,
                        StoreCapability.INSISTED_ACTS,
                        StoreCapability.SESSIONS_OF_TARGET);
            }
        };
    }
}
