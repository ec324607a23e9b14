package dev.curfew.jdbc.feed;

import dev.curfew.meter.TroubleLog;
import java.sql.SQLException;

/** How long a listener rests before it borrows a connection again. Confined to one thread. */
final class ListenerRests {
    private static final long LEAST_MILLIS = 1_000;
    private static final long MOST_MILLIS = 600_000;

    private final TroubleLog lost = new TroubleLog(
            PostgreSqlListener.class,
            "hints are lost until the connection stands again; polling goes on",
            "hints are received again",
            System::nanoTime);
    private final TroubleLog starved = new TroubleLog(
            PostgreSqlListener.class,
            "the pool has no connection to spare for hints, polling alone bounds the delay: a larger pool,"
                    + " hintsFrom(...) or withoutHints()",
            "the pool has a connection for hints again",
            System::nanoTime);
    private long millis;

    /** It listens. */
    void listening() {
        lost.worked();
    }

    /** After a connection was held to the end. */
    long held() {
        starved.worked();
        millis = 0;
        return millis;
    }

    /** After it was given back because others need it: longer each time. */
    long starved() {
        millis = Math.min(MOST_MILLIS, Math.max(LEAST_MILLIS, 2 * millis));
        starved.failed(new SQLException("all connections are in use, and it rests for " + millis + " ms"));
        return millis;
    }

    /** After a failure. */
    long lost(Exception failure) {
        lost.failed(failure);
        millis = LEAST_MILLIS;
        return millis;
    }
}
