package dev.curfew.examples.sqlite;

import java.sql.SQLException;

/** Carries what the driver said through code that may throw nothing checked, up to {@link Database}. */
final class SqlFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final SQLException failure;

    SqlFailure(SQLException failure) {
        super(failure);
        this.failure = failure;
    }

    SQLException failure() {
        return failure;
    }
}
