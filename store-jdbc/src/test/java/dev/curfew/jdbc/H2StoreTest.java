package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;

/** The whole contract on a real H2. */
final class H2StoreTest extends SessionStoreContract {
    private static final HikariDataSource POOL = Pools.of("jdbc:h2:mem:contract;DB_CLOSE_DELAY=-1", 16);

    @Override
    protected StoreFixture newFixture() {
        return new JdbcFixture(POOL);
    }
}
