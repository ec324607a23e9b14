package dev.curfew.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A pool that counts what waits for an answer of the server: executions and commits. What a driver keeps back until the
 * next statement, such as a beginning, is none. Confined to one thread.
 */
final class RoundTrips {
    private static final Set<String> EXECUTIONS = Set.of("execute", "executeQuery", "executeUpdate", "executeBatch");

    private final DataSource pool;
    private final List<String> made = new ArrayList<>();

    RoundTrips(DataSource pool) {
        this.pool = pool;
    }

    /** Those since the last call, each by its statement. */
    List<String> take() {
        List<String> taken = List.copyOf(made);
        made.clear();
        return taken;
    }

    DataSource source() {
        return wrap(DataSource.class, pool, "");
    }

    /** A statement may have taken the commit along; then PostgreSQL's driver has nothing to send. */
    private static boolean isInTransaction(Connection connection) throws SQLException {
        return !connection.isWrapperFor(BaseConnection.class)
                || connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
    }

    private <T> T wrap(Class<T> type, Object target, String sql) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (type == PreparedStatement.class && EXECUTIONS.contains(method.getName())) {
                        made.add(sql);
                    } else if (type == Connection.class
                            && method.getName().equals("commit")
                            && isInTransaction((Connection) target)) {
                        made.add("COMMIT");
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        return result instanceof Connection connection && type == DataSource.class
                                ? wrap(Connection.class, connection, "")
                                : result instanceof PreparedStatement statement
                                        ? wrap(PreparedStatement.class, statement, (String) arguments[0])
                                        : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
