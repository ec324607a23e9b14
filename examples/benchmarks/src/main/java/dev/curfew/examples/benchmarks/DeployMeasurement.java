package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * How long a login takes while many nodes start at once and each of them loads all revocations, beside before.
 */
final class DeployMeasurement {
    private static final int NODES = 20;
    private static final int LOGINS_PER_SECOND = 50;
    private static final int THREADS = 16;
    private static final Duration FILLING = Duration.ofSeconds(60);

    private final SecureRandom random = new SecureRandom();

    private DeployMeasurement() {}

    static void run(Report report, ScaleServer server, int revocations, Duration before) {
        GeneratedRevocations generated = new GeneratedRevocations(7, TokenIssuer.REALM, Instant.now(), List.of());
        try (ScaleServer.Opened opened = server.open("deploy", THREADS, FILLING)) {
            if (server.name().equals("postgres")) {
                fillPostgres(generated, revocations);
            } else {
                FillRedis.fill(opened.store(), generated, revocations);
            }
        }
        try (ScaleServer.Opened opened = server.open("deploy", THREADS)) {
            new DeployMeasurement().measure(report, server, opened.store(), revocations, before);
        }
    }

    private static void fillPostgres(GeneratedRevocations generated, int revocations) {
        try (HikariDataSource pool = Servers.hastyPool()) {
            FillPostgres.fill(pool, "deploy_", generated, revocations);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void measure(Report report, ScaleServer server, SessionStore store, int revocations, Duration before) {
        OpenLoop.Outcome alone = logins(store, before);
        CompletableFuture<Double> loading = LoadingNodes.start(server, NODES, revocations);
        OpenLoop.Outcome meanwhile = logins(store, before);
        long failed = meanwhile.failed();
        while (!loading.isDone()) {
            OpenLoop.Outcome more = logins(store, before);
            failed += more.failed();
            meanwhile = more.latencies().percentile(99) > meanwhile.latencies().percentile(99) ? more : meanwhile;
        }
        double seconds = loading.join();
        String name = "scale." + server.name() + ".deploy.";
        System.err.printf(
                Locale.ROOT,
                "  %s: %d nodes load %d each in %.1f s; login p99 %.1f ms before, %.1f ms at worst meanwhile,"
                        + " %d failed%n",
                name,
                NODES,
                revocations,
                seconds,
                alone.latencies().percentile(99) / 1e6,
                meanwhile.latencies().percentile(99) / 1e6,
                failed);
        report.alone(name + "load", seconds, "s");
        report.alone(name + "login_failed", (double) failed, "");
        Figure least = alone.latencies().figure(99).in(1e6);
        report.alone(name + "login_p99_before", least, "ms");
        report.times(name + "login_p99", meanwhile.latencies().figure(99).in(1e6), "ms", "before", least);
    }

    private OpenLoop.Outcome logins(SessionStore store, Duration duration) {
        return OpenLoop.run(
                LOGINS_PER_SECOND,
                duration,
                THREADS,
                number -> CurfewKeeper.beginBehindCutOff(
                        store, new SubjectId(TokenIssuer.REALM, "person-" + random.nextInt(10_000)), random));
    }
}
