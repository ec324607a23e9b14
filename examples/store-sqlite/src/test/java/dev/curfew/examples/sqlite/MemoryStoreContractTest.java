package dev.curfew.examples.sqlite;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.store.SessionStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The contract of every store, in memory. */
class MemoryStoreContractTest extends SessionStoreContract {
    @Override
    protected StoreFixture newFixture() {
        return new Fixture();
    }

    /** Stores that keep nothing. */
    private static final class Fixture implements StoreFixture {
        private final List<SqliteSessionStore> stores = new ArrayList<>();

        @Override
        public SessionStore freshStore() {
            SqliteSessionStore store = SqliteSessionStore.inMemory();
            stores.add(store);
            return store;
        }

        @Override
        public Set<StoreCapability> capabilities() {
            return EnumSet.of(
                    StoreCapability.INSISTED_ACTS,
                    StoreCapability.HORIZON,
                    StoreCapability.SESSIONS_OF_TARGET,
                    StoreCapability.PAYLOAD_REWRITING,
                    StoreCapability.SUBJECT_ERASURE,
                    StoreCapability.SESSIONS_OF_SCOPE);
        }

        @Override
        public int rounds() {
            return 10;
        }

        @Override
        public int manySessions() {
            return 1_000;
        }

        @Override
        public void close() {
            stores.forEach(SqliteSessionStore::close);
        }
    }
}
