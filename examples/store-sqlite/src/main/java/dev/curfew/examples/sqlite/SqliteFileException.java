package dev.curfew.examples.sqlite;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the file of a store. {@link SqliteSessionStore#open} throws it for mistakes that no waiting mends;
 * everywhere else it is the cause of a {@link dev.curfew.store.StoreUnavailableException}, because a store that cannot
 * say is an outage, whatever the reason.
 */
public final class SqliteFileException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /** The sorts of problems. */
    public enum Problem {
        /** Another process or thread holds the lock for longer than the call timeout. */
        LOCKED("is locked by another process or thread for longer than the call timeout", false),
        /** The file, its directory or a file beside it cannot be opened, or may be read only. */
        READ_ONLY(
                "cannot be opened or written: check its rights, those of its directory and of the files beside it,"
                        + " how it is mounted, and how many files this process may open",
                false),
        /** No room is left on the disk. */
        FULL("has no room to grow: free some on its disk", false),
        /** The file is not there, or was never there, or its directory is missing. */
        MISSING("is not there: was it deleted or moved, or is its directory missing?", false),
        /** Another file has taken its place, or the files beside it (-wal, -shm) were removed. */
        REPLACED("or its -wal or -shm was replaced or removed while it was in use", false),
        /** The disk or the file system fails. */
        UNREADABLE("cannot be read or written", false),
        /** Parts of the file are not what SQLite wrote. */
        CORRUPT("is damaged: put a copy of it back", true),
        /** The birth marker is gone, and nobody knows what else; the next {@code open} makes another one. */
        EMPTIED("has lost its birth marker: restart, and everybody signs in again", false),
        /** It is another sort of file, or the database of another program. */
        NOT_A_STORE("is no store of Curfew", true),
        /** A newer version of this store has changed its tables. */
        LATER_SCHEMA("was written by a later version of this store", true),
        /** The file system has no shared memory, as network file systems have none. */
        NO_WAL("cannot be shared there: its file system does not support SQLite's write-ahead log", true);

        private final String sentence;
        private final boolean isMistake;

        Problem(String sentence, boolean isMistake) {
            this.sentence = sentence;
            this.isMistake = isMistake;
        }

        boolean isMistake() {
            return isMistake;
        }
    }

    private final Problem problem;

    SqliteFileException(Problem problem, String file, @Nullable Throwable cause) {
        super(file + " " + problem.sentence, cause);
        this.problem = problem;
    }

    /** {@return which sort of problem it is} */
    public Problem problem() {
        return problem;
    }

    @Override
    public boolean isRetryable() {
        return !problem.isMistake;
    }
}
