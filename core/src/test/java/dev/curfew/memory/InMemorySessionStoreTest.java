package dev.curfew.memory;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.Set;

/** The in-memory store keeps the contract. */
class InMemorySessionStoreTest extends SessionStoreContract {
    @Override
    protected StoreFixture newFixture() {
        return new StoreFixture() {
            private volatile Duration ahead = Duration.ZERO;

            @Override
            public SessionStore freshStore() {
                ahead = Duration.ZERO;
                return builder().build();
            }

            private InMemorySessionStore.Builder builder() {
                return InMemorySessionStore.builder().elapsedClock((now, reading) -> now.plus(ahead));
            }

            @Override
            public void storeClockAhead(Duration value) {
                ahead = value;
            }

            @Override
            public SessionStore boundedStore(int maxSessions, int maxRevocations) {
                return builder()
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
                        StoreCapability.SECOND_OPINION,
                        StoreCapability.SESSIONS_OF_TARGET,
                        StoreCapability.PAYLOAD_REWRITING,
                        StoreCapability.SUBJECT_ERASURE,
                        StoreCapability.SESSIONS_OF_SCOPE,
                        StoreCapability.SHARED_RECORDS);
            }
        };
    }
}
