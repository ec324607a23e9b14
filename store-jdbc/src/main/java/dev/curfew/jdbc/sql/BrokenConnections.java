package dev.curfew.jdbc.sql;

import java.sql.Connection;
import java.sql.SQLException;

/** Makes a pool drop a connection that must not be lent again; JDBC has no call for that. */
public final class BrokenConnections {
    private BrokenConnections() {}

    /** Gives a connection back. That this fails says nothing about what was done with it. */
    static void giveBack(Connection lent) {
        try {
            lent.close();
        } catch (SQLException | RuntimeException e) {
            destroy(lent);
        }
    }

    /** Ends the connection itself, and then shows the pool that it is over. */
    public static void destroy(Connection lent) {
        try {
            lent.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            // It has ended already, or the driver cannot do that; what follows does the rest.
        }
        try {
            // Not every driver aborts, and most pools say what they have lent.
            Connection physical = lent.unwrap(Connection.class);
            if (!physical.equals(lent)) {
                physical.close();
            }
        } catch (SQLException | RuntimeException e) {
            // A pool that hides its connections.
        }
        try {
            // A pool that watches for fatal errors (HikariCP, say) sees one here.
            lent.createStatement().close();
        } catch (SQLException | RuntimeException e) {
            // As intended.
        }
    }
}
