package dev.curfew.examples.benchmarks;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A thread that looks, on some nodes of a fleet, for what was acknowledged elsewhere until they refuse it, and how old
 * their knowledge is meanwhile. Any thread tells it what to expect; one begins and ends it.
 */
final class FleetWatcher {
    private static final int SAMPLED = 5;
    private static final Duration BETWEEN_LOOKS = Duration.ofNanos(300_000);
    private static final long BETWEEN_AGES_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final List<Node> nodes;
    private final Queue<Awaited> expected = new ConcurrentLinkedQueue<>();
    private final List<Long> propagations = new ArrayList<>();
    private final List<Long> ages = new ArrayList<>();
    private final Thread thread = new Thread(this::run, "fleet-watcher");
    private volatile boolean isEnding;

    /** What a node is to learn, and when the store had acknowledged it. */
    private record Awaited(VerifiedToken token, Node node, long acknowledgedNanos) {}

    /**
     * What it has seen.
     *
     * @param propagations from an acknowledgement until a node refuses
     * @param ages how old the knowledge of a node was
     */
    record Seen(Durations propagations, Durations ages) {}

    FleetWatcher(Fleet fleet) {
        List<Node> all = fleet.nodes();
        int count = Math.min(SAMPLED, all.size());
        this.nodes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            nodes.add(all.get(i * all.size() / count));
        }
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    /** This was acknowledged just now. */
    void acknowledged(VerifiedToken token) {
        long now = System.nanoTime();
        nodes.forEach(node -> expected.add(new Awaited(token, node, now)));
    }

    /** Waits for what is still expected, for some seconds; what does not come counts with that time. */
    Seen end() {
        isEnding = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return new Seen(durations(propagations), durations(ages));
    }

    private static Durations durations(List<Long> nanos) {
        return new Durations(
                nanos.isEmpty()
                        ? new long[] {Long.MAX_VALUE}
                        : nanos.stream().mapToLong(Long::longValue).toArray());
    }

    private void run() {
        List<Awaited> waiting = new ArrayList<>();
        long nextAge = System.nanoTime();
        while (!isEnding || !waiting.isEmpty() || !expected.isEmpty()) {
            for (Awaited one = expected.poll(); one != null; one = expected.poll()) {
                waiting.add(one);
            }
            waiting.removeIf(this::isSeen);
            if (System.nanoTime() - nextAge >= 0 && !isEnding) {
                nodes.forEach(node -> ages.add(node.replica().status().age().toNanos()));
                nextAge = System.nanoTime() + BETWEEN_AGES_NANOS;
            }
            Waits.sleep(BETWEEN_LOOKS);
        }
    }

    private boolean isSeen(Awaited one) {
        long taken = System.nanoTime() - one.acknowledgedNanos();
        boolean isSeen = one.node().checker().checkNow(one.token()).outcome() == Outcome.REVOKED;
        if (isSeen || taken > PATIENCE_NANOS) {
            propagations.add(taken);
        }
        return isSeen || taken > PATIENCE_NANOS;
    }
}
