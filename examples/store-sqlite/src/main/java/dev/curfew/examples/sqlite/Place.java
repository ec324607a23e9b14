package dev.curfew.examples.sqlite;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Where the data are, and how a connection to them is made. */
interface Place {
    /** {@return whether the data go with the one connection that there may be} */
    boolean isMemory();

    /** Makes an empty file if there is none. */
    void create();

    /**
     * Connects to what is there.
     *
     * @param waitMillis how long to wait for the lock of another process
     */
    Connection connect(int waitMillis) throws SQLException;

    /**
     * Tells which file stands there now, so that one that took its place is noticed.
     *
     * @throws SqliteFileException if there is none
     */
    Object identity();

    /** {@return which log and which index of it stand beside the file now, or null if there are not both} */
    @Nullable
    Object log();

    /** {@return what to call it in a message} */
    String name();
}
