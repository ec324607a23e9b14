package dev.curfew.jdbc;

import dev.curfew.store.HostTransaction;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import java.sql.Connection;
import java.time.Instant;

/** The transaction of the host on one connection. Confined to the thread that uses that connection. */
record JoinedTransaction(JdbcSessionStore joined, Connection connection) implements HostTransaction {
    @Override
    public SessionStore store() {
        return joined;
    }

    @Override
    public PendingRevocation revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return joined.revokeIn(connection, request, precondition, now);
    }
}
