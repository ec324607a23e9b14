package dev.curfew.contract;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The store of one node, whose steps come at their turn. */
final class SteppedStore extends ForwardingSessionStore {
    private final StepOrder order;
    private final char actor;

    SteppedStore(SessionStore store, StepOrder order, char actor) {
        super(store);
        this.order = order;
        this.actor = actor;
    }

    @Override
    public <T> Optional<T> ability(Class<T> type) {
        Optional<T> ability = super.ability(type);
        return type == SharedRecords.class
                ? ability.map(records -> type.cast(new SteppedRecords((SharedRecords) records)))
                : ability;
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        order.step(actor);
        return super.insert(login, now);
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        order.step(actor);
        return super.revoke(request, precondition, now);
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        order.step(actor);
        return super.revocationsCovering(facts, now);
    }

    private final class SteppedRecords implements SharedRecords {
        private final SharedRecords records;
        private int writes;

        SteppedRecords(SharedRecords records) {
            this.records = records;
        }

        @Override
        public Optional<SharedRecord> read(RecordKey key, Instant now) {
            return records.read(key, now);
        }

        /** The two links of a login are one step. */
        @Override
        public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
            if (writes++ % 2 == 0) {
                order.step(actor);
            }
            return records.write(key, expected, value, forgetAfter, now);
        }

        @Override
        public boolean remove(RecordKey key, long expected, Instant now) {
            return records.remove(key, expected, now);
        }

        @Override
        public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
            order.step(actor);
            return records.list(group, after, limit, now);
        }
    }
}
