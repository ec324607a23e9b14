package dev.curfew.jdbc.database;

import dev.curfew.session.CurfewException;
import java.util.Arrays;

/** The database is none that the store knows. */
public final class UnsupportedDatabaseException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param product what the database calls itself
     */
    public UnsupportedDatabaseException(String product) {
        super(
                "database \"" + product + "\" is not supported: the dialects are "
                        + Arrays.toString(SqlDialect.values())
                        + "; if it is compatible with one of them, name it with dialect(...),"
                        + " else implement dev.curfew.store.SessionStore",
                null);
    }
}
