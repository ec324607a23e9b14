package dev.curfew.contract;

/** What not every store can do; a fixture declares it, and the contract demands it then. */
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
    /** It remembers up to when it has forgotten, and answers nothing before that. */
    HORIZON,
    /** Its server has a clock, which {@link StoreFixture#storeClockAhead} moves. */
    OWN_CLOCK,
    /**
     * It has another clock than the node's, by the earlier of which things are over; {@link
     * StoreFixture#storeClockAhead} moves it.
     */
    SECOND_OPINION,
    /** It has the ability {@link dev.curfew.store.SessionsOfTarget}. */
    SESSIONS_OF_TARGET,
    /** It has the ability {@link dev.curfew.store.PayloadRewriting}. */
    PAYLOAD_REWRITING
}
