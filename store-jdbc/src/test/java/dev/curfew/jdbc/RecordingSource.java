package dev.curfew.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** A pool that remembers each statement with the parameters of its last execution. Confined to one thread. */
final class RecordingSource {
    private final DataSource pool;
    private final Map<String, Map<Integer, Object>> statements = new LinkedHashMap<>();

    RecordingSource(DataSource pool) {
        this.pool = pool;
    }

    Map<String, Map<Integer, Object>> statements() {
        return statements;
    }

    DataSource source() {
        return wrap(
                DataSource.class,
                pool,
                (method, arguments, result) ->
                        result instanceof Connection connection ? connection(connection) : result);
    }

    private Connection connection(Connection connection) {
        return wrap(
                Connection.class,
                connection,
                (method, arguments, result) -> result instanceof PreparedStatement statement
                        ? statement(statement, (String) arguments[0])
                        : result);
    }

    private PreparedStatement statement(PreparedStatement statement, String sql) {
        Map<Integer, Object> parameters = new TreeMap<>();
        statements.put(sql, parameters);
        return wrap(PreparedStatement.class, statement, (method, arguments, result) -> {
            if (method.startsWith("set") && arguments.length == 2) {
                parameters.put((Integer) arguments[0], arguments[1]);
            }
            return result;
        });
    }

    private interface After {
        Object apply(String method, Object[] arguments, Object result);
    }

    private static <T> T wrap(Class<T> type, T target, After after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return after.apply(method.getName(), arguments, method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
