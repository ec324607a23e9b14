package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.revocation.Revocation;
import dev.curfew.store.StoreSettings;
import java.time.Instant;

/**
 * Where and when a step happens. Confined to one thread.
 *
 * @param connection in the transaction of the step
 * @param settings of the store
 * @param now the instant of the operation
 */
record StepContext(SqlConnection connection, StoreSettings settings, Instant now) {
    /** The later of this node's clock and the server's, which came with the birth marker. */
    Instant laterClock(CandidateRows rows) {
        return rows.times().map(times -> connection.later(now, times.clock())).orElse(now);
    }

    /** Whether an entry is over by both clocks. */
    boolean isForgotten(Revocation entry, CandidateRows rows) {
        return connection.isForgotten(entry, now, rows.times());
    }
}
