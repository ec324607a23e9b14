package dev.curfew.examples.testing;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.store.SessionStore;
import java.util.Set;

/** A store of somebody's own keeps the contract. */
class OurStoreTest extends SessionStoreContract {
    @Override
    protected StoreFixture newFixture() {
        return new StoreFixture() {
            @Override
            public SessionStore freshStore() {
                return new OurStore(); // empty, and independent of every other one
            }

            @Override
            public Set<StoreCapability> capabilities() {
                return Set.of(StoreCapability.HORIZON, StoreCapability.INSISTED_ACTS);
            }

            @Override
            public int rounds() {
                return 10; // of each race; 200 unless it is said
            }

            @Override
            public int manySessions() {
                return 1_000; // of one subject; 100,000 unless it is said
            }
        };
    }
}
