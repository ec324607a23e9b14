package dev.curfew.examples.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** The memory of this process, for tests and for one node that may forget at its end. */
final class MemoryPlace implements Place {
    @Override
    public boolean isMemory() {
        return true;
    }

    @Override
    public void create() {
        // The connection is the database.
    }

    @Override
    public Connection connect(int waitMillis) throws SQLException {
        return new SQLiteConfig().createConnection("jdbc:sqlite::memory:");
    }

    @Override
    public Object identity() {
        return this;
    }

    @Override
    public Object log() {
        return this;
    }

    @Override
    public String name() {
        return "the database in memory";
    }
}
