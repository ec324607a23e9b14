package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.sql.Parameters;
import dev.curfew.jdbc.sql.SqlConnection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges the rows of a chained trail that stand there under the names of records to come, while the end is locked.
 * Confined to one thread.
 *
 * <p>Names can be foretold: somebody without the key could insert a row, have the record itself left out, and remove
 * the row again.
 */
final class AuditStanding {
    private static final int JUDGED_AT_ONCE = 500;

    private final SqlConnection connection;
    private final AuditChain chain;

    AuditStanding(SqlConnection connection, AuditChain chain) {
        this.connection = connection;
        this.chain = chain;
    }

    /** Each must lie behind the start and not behind the end, and follow the row before it. */
    void requireGenuine(Map<String, Long> numbersById, AuditAnchor end) throws SQLException {
        if (numbersById.isEmpty()) {
            return;
        }
        AuditAnchor start = new AuditPlaces(chain).require(connection, AuditPlaces.START);
        // First of all, because anybody's number may have none before it.
        for (long number : numbersById.values()) {
            if (number <= start.number() || number > end.number()) {
                throw forged(number);
            }
        }
        List<Map.Entry<String, Long>> all = List.copyOf(numbersById.entrySet());
        for (int from = 0; from < all.size(); from += JUDGED_AT_ONCE) {
            judge(all.subList(from, Math.min(all.size(), from + JUDGED_AT_ONCE)), start);
        }
    }

    /**
     * The name counts as it is read here, together with the mac: without the lock somebody changes rows between two
     * reads.
     */
    private void judge(List<Map.Entry<String, Long>> standing, AuditAnchor start) throws SQLException {
        Map<Long, AuditRow> rows = read(standing);
        for (Map.Entry<String, Long> one : standing) {
            long number = one.getValue();
            AuditRow row = rows.get(number);
            boolean isGenuine = row != null
                    && row.id().equals(one.getKey())
                    && before(number, start, rows)
                            .filter(before -> chain.holds(before, row))
                            .isPresent();
            if (!isGenuine) {
                throw forged(number);
            }
        }
    }

    private Map<Long, AuditRow> read(List<Map.Entry<String, Long>> standing) throws SQLException {
        Set<Long> numbers = new TreeSet<>();
        for (Map.Entry<String, Long> one : standing) {
            numbers.add(one.getValue() - 1);
            numbers.add(one.getValue());
        }
        Map<Long, AuditRow> rows = new HashMap<>();
        try (Parameters select = connection.prepare("SELECT " + AuditRow.COLUMNS
                + " FROM curfew_audit a WHERE a.entry IN (" + Parameters.marks(numbers.size()) + ")")) {
            for (long number : numbers) {
                select.number(number);
            }
            select.list(AuditRow::read).forEach(row -> rows.put(row.number(), row));
        }
        return rows;
    }

    private static Optional<AuditAnchor> before(long number, AuditAnchor start, Map<Long, AuditRow> rows) {
        if (number == start.number() + 1) {
            return Optional.of(start);
        }
        AuditRow row = rows.get(number - 1);
        String mac = row == null ? null : row.mac();
        // Also the row before is as anybody left it.
        return mac != null && mac.length() == AuditAnchor.MAC_DIGITS
                ? Optional.of(new AuditAnchor(number - 1, mac))
                : Optional.empty();
    }

    private static AuditChainException forged(long number) {
        return new AuditChainException(
                "row " + number + " of the audit trail has the name of a record that comes now, but is not what"
                        + " was written: call verify(); the record is not written while that row stands there");
    }
}
