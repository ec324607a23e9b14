package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SubjectId;
import dev.curfew.store.OperationId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What a store has to bear when it comes back after an outage that all nodes have noticed, and that has left each of
 * them with revocations that it still owes the store.
 */
final class OutageMeasurement {
    private static final int OWED_BY_A_NODE = 10;
    private static final Duration WATCHED = Duration.ofSeconds(3);
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ScaleServer server;
    private final Fleet fleet;
    private final SecureRandom random = new SecureRandom();

    private OutageMeasurement(ScaleServer server, Fleet fleet) {
        this.server = server;
        this.fleet = fleet;
    }

    static void run(Report report, ScaleServer server, int nodes, Duration outage) {
        VerifiedToken live =
                new TokenIssuer(SigningKey.of("HS256")).verified("live-", 1).get(0);
        try (Fleet fleet = Fleet.start(server, "outage", nodes, live)) {
            new OutageMeasurement(server, fleet).measure(report, nodes, outage);
        }
    }

    private void measure(Report report, int nodes, Duration outage) {
        double before = readsPerSecond(STEP.multipliedBy(2));
        server.freeze();
        try {
            owe(outage);
        } finally {
            server.thaw();
        }
        long thawed = System.nanoTime();
        long owed = unrecorded();
        double most = 0;
        long freshAfter = -1;
        long recordedAfter = owed == 0 ? 0 : -1;
        while (freshAfter < 0 || recordedAfter < 0 || System.nanoTime() - thawed < WATCHED.toNanos()) {
            most = Math.max(most, readsPerSecond(STEP));
            long passed = System.nanoTime() - thawed;
            freshAfter = freshAfter < 0 && areFresh() ? passed : freshAfter;
            recordedAfter = recordedAfter < 0 && unrecorded() == 0 ? passed : recordedAfter;
            if (passed > PATIENCE.toNanos()) {
                throw new IllegalStateException("the nodes do not recover from an outage");
            }
        }
        String name = "scale." + server.name() + "." + nodes + ".outage_";
        System.err.printf(
                Locale.ROOT,
                "  %s: %.2f reads a node and second before, %.2f at most after it; %d owed, recorded after %.1f s;"
                        + " all fresh after %.1f s%n",
                name,
                before / nodes,
                most / nodes,
                owed,
                recordedAfter / 1e9,
                freshAfter / 1e9);
        report.alone(name + "reads_before", before / nodes, "/s");
        report.alone(name + "reads", most / nodes, "/s");
        report.alone(name + "owed", (double) owed, "");
        report.alone(name + "recorded", recordedAfter / 1e9, "s");
        report.alone(name + "fresh", freshAfter / 1e9, "s");
    }

    /** Each node tries to end sessions that it may end without asking, for as long as the store is gone. */
    private void owe(Duration outage) {
        long until = System.nanoTime() + outage.toNanos();
        ExecutorService trying = Executors.newFixedThreadPool(fleet.nodes().size());
        for (Node node : fleet.nodes()) {
            for (int i = 0; i < OWED_BY_A_NODE; i++) {
                trying.execute(() -> {
                    if (System.nanoTime() - until < 0) {
                        revoke(node);
                    }
                });
            }
        }
        trying.shutdown();
        try {
            Waits.sleep(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
            if (!trying.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("a call does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void revoke(Node node) {
        SubjectId subject = new SubjectId(TokenIssuer.REALM, "owed-" + random.nextLong());
        RevocationRequest request = RevocationRequest.of(RevocationTarget.subject(subject), OperationId.random(random))
                .because(RevocationReason.USER_LOGOUT, Actor.user())
                .build();
        try {
            node.replica().store().revoke(request, Precondition.none(), Instant.now());
            throw new IllegalStateException("a store that stands still answers");
        } catch (StoreUnavailableException e) {
            // As it should; the node owes it from now on.
        }
    }

    private double readsPerSecond(Duration during) {
        long reads = fleet.reads();
        long begin = System.nanoTime();
        Waits.sleep(during);
        return (fleet.reads() - reads) / ((System.nanoTime() - begin) / 1e9);
    }

    private long unrecorded() {
        return fleet.nodes().stream()
                .mapToLong(node -> node.replica().status().unrecorded())
                .sum();
    }

    private boolean areFresh() {
        return fleet.nodes().stream().allMatch(node -> node.replica().isFresh());
    }
}
