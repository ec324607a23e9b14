package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;

/** The whole contract on a real PostgreSql. */
final class PostgreSqlStoreTest extends SessionStoreContract {
    private static final HikariDataSource POOL = Pools.of(Postgres.url(), 16);

    @Override
    protected StoreFixture newFixture() {
        return new JdbcFixture(POOL);
    }
}
