package dev.curfew.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * A pool that lets somebody else act between two statements of a step: once, when it is armed. Confined to one thread.
 */
final class RacingSource {
    private final DataSource pool;
    private final Predicate<String> before;
    private final Runnable action;
    private final AtomicBoolean isArmed = new AtomicBoolean();

    RacingSource(DataSource pool, Predicate<String> before, Runnable action) {
        this.pool = pool;
        this.before = before;
        this.action = action;
    }

    void arm() {
        isArmed.set(true);
    }

    boolean isArmed() {
        return isArmed.get();
    }

    DataSource source() {
        return wrap(
                DataSource.class,
                pool,
                sql -> {},
                result -> result instanceof Connection connection
                        ? wrap(Connection.class, connection, this::race, UnaryOperator.identity())
                        : result);
    }

    private void race(String sql) {
        if (before.test(sql) && isArmed.compareAndSet(true, false)) {
            action.run();
        }
    }

    private interface Ahead {
        void see(String sql);
    }

    private static <T> T wrap(Class<T> type, T target, Ahead ahead, UnaryOperator<Object> after) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        ahead.see((String) arguments[0]);
                    }
                    try {
                        return after.apply(method.invoke(target, arguments));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
