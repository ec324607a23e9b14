package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.crypto.KeyRing;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionAuthentication.Authenticated;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * How long it takes to exchange a refresh token and to authenticate a session token, beside the least that a server can
 * do for it.
 */
final class RefreshMeasurement {
    private static final int MOST_WARM_UPS = 300;
    private static final String COMPARE_AND_SET =
            "if redis.call('HGET', KEYS[1], 'row') == ARGV[1] then redis.call('HSET', KEYS[1], 'row', ARGV[2]) return 1"
                    + " end return 0";

    private RefreshMeasurement() {}

    /** Something to be done again and again. */
    private interface Act {
        void run() throws SQLException;
    }

    static void run(Report report, int shots) {
        onPostgres(report, shots);
        onRedis(report, shots);
    }

    private static void onPostgres(Report report, int shots) {
        try (HikariDataSource pool = Servers.pool(2)) {
            Figure bare = bareUpdate(pool, shots);
            SessionStore store = CurfewStores.onPostgres(pool, "refresh_");
            measure(report, "postgres", store, shots, "bare UPDATE with commit", bare);
        }
    }

    private static void onRedis(Report report, int shots) {
        RedisClient client = Servers.redis();
        try {
            Figure bare = bareScript(client, shots);
            try (var store = CurfewStores.onRedis(client, "refresh")) {
                measure(report, "redis", store, shots, "bare EVALSHA", bare);
            }
        } finally {
            client.shutdown();
        }
    }

    private static void measure(
            Report report, String server, SessionStore store, int shots, String peer, Figure bareNanos) {
        try (SessionService service = service(store)) {
            report.times("refresh." + server, refreshes(service, shots).in(1e3), "us", peer, bareNanos.in(1e3));
            report.times("session.find." + server, finds(service, shots).in(1e3), "us", peer, bareNanos.in(1e3));
        }
    }

    private static SessionService service(SessionStore store) {
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

    /** One token after another, each with an attempt key. */
    private static Figure refreshes(SessionService service, int shots) {
        LoginResult login = service.beginLogin(new SubjectId(TokenIssuer.REALM, "refreshing"))
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.unknown());
        String[] token = {tokenOf(login)};
        int[] attempt = {0};
        return median(shots, () -> {
            RefreshRequest request =
                    RefreshRequest.of(TokenIssuer.REALM, token[0]).attempt("attempt-of-a-benchmark-" + attempt[0]++);
            token[0] = ((Refreshed) service.credentials().refresh(request))
                    .refreshToken()
                    .reveal();
        });
    }

    private static Figure finds(SessionService service, int shots) {
        LoginResult login = service.beginLogin(new SubjectId(TokenIssuer.REALM, "browsing"))
                .withSessionToken()
                .complete(DeviceInfo.unknown());
        String token = tokenOf(login);
        return median(shots, () -> {
            if (!(service.credentials().authenticate(TokenIssuer.REALM, token) instanceof Authenticated)) {
                throw new IllegalStateException("the session is not known");
            }
        });
    }

    private static String tokenOf(LoginResult login) {
        return ((LoginResult.LoggedIn) login).token().orElseThrow().reveal();
    }

    /** A row of the same size, by its key, committed to disk. */
    private static Figure bareUpdate(HikariDataSource pool, int shots) {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS bare_refresh (id bigint PRIMARY KEY, row bytea)");
            statement.execute("INSERT INTO bare_refresh VALUES (1, '') ON CONFLICT DO NOTHING");
            try (PreparedStatement update =
                    connection.prepareStatement("UPDATE bare_refresh SET row = ? WHERE id = 1")) {
                byte[] row = new byte[400];
                return median(shots, () -> {
                    row[0]++;
                    update.setBytes(1, row);
                    update.executeUpdate();
                });
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compare and set of a row of the same size. */
    private static Figure bareScript(RedisClient client, int shots) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            var redis = connection.sync();
            String sha = redis.scriptLoad(COMPARE_AND_SET);
            String[] row = {"x".repeat(400) + "0"};
            redis.hset("bare-refresh", "row", row[0]);
            int[] number = {0};
            String[] keys = {"bare-refresh"};
            return median(shots, () -> {
                String next = "x".repeat(400) + ++number[0];
                Long done = redis.evalsha(sha, ScriptOutputType.INTEGER, keys, row[0], next);
                if (done != 1) {
                    throw new IllegalStateException("the row is another one");
                }
                row[0] = next;
            });
        }
    }

    private static Figure median(int shots, Act act) {
        try {
            for (int i = 0; i < Math.min(shots, MOST_WARM_UPS); i++) {
                act.run();
            }
            long[] nanos = new long[shots];
            for (int i = 0; i < shots; i++) {
                long begin = System.nanoTime();
                act.run();
                nanos[i] = System.nanoTime() - begin;
            }
            return new Durations(nanos).figure(50);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
