package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.Database;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listeners of a store, each with a thread of its own where the database can wake it. Thread-safe. */
public final class Hints {
    private static final Logger LOG = LoggerFactory.getLogger(Hints.class);

    private final Database database;
    private final HintSource source;
    private final List<PostgreSqlListener> listening = new CopyOnWriteArrayList<>();

    public Hints(Database database, HintSource source) {
        this.database = database;
        this.source = source;
    }

    public AutoCloseable listen(Runnable listener) {
        DataSource connections = source.dataSource();
        if (connections == null || !database.dialect().notifies()) {
            return () -> {};
        }
        if (source.isShared() && database.isBehindPooler()) {
            // LISTEN would stay behind on a connection that the pooler lends to somebody else.
            LOG.info("a pooler stands before the database: no hints, polling alone bounds the delay; "
                    + "hintsFrom(...) may lead past it");
            return () -> {};
        }
        PostgreSqlListener started = PostgreSqlListener.start(
                connections,
                database.names().channel(),
                source.isShared() ? database::isStarving : () -> false,
                listener);
        listening.add(started);
        return () -> {
            listening.remove(started);
            started.close();
        };
    }

    public void close() {
        listening.forEach(PostgreSqlListener::close);
        listening.clear();
    }
}
