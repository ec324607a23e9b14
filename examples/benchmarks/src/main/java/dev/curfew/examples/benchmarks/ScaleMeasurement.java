package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What nodes cost the store that they share, and how soon they know, while sessions are revoked at a fixed rate on
 * other nodes and all of them check: for some numbers of nodes and some rates on each store.
 */
final class ScaleMeasurement {
    /** The rate whose figures are those of a fleet, if the store sustains it; else the highest that it does. */
    private static final int REFERENCE_RATE = 1_000;

    private static final double SUSTAINED = 0.95;
    private static final Duration MAX_STALENESS = Duration.ofSeconds(5);
    private static final int WRITERS = 4;
    private static final int THREADS = 32;
    private static final int SAMPLES_PER_SECOND = 50;
    private static final int SUBJECTS = 1_000;
    private static final Duration WARM_UP = Duration.ofMillis(500);

    private final Report report;
    private final Form form;
    private final SecureRandom random = new SecureRandom();
    private final TokenIssuer issuer = new TokenIssuer(SigningKey.of("HS256"));

    private ScaleMeasurement(Report report, Form form) {
        this.report = report;
        this.form = form;
    }

    /**
     * How much is measured. Immutable.
     *
     * @param nodes how many nodes a fleet has
     * @param rates how many revocations a second, rising
     * @param step how long each rate is kept up
     * @param mix how long people log in and out
     * @param outage how long the store is gone
     * @param nodesInOutage under how many nodes
     * @param loaded how many revocations twenty nodes load at once
     */
    record Form(
            List<Integer> nodes,
            List<Integer> rates,
            Duration step,
            Duration mix,
            Duration outage,
            int nodesInOutage,
            int loaded) {
        static final Form TINY = new Form(
                List.of(2),
                List.of(20),
                Duration.ofMillis(500),
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                2,
                1_000);
        static final Form QUICK = new Form(
                List.of(1, 100),
                List.of(1_000, 3_000),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                20,
                50_000);
        static final Form FULL = new Form(
                List.of(1, 10, 100),
                List.of(10, 300, 1_000, 3_000, 10_000),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                Duration.ofSeconds(60),
                100,
                1_000_000);
    }

    /** What was measured at one rate. */
    private record Step(
            int rate,
            OpenLoop.Outcome revoked,
            FleetWatcher.Seen seen,
            double readsPerNode,
            double bytesPerNode,
            double storeCpu,
            long refusals) {
        double milliseconds(Durations durations, int percent) {
            return durations.percentile(percent) / 1e6;
        }

        boolean isFresh() {
            return seen.propagations().percentile(99) < MAX_STALENESS.toNanos();
        }

        boolean isSustained() {
            return isFresh() && revoked.perSecond() >= SUSTAINED * rate && revoked.failed() == 0;
        }
    }

    /** On each store. */
    static void run(Report report, Form form) {
        List<Supplier<ScaleServer>> servers = List.of(ScalePostgres::new, ScaleRedis::standalone, ScaleRedis::cluster);
        for (Supplier<ScaleServer> opened : servers) {
            try (ScaleServer server = opened.get()) {
                run(report, form, server);
            }
        }
    }

    static void run(Report report, Form form, ScaleServer server) {
        ScaleMeasurement measurement = new ScaleMeasurement(report, form);
        form.nodes().forEach(count -> measurement.fleet(server, count));
        MixMeasurement.run(report, form.mix(), server);
        OutageMeasurement.run(report, server, form.nodesInOutage(), form.outage());
        DeployMeasurement.run(report, server, form.loaded(), form.mix());
    }

    private void fleet(ScaleServer server, int count) {
        String prefix = "scale" + count;
        VerifiedToken live = issuer.verified("live-", 1).get(0);
        long heapBefore = usedHeap();
        List<ScaleServer.Opened> writers = new ArrayList<>();
        try (Fleet fleet = Fleet.start(server, prefix, count, live)) {
            for (int i = 0; i < WRITERS; i++) {
                writers.add(server.open(prefix, THREADS / WRITERS));
            }
            List<SessionStore> stores =
                    writers.stream().map(ScaleServer.Opened::store).toList();
            revoke(stores, REFERENCE_RATE, WARM_UP, List.of(), null);
            List<Step> steps = new ArrayList<>();
            for (int rate : form.rates()) {
                Step step = step(server, fleet, stores, rate);
                tell(server, count, step);
                steps.add(step);
                if (!step.isSustained()) {
                    break;
                }
            }
            double memory = (usedHeap() - heapBefore) / 1024.0 / count;
            report("scale." + server.name() + "." + count + ".", steps, memory);
        } finally {
            writers.forEach(ScaleServer.Opened::close);
        }
    }

    private Step step(ScaleServer server, Fleet fleet, List<SessionStore> stores, int rate) {
        int samples = (int) Math.max(1, SAMPLES_PER_SECOND * form.step().toMillis() / 1_000);
        List<VerifiedToken> tokens = issuer.verified("moving-" + rate + "-", samples);
        FleetWatcher watcher = new FleetWatcher(fleet);
        watcher.begin();
        long reads = fleet.reads();
        long bytes = server.bytesSent();
        double cpu = server.cpuSeconds();
        long refusals = fleet.refusals();
        long begin = System.nanoTime();
        OpenLoop.Outcome revoked = revoke(stores, rate, form.step(), tokens, watcher);
        double seconds = (System.nanoTime() - begin) / 1e9;
        double nodeSeconds = seconds * fleet.nodes().size();
        return new Step(
                rate,
                revoked,
                watcher.end(),
                (fleet.reads() - reads) / nodeSeconds,
                (server.bytesSent() - bytes) / nodeSeconds,
                (server.cpuSeconds() - cpu) / seconds,
                fleet.refusals() - refusals);
    }

    private OpenLoop.Outcome revoke(
            List<SessionStore> stores,
            int rate,
            Duration duration,
            List<VerifiedToken> tokens,
            @Nullable FleetWatcher watcher) {
        int all = (int) Math.max(1, rate * duration.toMillis() / 1_000);
        int every = Math.max(1, all / Math.max(1, tokens.size()));
        List<SubjectId> subjects = IntStream.range(0, SUBJECTS)
                .mapToObj(number -> new SubjectId(TokenIssuer.REALM, "somebody-" + number))
                .toList();
        return OpenLoop.run(rate, duration, THREADS, number -> {
            VerifiedToken token = watcher != null && number % every == 0 && number / every < tokens.size()
                    ? tokens.get(number / every)
                    : null;
            SessionId session = token == null
                    ? SessionId.mint(subjects.get(number % SUBJECTS), Instant.now(), random)
                    : (SessionId) token.session().orElseThrow().handle();
            stores.get(number % stores.size()).revoke(request(session), Precondition.none(), Instant.now());
            if (watcher != null && token != null) {
                watcher.acknowledged(token);
            }
        });
    }

    private RevocationRequest request(SessionId session) {
        return RevocationRequest.of(
                        RevocationTarget.session(SessionRef.of(TokenIssuer.REALM, session)), OperationId.random(random))
                .because(RevocationReason.USER_LOGOUT, Actor.user())
                .build();
    }

    private static void tell(ScaleServer server, int nodes, Step step) {
        System.err.printf(
                Locale.ROOT,
                "  %s, %d nodes, %d/s: %.0f/s done, p99 %.0f ms, %.2f reads and %.0f bytes a node and second,"
                        + " known after %.1f ms (p50) and %.1f ms (p99), age p99 %.0f ms, store %.2f cores%s%n",
                server.name(),
                nodes,
                step.rate(),
                step.revoked().perSecond(),
                step.milliseconds(step.revoked().latencies(), 99),
                step.readsPerNode(),
                step.bytesPerNode(),
                step.milliseconds(step.seen().propagations(), 50),
                step.milliseconds(step.seen().propagations(), 99),
                step.milliseconds(step.seen().ages(), 99),
                step.storeCpu(),
                step.revoked().failed() + step.refusals() == 0
                        ? ""
                        : "; " + step.revoked().failed() + " failed, " + step.refusals() + " checks refused");
    }

    private void report(String name, List<Step> steps, double memory) {
        Step reference = steps.get(0);
        double highest = 0;
        for (Step step : steps) {
            if (step.isSustained() && step.rate() <= REFERENCE_RATE) {
                reference = step;
            }
            if (step.isFresh()) {
                highest = Math.max(highest, step.revoked().perSecond());
            }
            report(name + step.rate() + ".", step);
        }
        report.alone(name + "rate", reference.revoked().perSecond(), "/s");
        report(name, reference);
        report.alone(name + "staleness_p99", reference.seen().ages().figure(99).in(1e6), "ms");
        report.alone(
                name + "revoke_p50", reference.revoked().latencies().figure(50).in(1e6), "ms");
        report.alone(
                name + "revoke_p99", reference.revoked().latencies().figure(99).in(1e6), "ms");
        report.alone(name + "memory", memory, "KiB");
        report.alone(name + "max_rate", highest, "/s");
    }

    private void report(String name, Step step) {
        report.alone(name + "reads_per_node_s", step.readsPerNode(), "/s");
        report.alone(name + "bytes_per_node_s", step.bytesPerNode(), "bytes");
        report.alone(
                name + "propagation_p50", step.seen().propagations().figure(50).in(1e6), "ms");
        report.alone(
                name + "propagation_p99", step.seen().propagations().figure(99).in(1e6), "ms");
        report.alone(name + "store_cpu", step.storeCpu(), "cores");
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
