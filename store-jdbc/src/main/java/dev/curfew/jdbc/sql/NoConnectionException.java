package dev.curfew.jdbc.sql;

import java.sql.SQLException;

/** There was no connection for a step, so that nothing of it was sent; its cause says why. */
final class NoConnectionException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final SQLException why;

    NoConnectionException(SQLException why) {
        super(why);
        this.why = why;
    }

    /** {@return why there was none} */
    SQLException why() {
        return why;
    }
}
