package dev.curfew.jdbc.database;

import dev.curfew.session.CurfewException;

/**
 * The connection that the store was given is, or may be, in the middle of somebody else's transaction. The store has
 * left that alone: nothing was read, written or committed.
 */
public final class ForeignTransactionException extends CurfewException {
    private static final long serialVersionUID = 1L;

    private ForeignTransactionException(String message) {
        super(message, null);
    }

    /**
     * Creates the exception of a connection in the middle of a transaction.
     *
     * @return the exception
     */
    public static ForeignTransactionException inside() {
        return new ForeignTransactionException(
                "the DataSource gave out a connection in the middle of a transaction: give the store the "
                        + "pool itself, not a"
                        + " DataSource that joins the caller's transaction (to revoke as part of that, join it "
                        + "explicitly)");
    }

    /**
     * Creates the exception of a connection of which nobody says whether it is in a transaction.
     *
     * @return the exception
     */
    public static ForeignTransactionException unknown() {
        return new ForeignTransactionException(
                "the DataSource gave out a connection without autocommit, and neither driver nor server says "
                        + "whether it is in the"
                        + " middle of a transaction: let the pool give out connections in autocommit, or, if "
                        + "it never gives out"
                        + " one that is in use, say trustConnectionsWithoutAutoCommit()");
    }
}
