package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.audit.AuditVerification.Broken;
import dev.curfew.jdbc.audit.AuditVerification.Fault;
import dev.curfew.jdbc.audit.AuditVerification.Intact;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Walks along a chained trail, page by page, while others append and purge. Confined to one thread.
 *
 * <p>It locks nothing, and needs no more than the right to read. The order of the reads makes it exact: the end is read
 * before a page, so that what the end names must stand in it; the start is read after the page, so that what a purge
 * removed in between is known.
 */
final class AuditVerifier {
    static final String PAGE =
            "SELECT " + AuditRow.COLUMNS + " FROM curfew_audit a WHERE a.entry > ? ORDER BY a.entry LIMIT ?";

    private static final int ROWS = 1_000;

    private final Database database;
    private final AuditChain chain;
    private final AuditChainEnds places;
    private final @Nullable AuditAnchor kept;

    private AuditAnchor last;
    private long rows;

    AuditVerifier(Database database, AuditChain chain, @Nullable AuditAnchor kept) {
        this.database = database;
        this.chain = chain;
        this.places = new AuditChainEnds(chain);
        this.kept = kept;
        this.last = chain.beginning();
    }

    AuditVerification verify() {
        if (place(AuditChainEnds.END).isEmpty()) {
            return unbegun();
        }
        while (true) {
            Optional<AuditAnchor> end = genuine(AuditChainEnds.END);
            List<AuditRow> page = page(rows == 0 && last.number() == 0 ? Long.MIN_VALUE : last.number());
            Optional<AuditAnchor> start = genuine(AuditChainEnds.START);
            if (end.isEmpty() || start.isEmpty()) {
                return new Broken(Fault.PLACES, last.number() + 1);
            }
            if (start.get().number() > last.number()) {
                AuditVerification before = skipTo(start.get());
                if (before != null) {
                    return before;
                }
                continue;
            }
            for (AuditRow row : page) {
                AuditVerification broken = step(row);
                if (broken != null) {
                    return broken;
                }
            }
            if (page.size() < ROWS) {
                return end(end.get());
            }
        }
    }

    /** Rows before the start are no rows of the trail; a purge removes its rows and moves the start in one step. */
    private @Nullable AuditVerification skipTo(AuditAnchor start) {
        List<AuditRow> before = database.read("a verification", connection -> {
            try (SqlStatement select = connection.prepare(PAGE)) {
                return select.number(Long.MIN_VALUE).number(1).list(AuditRow::read);
            }
        });
        if (!before.isEmpty() && before.get(0).number() <= start.number()) {
            return new Broken(Fault.INSERTED, before.get(0).number());
        }
        last = start;
        return mismatch(start) ? new Broken(Fault.PLACES, start.number()) : null;
    }

    private @Nullable AuditVerification step(AuditRow row) {
        long expected = last.number() + 1;
        if (row.number() < expected) {
            return new Broken(Fault.INSERTED, row.number());
        }
        if (row.number() > expected || !chain.holds(last, row)) {
            return broken(row, expected);
        }
        last = new AuditAnchor(expected, String.valueOf(row.mac()));
        rows++;
        return mismatch(last) ? new Broken(Fault.CHANGED, expected) : null;
    }

    /** The end is read again, because a row that was appended since the last look is none that was inserted. */
    private AuditVerification broken(AuditRow row, long expected) {
        long end = genuine(AuditChainEnds.END).map(AuditAnchor::number).orElse(0L);
        if (row.mac() == null || row.number() > end) {
            return expected <= end && row.number() > expected
                    ? new Broken(Fault.REMOVED, expected)
                    : new Broken(Fault.INSERTED, row.number());
        }
        return new Broken(row.number() > expected ? Fault.REMOVED : Fault.CHANGED, expected);
    }

    private AuditVerification end(AuditAnchor end) {
        if (last.number() < end.number() || kept != null && last.number() < kept.number()) {
            return new Broken(Fault.TRUNCATED, last.number() + 1);
        }
        // What was read after the end may have been appended since; then the end has moved, too.
        boolean hasMoved = genuine(AuditChainEnds.END)
                .filter(now -> now.number() >= last.number())
                .isPresent();
        return hasMoved ? new Intact(rows, last) : new Broken(Fault.PLACES, last.number());
    }

    private AuditVerification unbegun() {
        if (kept != null && kept.number() > 0) {
            return new Broken(Fault.TRUNCATED, 1);
        }
        return page(Long.MIN_VALUE).isEmpty() ? new Intact(0, last) : new Broken(Fault.PLACES, 1);
    }

    /** Whether the kept anchor names this place, and says otherwise. */
    private boolean mismatch(AuditAnchor place) {
        return kept != null && kept.number() == place.number() && !AuditChain.isEqual(kept.mac(), place.mac());
    }

    private Optional<AuditAnchor> genuine(String name) {
        return place(name).filter(AuditChainEnds.Place::isGenuine).map(AuditChainEnds.Place::anchor);
    }

    private Optional<AuditChainEnds.Place> place(String name) {
        return database.read("a verification", connection -> places.find(connection, name));
    }

    private List<AuditRow> page(long after) {
        return database.read("a verification", connection -> page(connection, after, ROWS));
    }

    static List<AuditRow> page(SqlConnection connection, long after, int limit) throws SQLException {
        try (SqlStatement select = connection.prepare(PAGE)) {
            return select.number(after).number(limit).list(AuditRow::read);
        }
    }
}
