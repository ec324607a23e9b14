package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.SessionStoreContract;
import dev.curfew.contract.StoreFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract on H2 in a file, as a single process has it that must survive its restart. */
final class H2FileStoreTest extends SessionStoreContract {
    @TempDir
    private static Path folder;

    private static HikariDataSource pool;

    @BeforeAll
    static void open() {
        pool = Pools.of("jdbc:h2:file:" + folder.resolve("curfew"), 16);
    }

    @AfterAll
    static void close() {
        pool.close();
    }

    @Override
    protected StoreFixture newFixture() {
        return new JdbcFixture(pool);
    }
}
