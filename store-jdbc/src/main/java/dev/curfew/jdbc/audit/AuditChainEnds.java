package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** Where the rows of a chained trail begin and end: two rows, each proven by the key. Immutable. */
final class AuditChainEnds {
    /** The last row that was removed. */
    static final String START = "start";

    /** The last row that was appended; whoever appends or removes locks it. */
    static final String END = "end";

    private final AuditChain chain;

    AuditChainEnds(AuditChain chain) {
        this.chain = chain;
    }

    /** What a sink without a key must leave alone. */
    static void requireNone(SqlConnection connection) throws SQLException {
        try (SqlStatement select = connection.prepare("SELECT entry FROM curfew_audit_chain WHERE name = ?")) {
            if (select.text(END).findsAny()) {
                throw chained();
            }
        }
    }

    static AuditChainException chained() {
        return new AuditChainException(
                "this audit trail is chained: build the sink with chained(key), or give it another prefix(...)");
    }

    /** A place, if there is one. */
    Optional<Place> find(SqlConnection connection, String name) throws SQLException {
        return select(connection, name, "");
    }

    /** A place that must be genuine. */
    AuditAnchor require(SqlConnection connection, String name) throws SQLException {
        return genuine(find(connection, name));
    }

    /** The end, locked until the commit; a chain begins if there is none, but only where no row stands. */
    AuditAnchor lockEnd(SqlConnection connection) throws SQLException {
        Optional<Place> end = select(connection, END, " FOR UPDATE");
        if (end.isEmpty()) {
            begin(connection);
            end = select(connection, END, " FOR UPDATE");
        }
        return genuine(end);
    }

    void move(SqlConnection connection, String name, AuditAnchor place) throws SQLException {
        try (SqlStatement update =
                connection.prepare("UPDATE curfew_audit_chain SET entry = ?, mac = ?, proof = ? WHERE name = ?")) {
            update.number(place.number())
                    .bytes(AuditRow.bytes(place.mac()))
                    .bytes(AuditRow.bytes(chain.proof(name, place)))
                    .text(name)
                    .update();
        }
    }

    /**
     * A stored place.
     *
     * @param number as it stands there
     * @param mac as it stands there
     * @param isGenuine whether its proof holds
     */
    record Place(long number, String mac, boolean isGenuine) {
        AuditAnchor anchor() {
            return new AuditAnchor(number, mac);
        }
    }

    /** Also what is missing is not genuine, where the chain has begun. */
    static AuditAnchor genuine(Optional<Place> place) {
        return place.filter(Place::isGenuine)
                .orElseThrow(
                        () -> new AuditChainException("the audit trail's chain was begun with another key, or what says"
                                + " where it begins or ends was changed: call verify(), and give "
                                + "another key another prefix"))
                .anchor();
    }

    private void begin(SqlConnection connection) throws SQLException {
        try (SqlStatement select = connection.prepare("SELECT a.entry FROM curfew_audit a LIMIT 1")) {
            if (select.findsAny()) {
                throw new AuditChainException(
                        "the audit trail has rows but no chain: a chain begins with an empty table,"
                                + " so give it another prefix(...); if it had a chain, somebody removed that");
            }
        }
        AuditAnchor beginning = chain.beginning();
        for (String name : new String[] {START, END}) {
            try (SqlStatement insert = connection.prepare("INSERT INTO curfew_audit_chain (name, entry, mac, proof)"
                    + " VALUES (?, ?, ?, ?)" + connection.dialect().ifAbsent("name"))) {
                insert.text(name)
                        .number(beginning.number())
                        .bytes(AuditRow.bytes(beginning.mac()))
                        .bytes(AuditRow.bytes(chain.proof(name, beginning)))
                        .update();
            }
        }
    }

    private Optional<Place> select(SqlConnection connection, String name, String lock) throws SQLException {
        try (SqlStatement select =
                connection.prepare("SELECT entry, mac, proof FROM curfew_audit_chain WHERE name = ?" + lock)) {
            return select.text(name).first(row -> place(name, row));
        }
    }

    private Place place(String name, ResultSet row) throws SQLException {
        long number = row.getLong(1);
        String mac = String.valueOf(AuditRow.hex(row.getBytes(2)));
        String proof = String.valueOf(AuditRow.hex(row.getBytes(3)));
        boolean isGenuine = number >= 0
                && mac.length() == AuditAnchor.MAC_DIGITS
                && AuditChain.isEqual(proof, chain.proof(name, new AuditAnchor(number, mac)));
        return new Place(number, mac, isGenuine);
    }
}
