package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.store.SessionStore;
import io.lettuce.core.RedisClient;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** How long a node that starts takes until it holds all revocations of a server. */
final class LoadMeasurement {
    private LoadMeasurement() {}

    static void run(Report report, long count, String name, int loads) {
        GeneratedRevocations revocations = new GeneratedRevocations(42, TokenIssuer.REALM, Instant.now(), List.of());
        report.alone("load." + name + ".postgres", fromPostgres(revocations, count, name, loads), "s");
        report.alone("load." + name + ".redis", fromRedis(revocations, count, name, loads), "s");
    }

    private static Figure fromPostgres(GeneratedRevocations revocations, long count, String name, int loads) {
        String prefix = "load" + name.toLowerCase(Locale.ROOT) + "_";
        try (HikariDataSource pool = Servers.pool(3);
                JdbcSessionStore store = CurfewStores.onPostgres(pool, prefix)) {
            FillPostgres.fill(pool, prefix, revocations, count);
            return load(store, count, loads);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Figure fromRedis(GeneratedRevocations revocations, long count, String name, int loads) {
        RedisClient client = Servers.redis();
        try (RedisSessionStore store = CurfewStores.onRedis(client, "load" + name)) {
            FillRedis.fill(store, revocations, count);
            return load(store, count, loads);
        } finally {
            client.shutdown();
        }
    }

    private static Figure load(SessionStore store, long count, int loads) {
        long[] nanos = new long[loads];
        for (int i = 0; i < loads; i++) {
            long begin = System.nanoTime();
            try (Node node = Node.on(store, CurfewStores.settings())) {
                nanos[i] = System.nanoTime() - begin;
                if (node.replica().status().entries() < count) {
                    throw new IllegalStateException("a revocation is missing");
                }
            }
        }
        return new Durations(nanos).figure(50).in(1e9);
    }
}
