package dev.curfew.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;

/** The listeners of a store, each with a thread of its own where the database can wake it. Thread-safe. */
final class Hints {
    private final Database database;
    private final DataSource dataSource;
    private final List<AutoCloseable> listening = new CopyOnWriteArrayList<>();

    Hints(Database database, DataSource dataSource) {
        this.database = database;
        this.dataSource = dataSource;
    }

    AutoCloseable listen(Runnable listener) {
        if (!database.dialect().notifies()) {
            return () -> {};
        }
        PostgreSqlListener started =
                PostgreSqlListener.start(dataSource, database.names().channel(), listener);
        listening.add(started);
        return started;
    }

    void close() {
        for (AutoCloseable one : listening) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException("a listener does not close", e);
            }
        }
    }
}
