package dev.curfew.jdbc.sql;

import java.sql.SQLException;

/**
 * A driver executed a batch and does not say which of its statements changed a row, as MariaDB's does with
 * {@code useBulkStmts}. The step is rolled back and run again, with statements that are sent one by one.
 */
final class UncountedBatchException extends SQLException {
    private static final long serialVersionUID = 1L;

    UncountedBatchException() {
        super("the driver does not count what the statements of a batch change");
    }
}
