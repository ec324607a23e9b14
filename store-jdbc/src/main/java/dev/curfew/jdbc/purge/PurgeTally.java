package dev.curfew.jdbc.purge;

import dev.curfew.store.ExpiredSession;
import dev.curfew.store.PurgeResult;
import java.util.ArrayList;
import java.util.List;

/** What one purge has removed so far. Confined to one thread. */
final class PurgeTally {
    private final int limit;
    private final List<ExpiredSession> expired = new ArrayList<>();
    private int rows;
    private int sessions;
    private int revocations;
    private int records;

    PurgeTally(int limit) {
        this.limit = limit;
    }

    /** How many rows may still go. */
    int left() {
        return limit - rows;
    }

    void addSessions(PurgeBatch batch) {
        rows += batch.rows();
        sessions += batch.rows();
        expired.addAll(batch.expired());
    }

    void addRevocations(PurgeBatch batch) {
        rows += batch.rows();
        revocations += batch.revocations();
    }

    void addRecords(PurgeBatch batch) {
        rows += batch.rows();
        records += batch.rows();
    }

    /** How many shared records went, which the result does not tell. */
    int records() {
        return records;
    }

    PurgeResult result() {
        return new PurgeResult(sessions, revocations, rows >= limit, expired);
    }

    boolean isEmpty() {
        return rows == 0;
    }
}
