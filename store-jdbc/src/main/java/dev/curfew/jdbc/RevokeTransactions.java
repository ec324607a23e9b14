package dev.curfew.jdbc;

import dev.curfew.jdbc.step.CloseStep;
import dev.curfew.jdbc.step.RevokeStep;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.session.LookupKey;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** The transactions in which revocations run: the store's own, or one of the host. Thread-safe. */
final class RevokeTransactions {
    private final OpenedDatabase opened;

    RevokeTransactions(OpenedDatabase opened) {
        this.opened = opened;
    }

    /** One transaction; another one if the act is repeated after it joined the host's and before it was closed. */
    RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        StoreSettings settings = opened.settings();
        long begin = System.nanoTime();
        RevokeStep.Outcome outcome = opened.database()
                .write("revoke", connection -> new RevokeStep(connection, settings, now).revoke(request, precondition));
        return outcome.isOpen()
                ? close(request.act(), outcome.result(), now.plusNanos(System.nanoTime() - begin))
                : outcome.result();
    }

    /** A part of the host's transaction, which must have one. */
    PendingRevocation revokeIn(
            Connection connection, RevocationRequest request, Precondition precondition, Instant now) {
        StoreSettings settings = opened.settings();
        requireTransaction(connection);
        try {
            RevokeResult result =
                    new RevokeStep(opened.database().joined(connection), settings, now).join(request, precondition);
            return new JoinedRevocation(result, later -> close(request.act(), result, later));
        } catch (SQLException e) {
            throw StoreUnavailableException.ofWrite("revokeIn", e);
        }
    }

    /** Gives an act that joined a transaction its instants; an act that wrote nothing has none to be given. */
    private RevokeResult close(LookupKey act, RevokeResult result, Instant now) {
        if (!(result instanceof RevokeResult.Recorded pending)) {
            return result;
        }
        StoreSettings settings = opened.settings();
        Optional<CloseStep.Closing> closing = opened.database()
                .midway()
                .write("committed", connection -> new CloseStep(connection, settings, now).close(act));
        if (closing.isEmpty() && pending.changed()) {
            throw new IllegalStateException("the transaction of this revocation is not committed");
        }
        return closing.<RevokeResult>map(done ->
                        new RevokeResult.Recorded(done.row().required(), pending.newlyCovered(), done.closedHere()))
                .orElse(pending);
    }

    /**
     * Asks nothing of the server.
     *
     * @throws IllegalArgumentException if nothing can be joined on this connection
     */
    static void requireTransaction(Connection connection) {
        try {
            if (connection.getAutoCommit()) {
                throw new IllegalArgumentException("joining a transaction needs one: the connection is in"
                        + " autocommit, so call setAutoCommit(false) before");
            }
            if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
                throw new IllegalArgumentException("joining a transaction needs READ COMMITTED: another isolation"
                        + " would judge by what was committed earlier. Begin it with"
                        + " setTransactionIsolation(TRANSACTION_READ_COMMITTED)");
            }
        } catch (SQLException e) {
            throw StoreUnavailableException.ofWrite("join", e);
        }
    }
}
