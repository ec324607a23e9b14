package dev.curfew.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import javax.sql.DataSource;

/** A pool whose server refuses statements that begin with a word, and that looks at what is given back. */
final class RefusingSource {
    private final String word;
    private final AtReturn atReturn;
    private final Semaphore refused;

    /** Looks at a connection just before the pool gets it back. */
    interface AtReturn {
        void look(Connection connection) throws SQLException;
    }

    private RefusingSource(String word, AtReturn atReturn, Semaphore refused) {
        this.word = word;
        this.atReturn = atReturn;
        this.refused = refused;
    }

    static DataSource of(DataSource pool, String word, AtReturn atReturn) {
        return of(pool, word, atReturn, new Semaphore(0));
    }

    /** The same; each statement that is refused gives a permit. */
    static DataSource of(DataSource pool, String word, AtReturn atReturn, Semaphore refused) {
        return new RefusingSource(word, atReturn, refused).wrap(DataSource.class, pool);
    }

    private <T> T wrap(Class<T> type, T target) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> invoke(target, method, arguments)));
    }

    private Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        boolean isStatement =
                method.getName().equals("execute") || method.getName().equals("prepareStatement");
        if (isStatement && arguments != null && arguments[0].toString().startsWith(word)) {
            refused.release();
            throw new SQLException("refused: " + word);
        }
        if (method.getName().equals("close") && target instanceof Connection connection) {
            atReturn.look(connection);
        }
        try {
            Object result = method.invoke(target, arguments);
            if (method.getName().equals("unwrap")) {
                return result;
            }
            if (result instanceof Connection connection) {
                return wrap(Connection.class, connection);
            }
            if (result instanceof PreparedStatement statement) {
                return wrap(PreparedStatement.class, statement);
            }
            return result instanceof Statement statement ? wrap(Statement.class, statement) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
