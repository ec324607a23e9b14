/**
 * What every store of sessions and revocations must do, as tests that a store's module inherits.
 *
 * <p>A store implements {@link dev.curfew.contract.StoreFixture} and extends
 * {@link dev.curfew.contract.SessionStoreContract}; that is all. No test sleeps or reads a clock:
 * {@link dev.curfew.contract.ManualClock} is for hosts' tests as well.
 */
@NullMarked
package dev.curfew.contract;

import org.jspecify.annotations.NullMarked;
