package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.sql.Batches;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Checks the rows of a chained trail that already have the names of records about to be written, while the end is
 * locked. Confined to one thread.
 *
 * <p>Names can be guessed: somebody without the key could insert a row, so that the record itself is left out, and then
 * remove the row.
 */
final class ExistingRowCheck {
    private static final int JUDGED_AT_ONCE = 500;

    private final SqlConnection connection;
    private final AuditChain chain;

    ExistingRowCheck(SqlConnection connection, AuditChain chain) {
        this.connection = connection;
        this.chain = chain;
    }

    /**
     * Each must lie behind the start and not behind the end, and follow the row before it.
     *
     * @throws AuditChainException if one does not
     */
    void requireGenuine(Map<String, Long> numbersById, AuditAnchor end) throws SQLException {
        if (numbersById.isEmpty()) {
            return;
        }
        AuditAnchor start = new AuditChainEnds(chain).require(connection, AuditChainEnds.START);
        // First of all: a number that somebody made up may have none before it.
        for (long number : numbersById.values()) {
            if (number <= start.number() || number > end.number()) {
                throw forged(number);
            }
        }
        List<Map.Entry<String, Long>> all = List.copyOf(numbersById.entrySet());
        for (List<Map.Entry<String, Long>> some : Batches.of(all, JUDGED_AT_ONCE)) {
            judge(some, start);
        }
    }

    /**
     * The name counts as it is read here, together with the mac: somebody who takes no lock may change rows between two
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
        try (SqlStatement select = connection.prepare("SELECT " + AuditRow.COLUMNS
                + " FROM curfew_audit a WHERE a.entry IN (" + SqlStatement.marks(numbers.size()) + ")")) {
            select.numbers(numbers).list(AuditRow::read).forEach(row -> rows.put(row.number(), row));
        }
        return rows;
    }

    private static Optional<AuditAnchor> before(long number, AuditAnchor start, Map<Long, AuditRow> rows) {
        if (number == start.number() + 1) {
            return Optional.of(start);
        }
        AuditRow row = rows.get(number - 1);
        String mac = row == null ? null : row.mac();
        // The row before may have been changed, too.
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
