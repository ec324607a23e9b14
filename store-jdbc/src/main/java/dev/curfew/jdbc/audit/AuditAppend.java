package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Appends one batch of rows, all or none. Confined to one thread.
 *
 * <p>What stands there already is looked for and left out, and a plain INSERT writes the rest: an INSERT that ignores
 * duplicates ignores other errors too on some databases. If another node writes the same record in between, the INSERT
 * fails, and the whole step is run again and finds it. In a chain, only a genuine row may stand for a record.
 */
final class AuditAppend {
    private static final String INSERT = insert(AuditRow.WRITTEN);

    private static final String INSERT_CHAINED = insert(withNumber());

    private final SqlConnection connection;
    private final @Nullable AuditChain chain;

    AuditAppend(SqlConnection connection, @Nullable AuditChain chain) {
        this.connection = connection;
        this.chain = chain;
    }

    void append(Collection<AuditRow> batch) throws SQLException {
        Map<String, AuditRow> byId = new LinkedHashMap<>();
        batch.forEach(row -> byId.putIfAbsent(row.id(), row));
        if (chain == null) {
            removeStanding(byId);
            // Two nodes that write the same records in different orders wait for each other's; the loser is run again.
            insert(INSERT, (connection.dialect().findsDeadlocks() ? byId : new TreeMap<>(byId)).values());
            return;
        }
        // The lock comes first: under it nobody else appends, so that what is not found is not there.
        AuditChainEnds places = new AuditChainEnds(chain);
        AuditAnchor end = places.lockEnd(connection);
        new ExistingRowCheck(connection, chain).requireGenuine(removeStanding(byId), end);
        List<AuditRow> rows = new ArrayList<>();
        for (AuditRow row : byId.values()) {
            end = new AuditAnchor(end.number() + 1, chain.mac(end, row));
            rows.add(row.chained(end.number(), end.mac()));
        }
        insert(INSERT_CHAINED, rows);
        if (!rows.isEmpty()) {
            places.move(connection, AuditChainEnds.END, end);
        }
    }

    /**
     * Asks by the way whether the trail is chained: rows without a mac would look like tampering.
     *
     * @return the numbers of what stands there
     */
    private Map<String, Long> removeStanding(Map<String, AuditRow> byId) throws SQLException {
        Map<String, Long> numbersById = new LinkedHashMap<>();
        try (SqlStatement select = connection.prepare(
                "SELECT a.id, a.entry, 0 FROM curfew_audit a WHERE a.id IN (" + SqlStatement.marks(byId.size())
                        + ") UNION ALL SELECT c.name, c.entry, 1 FROM curfew_audit_chain c WHERE c.name = ?")) {
            for (String id : byId.keySet()) {
                select.text(id);
            }
            for (Standing one : select.text(AuditChainEnds.END).list(Standing::read)) {
                if (!one.isPlace) {
                    byId.remove(one.name);
                    numbersById.put(one.name, one.number);
                } else if (chain == null) {
                    throw AuditChainEnds.chained();
                }
            }
        }
        return numbersById;
    }

    private record Standing(String name, long number, boolean isPlace) {
        static Standing read(ResultSet row) throws SQLException {
            return new Standing(row.getString(1), row.getLong(2), row.getInt(3) != 0);
        }
    }

    private void insert(String sql, Collection<AuditRow> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (SqlStatement insert = connection.prepare(sql)) {
            for (AuditRow row : rows) {
                row.bind(insert);
                if (chain != null) {
                    insert.number(row.number());
                }
                insert.addToBatch();
            }
            insert.executeBatch();
        }
    }

    private static List<String> withNumber() {
        List<String> columns = new ArrayList<>(AuditRow.WRITTEN);
        columns.add("entry");
        return columns;
    }

    private static String insert(List<String> columns) {
        return "INSERT INTO curfew_audit (" + String.join(", ", columns) + ") VALUES ("
                + SqlStatement.marks(columns.size()) + ")";
    }
}
