package dev.curfew.contract;

import dev.curfew.session.LookupKey;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.IntSupplier;

/** A store whose writes of records now and then have no answer, and happened or did not. */
final class ForgetfulStore extends ForwardingSessionStore {
    /** What becomes of a write. */
    static final int ANSWERED = 0;

    static final int DONE_AND_LOST = 1;
    static final int LOST = 2;

    private final IntSupplier fate;

    ForgetfulStore(SessionStore store, IntSupplier fate) {
        super(store);
        this.fate = fate;
    }

    @Override
    public <T> Optional<T> ability(Class<T> type) {
        Optional<T> ability = super.ability(type);
        return type == SharedRecords.class
                ? ability.map(records -> type.cast(new Records((SharedRecords) records)))
                : ability;
    }

    private final class Records implements SharedRecords {
        private final SharedRecords records;

        Records(SharedRecords records) {
            this.records = records;
        }

        @Override
        public Optional<SharedRecord> read(RecordKey key, Instant now) {
            return records.read(key, now);
        }

        @Override
        public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
            int next = fate.getAsInt();
            boolean won = next != LOST && records.write(key, expected, value, forgetAfter, now);
            if (next != ANSWERED) {
                throw StoreUnavailableException.ofWrite("writeRecord", null);
            }
            return won;
        }

        @Override
        public boolean remove(RecordKey key, long expected, Instant now) {
            return records.remove(key, expected, now);
        }

        @Override
        public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
            return records.list(group, after, limit, now);
        }
    }
}
