package dev.curfew.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Sees to it that a step reads only what is committed, whatever the pool has set, and puts that back. */
final class CommittedReads {
    private CommittedReads() {}

    static <T> T run(Connection connection, Call call, Database.Step<T> step) throws SQLException {
        if (!call.dialect().readsUncommitted()
                || connection.getTransactionIsolation() != Connection.TRANSACTION_READ_UNCOMMITTED) {
            return step.run(call);
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        try {
            return step.run(call);
        } finally {
            if (!connection.isClosed()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            }
        }
    }
}
