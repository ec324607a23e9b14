package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.function.Consumer;

/** Pools as hosts have them. */
public final class Pools {
    private Pools() {}

    public static HikariDataSource of(String url, int size) {
        return of(url, size, config -> {});
    }

    public static HikariDataSource of(String url, int size, Consumer<HikariConfig> more) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        more.accept(config);
        return new HikariDataSource(config);
    }
}
