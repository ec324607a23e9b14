package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import dev.curfew.store.StoreUnavailableException;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates what SQLite says into what a store may throw. */
final class Failures {
    /** SQLite's extended codes keep the code that they refine in their lowest byte. */
    private static final int PRIMARY_CODE = 0xff;

    private Failures() {}

    static SqliteFileException of(String file, SQLException failure) {
        return new SqliteFileException(problem(failure), file, failure);
    }

    /** An outage. Only writes say that nothing is known to have happened. */
    static StoreUnavailableException outage(String operation, boolean isWrite, Throwable cause) {
        return isWrite
                ? StoreUnavailableException.ofWrite(operation, cause)
                : new StoreUnavailableException(operation, cause);
    }

    /** Whether somebody else holds a lock, so that waiting may help. */
    static boolean isLocked(SQLException failure) {
        return problem(failure) == Problem.LOCKED;
    }

    private static Problem problem(SQLException failure) {
        if (!(failure instanceof SQLiteException sqlite)) {
            return Problem.UNREADABLE;
        }
        int code = sqlite.getResultCode().code & PRIMARY_CODE;
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return Problem.LOCKED;
        } else if (code == SQLiteErrorCode.SQLITE_READONLY.code
                || code == SQLiteErrorCode.SQLITE_PERM.code
                || code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            // One that is not there was noticed before.
            return Problem.READ_ONLY;
        } else if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return Problem.FULL;
        } else if (code == SQLiteErrorCode.SQLITE_CORRUPT.code) {
            return Problem.CORRUPT;
        } else if (code == SQLiteErrorCode.SQLITE_NOTADB.code || code == SQLiteErrorCode.SQLITE_ERROR.code) {
            // An error in a statement of ours: the tables are not those that this version made.
            return Problem.NOT_A_STORE;
        }
        return Problem.UNREADABLE;
    }
}
