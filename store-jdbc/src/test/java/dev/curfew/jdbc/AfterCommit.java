package dev.curfew.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/**
 * A pool that loses the answer to a commit: the server has committed, something happens, and the connection is gone.
 * Once, for the first transaction in which a statement of a kind was prepared. Confined to one thread.
 */
final class AfterCommit {
    private final DataSource pool;
    private final Pattern kind;
    private final Runnable action;
    private final AtomicBoolean hasCommitted = new AtomicBoolean();

    AfterCommit(DataSource pool, String kind, Runnable action) {
        this.pool = pool;
        this.kind = Pattern.compile(kind);
        this.action = action;
    }

    boolean hasCommitted() {
        return hasCommitted.get();
    }

    DataSource source() {
        return wrap(DataSource.class, (method, arguments) -> {
            Object result = method.invoke(pool, arguments);
            return result instanceof Connection connection ? losing(connection) : result;
        });
    }

    private Connection losing(Connection connection) {
        boolean[] isMeant = {false};
        return wrap(Connection.class, (method, arguments) -> {
            if (method.getName().equals("prepareStatement")
                    && kind.matcher((String) arguments[0]).find()) {
                isMeant[0] = true;
            }
            Object result = method.invoke(connection, arguments);
            if (method.getName().equals("commit") && isMeant[0] && hasCommitted.compareAndSet(false, true)) {
                action.run();
                throw new SQLException("the connection died before the answer came", "08006");
            }
            return result;
        });
    }

    private interface Call {
        Object of(Method method, Object[] arguments) throws ReflectiveOperationException, SQLException;
    }

    private static <T> T wrap(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.of(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
