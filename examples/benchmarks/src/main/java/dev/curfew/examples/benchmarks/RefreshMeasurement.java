package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionAuthentication.Authenticated;
import io.lettuce.core.RedisClient;

/**
 * How long it takes to exchange a refresh token and to authenticate a session token, beside the least that a server can
 * do for it.
 */
final class RefreshMeasurement {
    private RefreshMeasurement() {}

    static void run(Report report, int shots) {
        onPostgres(report, shots);
        onRedis(report, shots);
    }

    private static void onPostgres(Report report, int shots) {
        try (HikariDataSource pool = Servers.pool(2);
                BareCommands.OnPostgres bare = BareCommands.OnPostgres.open()) {
            SessionStore store = CurfewStores.onPostgres(pool, "refresh_");
            measure(report, "postgres", store, shots, "bare UPDATE with commit", bare::update);
        }
    }

    private static void onRedis(Report report, int shots) {
        RedisClient client = Servers.redis();
        try (BareCommands.OnRedis bare = BareCommands.OnRedis.open(client);
                RedisSessionStore store = CurfewStores.onRedis(client, "refresh")) {
            measure(report, "redis", store, shots, "bare EVALSHA", bare::script);
        } finally {
            client.shutdown();
        }
    }

    private static void measure(
            Report report, String server, SessionStore store, int shots, String peer, Alternation.Act bare) {
        try (SessionService service = CurfewStores.service(store)) {
            Durations[] took = Alternation.of(shots, bare, refreshing(service), finding(service));
            Figure base = took[0].figure(50).in(1e3);
            report.times("refresh." + server, took[1].figure(50).in(1e3), "us", peer, base);
            report.times("session.find." + server, took[2].figure(50).in(1e3), "us", peer, base);
        }
    }

    /** One token after another, each with an attempt key. */
    private static Alternation.Act refreshing(SessionService service) {
        LoginResult login = service.beginLogin(new SubjectId(TokenIssuer.REALM, "refreshing"))
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.unknown());
        String[] token = {tokenOf(login)};
        int[] attempt = {0};
        return () -> {
            RefreshRequest request =
                    RefreshRequest.of(TokenIssuer.REALM, token[0]).attempt("attempt-of-a-benchmark-" + attempt[0]++);
            token[0] = ((Refreshed) service.credentials().refresh(request))
                    .refreshToken()
                    .reveal();
        };
    }

    private static Alternation.Act finding(SessionService service) {
        LoginResult login = service.beginLogin(new SubjectId(TokenIssuer.REALM, "browsing"))
                .withSessionToken()
                .complete(DeviceInfo.unknown());
        String token = tokenOf(login);
        return () -> {
            if (!(service.credentials().authenticate(TokenIssuer.REALM, token) instanceof Authenticated)) {
                throw new IllegalStateException("the session is not known");
            }
        };
    }

    private static String tokenOf(LoginResult login) {
        return ((LoginResult.LoggedIn) login).token().orElseThrow().reveal();
    }
}
