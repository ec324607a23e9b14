package dev.curfew.contract;

/**
 * What not every store can do; a fixture declares it, and the contract demands it then. Begin with none, so that what
 * is left is the least that a store must do, and declare one after another. A capability that a store has and does not
 * declare is not tested.
 */
public enum StoreCapability {
    /** It has a bound that {@link StoreFixture#boundedStore} sets. */
    BOUNDED,
    /** Several nodes work on the same data, see {@link StoreFixture#secondNode}. */
    SEVERAL_NODES,
    /** What was acknowledged stands after {@link StoreFixture#restarted}. */
    SURVIVES_RESTART,
    /**
     * Its acts keep their names when a node records them itself ({@code RevocationRequest.fixedAs}); every store is to
     * have it.
     */
    INSISTED_ACTS,
    /** It remembers up to when it has forgotten, and answers nothing before that; every store is to have it. */
    HORIZON,
    /**
     * It has a server with a clock of its own, other than that of the node's machine, which {@link
     * StoreFixture#storeClockAhead} moves.
     */
    OWN_CLOCK,
    /**
     * It has another clock than the node's, by the earlier of which things are over; {@link
     * StoreFixture#storeClockAhead} moves it.
     */
    SECOND_OPINION,
    /** {@link StoreFixture#damageRow} makes a row of a session that it cannot read. */
    DAMAGED_ROWS,
    /** It has the ability {@link dev.curfew.store.SessionsOfTarget}. */
    SESSIONS_OF_TARGET,
    /** It has the ability {@link dev.curfew.store.PayloadRewriting}. */
    PAYLOAD_REWRITING,
    /** It has the ability {@link dev.curfew.store.SubjectErasure}. */
    SUBJECT_ERASURE,
    /** It has the ability {@link dev.curfew.store.SessionsOfScope}. */
    SESSIONS_OF_SCOPE,
    /** It has the ability {@link dev.curfew.store.SharedRecords}. */
    SHARED_RECORDS
}
