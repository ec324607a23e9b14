package dev.curfew;

import dev.curfew.atrest.Reencryption;
import dev.curfew.atrest.SessionRows;
import dev.curfew.audit.AuditTrail;
import dev.curfew.event.EventPublisher;
import dev.curfew.metered.StoreMeters;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.store.SessionStore;
import org.jspecify.annotations.Nullable;

/**
 * What a builder has made ready for its service. Immutable.
 *
 * @param store to be used for everything, behind the replica if there is one
 * @param storeMeters what its calls are counted by
 * @param replica of this node, unless checks are authoritative
 * @param rows turns sessions into rows and back
 * @param reencryption walks through the store
 * @param terms how long tokens live, and by which policies
 * @param events tells the listeners
 * @param audit the trail among them, unless it was left out
 * @param suspicions acts upon what the detector among them raises, if there is one
 */
record ServiceParts(
        SessionStore store,
        StoreMeters storeMeters,
        @Nullable RevocationReplica replica,
        SessionRows rows,
        Reencryption reencryption,
        TokenTerms terms,
        EventPublisher events,
        @Nullable AuditTrail audit,
        @Nullable SuspicionResponse suspicions) {}
