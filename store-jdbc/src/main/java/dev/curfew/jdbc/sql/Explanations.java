package dev.curfew.jdbc.sql;

import dev.curfew.session.FailureText;
import dev.curfew.store.StoreUnavailableException;
import java.sql.SQLException;
import java.util.Set;

/** Says in one sentence what an operator should look at, where the words of the driver alone do not. */
final class Explanations {
    /** A prepared statement stands there already, or does not; nobody but a pooler makes that happen. */
    private static final Set<String> POOLER = Set.of("42P05", "26000");

    private Explanations() {}

    static boolean isPooler(SQLException failure) {
        return POOLER.contains(String.valueOf(failure.getSQLState()));
    }

    /** The failure itself, or a sentence that keeps it as suppressed: logs name the innermost cause. */
    static SQLException of(SQLException failure) {
        return isPooler(failure)
                ? explained(
                        "a pooler in transaction mode (PgBouncer, say) loses prepared statements between two "
                                + "uses: set the driver's"
                                + " prepareThreshold=0",
                        failure)
                : failure;
    }

    /** What a verb did not get as far as to ask. */
    static StoreUnavailableException unasked(String operation, SQLException failure) {
        return new StoreUnavailableException(
                operation + " (no connection to the database, so that this step was not sent): "
                        + FailureText.of(failure),
                failure);
    }

    /** What a verb had begun when it got no connection any more. */
    static StoreUnavailableException interrupted(String operation, SQLException failure) {
        return StoreUnavailableException.ofWrite(
                operation + " (no connection to the database: " + FailureText.of(failure) + ")", failure);
    }

    /** What became of a verb. */
    static StoreUnavailableException unanswered(String operation, boolean isRead, SQLException failure) {
        SQLException cause = of(failure);
        String why = operation + " (" + FailureText.of(cause) + ")";
        return isRead ? new StoreUnavailableException(why, cause) : StoreUnavailableException.ofWrite(why, cause);
    }

    /** The same where no connection was ever made. */
    static SQLException ofFirstConnection(SQLException failure) {
        return explained(
                "no connection yet: check URL, user, password, and that the driver is there; "
                        + FailureText.of(failure),
                failure);
    }

    private static SQLException explained(String sentence, SQLException failure) {
        SQLException explained = new SQLException(sentence, failure.getSQLState(), failure.getErrorCode());
        explained.addSuppressed(failure);
        return explained;
    }
}
