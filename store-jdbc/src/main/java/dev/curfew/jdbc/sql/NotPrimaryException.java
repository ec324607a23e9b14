package dev.curfew.jdbc.sql;

import java.sql.SQLException;

/** The server is a standby or read-only: an outage, and the connection to it is of no use any more. */
final class NotPrimaryException extends SQLException {
    private static final long serialVersionUID = 1L;

    NotPrimaryException() {
        super(
                "the server is a standby or is set read-only, so that what it says may be old: the store "
                        + "needs the primary",
                Dialect.READ_ONLY_STATE);
    }
}
