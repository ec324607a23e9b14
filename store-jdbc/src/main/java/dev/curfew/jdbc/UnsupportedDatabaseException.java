package dev.curfew.jdbc;

import dev.curfew.session.CurfewException;

/** The database is none that the store knows. */
public final class UnsupportedDatabaseException extends CurfewException {
    private static final long serialVersionUID = 1L;

    UnsupportedDatabaseException(String product, String supported) {
        super(
                "database \"" + product + "\" is not supported: the dialects are " + supported
                        + "; if it is compatible with one of them, name it with JdbcSessionStore.Builder.dialect(...),"
                        + " else implement dev.curfew.store.SessionStore",
                null);
    }
}
