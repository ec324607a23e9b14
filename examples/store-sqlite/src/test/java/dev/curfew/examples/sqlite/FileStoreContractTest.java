package dev.curfew.examples.sqlite;

import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;

/**
 * The contract of every store, in a file that two nodes share.
 *
 * <p>It does not wait for the disk: nothing of the contract is about a loss of power, and a sync takes longer than all
 * the rest of a transaction. {@link SyncedStoreContractTest} does.
 */
class FileStoreContractTest extends SessionStoreContract {
    @Override
    protected StoreFixture newFixture() {
        return new FileFixture("OFF", 20, 2_000);
    }
}
