package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Removes one batch of rows that are old enough. Confined to one thread. */
final class AuditPurge {
    private static final String OLD = "SELECT a.entry FROM curfew_audit a WHERE a.happened_at <= ?"
            + " ORDER BY a.happened_at, a.entry LIMIT ? FOR UPDATE SKIP LOCKED";

    private final SqlConnection connection;
    private final @Nullable AuditChain chain;

    AuditPurge(SqlConnection connection, @Nullable AuditChain chain) {
        this.connection = connection;
        this.chain = chain;
    }

    /** How many went. */
    int remove(long until, int limit) throws SQLException {
        return chain == null ? removeOld(until, limit) : removePrefix(chain, until, limit);
    }

    private int removeOld(long until, int limit) throws SQLException {
        AuditChainEnds.requireNone(connection);
        List<Long> old;
        try (SqlStatement select = connection.prepare(OLD)) {
            old = select.number(until).number(limit).listNumbers();
        }
        delete(old);
        return old.size();
    }

    /**
     * Rows go as long as they are old, and the last one stays behind as the signed start. Each is verified first: else
     * whoever changes instants in the table could have it emptied under the signature of the purge.
     */
    private int removePrefix(AuditChain key, long until, int limit) throws SQLException {
        AuditChainEnds places = new AuditChainEnds(key);
        places.lockEnd(connection);
        AuditAnchor start = places.require(connection, AuditChainEnds.START);
        List<Long> old = new ArrayList<>();
        for (AuditRow row : AuditVerifier.page(connection, start.number(), limit)) {
            if (!key.holds(start, row)) {
                throw new AuditChainException("the audit trail was changed at row " + (start.number() + 1)
                        + " or before it: call verify(); nothing is purged from there on");
            }
            if (row.at() > until) {
                break;
            }
            start = new AuditAnchor(row.number(), String.valueOf(row.mac()));
            old.add(row.number());
        }
        delete(old);
        if (!old.isEmpty()) {
            places.move(connection, AuditChainEnds.START, start);
        }
        return old.size();
    }

    private void delete(List<Long> numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return;
        }
        try (SqlStatement delete = connection.prepare("DELETE FROM curfew_audit WHERE entry = ?")) {
            for (long number : numbers) {
                delete.number(number).addToBatch();
            }
            delete.executeBatch();
        }
    }
}
