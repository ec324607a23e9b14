package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.SessionService;
import dev.curfew.crypto.KeyRing;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import io.lettuce.core.RedisClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import javax.sql.DataSource;

/** Opens stores on the servers of this run. */
final class CurfewStores {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private CurfewStores() {}

    /** On tables of that prefix, made if there are none. */
    static JdbcSessionStore onPostgres(DataSource pool, String prefix) {
        JdbcSessionStore store =
                JdbcSessionStore.on(pool).prefix(prefix).callTimeout(PATIENCE).build();
        store.migrate();
        store.open(settings(), Instant.now());
        return store;
    }

    /** On keys of that prefix. */
    static RedisSessionStore onRedis(RedisClient client, String prefix) {
        RedisSessionStore store = RedisSessionStore.on(client)
                .keyPrefix(prefix)
                .callTimeout(PATIENCE)
                .serverCheck(ServerCheck.NONE)
                .build();
        store.open(settings(), Instant.now());
        return store;
    }

    /** The defaults, but for tokens that are older than the store. */
    static StoreSettings settings() {
        return GeneratedStore.settings();
    }

    /** With encrypted rows, refresh tokens and authoritative checks, so that nothing is answered from memory. */
    static SessionService service(SessionStore store) {
        byte[] key = new byte[KeyRing.KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return SessionService.builder()
                .store(store)
                .encryption(KeyRing.of("benchmark", key))
                .lifetimes(SessionLifetimes.aal1())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict()))
                .trustTokensOlderThanStore()
                .authoritativeChecks()
                .withoutAuditLog()
                .build();
    }

    static SessionKeeper keeperOnPostgres() {
        HikariDataSource pool = Servers.pool(2);
        HikariDataSource hasty = Servers.hastyPool();
        JdbcSessionStore store = onPostgres(pool, "keeper_");
        return new CurfewKeeper(onPostgres(hasty, "keeper_"), store, () -> {
            pool.close();
            hasty.close();
        });
    }

    static SessionKeeper keeperOnRedis() {
        RedisClient client = Servers.redis();
        RedisSessionStore store = onRedis(client, "keeper");
        return new CurfewKeeper(store, store, () -> {
            store.close();
            client.shutdown();
        });
    }
}
