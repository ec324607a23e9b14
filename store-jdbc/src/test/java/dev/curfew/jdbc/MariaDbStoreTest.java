package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;

/** The whole contract on a real MariaDb. */
final class MariaDbStoreTest extends SessionStoreContract {
    private static final HikariDataSource POOL = Pools.of(MariaDb.url(), 16);

    @Override
    protected StoreFixture newFixture() {
        return new JdbcFixture(POOL);
    }
}
