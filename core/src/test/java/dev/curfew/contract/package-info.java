/**
 * What every store of sessions and revocations must do, as tests that a store's module inherits.
 *
 * <p>A store implements {@link dev.curfew.contract.StoreFixture} and extends
 * {@link dev.curfew.contract.SessionStoreContract}; that is all. No test sleeps or reads a clock:
 * {@link dev.curfew.contract.ManualClock} is for hosts' tests as well.
 *
 * <p>What the contract cannot do from outside is left to a store's own tests: rows and entries that are damaged, data
 * that are lost under a running node, servers and files that fail, a process that is killed, and hints. The page
 * {@code docs/stores.md} lists them.
 */
@NullMarked
package dev.curfew.contract;

import org.jspecify.annotations.NullMarked;
