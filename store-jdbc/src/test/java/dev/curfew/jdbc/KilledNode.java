package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.KilledNodes;

/** A node in a process of its own, on a database. */
final class KilledNode {
    private KilledNode() {}

    /** The URL, the prefix of its tables, and what it does. */
    public static void main(String[] arguments) throws Exception {
        try (HikariDataSource pool = Pools.of(arguments[0], 12)) {
            KilledNodes.runChild(JdbcSessionStore.on(pool).prefix(arguments[1]).build(), arguments[2]);
        }
    }
}
