package dev.curfew.examples.benchmarks;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.meter.Meter;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/**
 * Many nodes of one deployment, each with a store and connections of its own, which answer checks all the time. For one
 * caller.
 */
final class Fleet implements AutoCloseable {
    private static final int STARTING_AT_ONCE = 8;
    private static final int CALLS_OF_A_NODE = 1;
    private static final Duration BETWEEN_CHECKS = Duration.ofMillis(1);

    private final List<ScaleServer.Opened> stores;
    private final List<Node> nodes;
    private final VerifiedToken live;
    private final LongAdder refusals = new LongAdder();
    private final Thread checking = new Thread(this::check, "checking");
    private volatile boolean isClosed;

    private Fleet(List<ScaleServer.Opened> stores, List<Node> nodes, VerifiedToken live) {
        this.stores = stores;
        this.nodes = nodes;
        this.live = live;
        checking.setDaemon(true);
        checking.start();
    }

    /** Starts so many, some at a time. */
    static Fleet start(ScaleServer server, String prefix, int count, VerifiedToken live) {
        return start(server, prefix, count, live, STARTING_AT_ONCE);
    }

    /** Starts all of them at once, as a rolling deploy that does not roll. */
    static Fleet startAtOnce(ScaleServer server, String prefix, int count, VerifiedToken live) {
        return start(server, prefix, count, live, 2 * count);
    }

    private static Fleet start(ScaleServer server, String prefix, int count, VerifiedToken live, int atOnce) {
        ExecutorService starting = Executors.newFixedThreadPool(atOnce);
        try {
            // One alone first: it makes the tables.
            server.open(prefix, CALLS_OF_A_NODE).close();
            List<Future<ScaleServer.Opened>> opening = new ArrayList<>();
            List<Future<Node>> loading = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Future<ScaleServer.Opened> store = starting.submit(() -> server.open(prefix, CALLS_OF_A_NODE));
                opening.add(store);
                loading.add(starting.submit(() -> Node.on(store.get().store(), CurfewStores.settings())));
            }
            return new Fleet(all(opening), all(loading), live);
        } finally {
            starting.shutdown();
        }
    }

    private static <T> List<T> all(List<Future<T>> futures) {
        List<T> values = new ArrayList<>();
        try {
            for (Future<T> future : futures) {
                values.add(future.get());
            }
            return values;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a node does not start", e);
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    /** How often the nodes have read the feed, all together; what failed counts too. */
    long reads() {
        return nodes.stream()
                .flatMap(node -> node.replica().meters().stream())
                .filter(meter -> meter.name().equals("curfew.feed.reads"))
                .mapToLong(meter -> ((Meter.Counter) meter).count().getAsLong())
                .sum();
    }

    /** How many checks of a token that is not revoked were refused. */
    long refusals() {
        return refusals.sum();
    }

    private void check() {
        for (int turn = 0; !isClosed; turn++) {
            if (nodes.get(turn % nodes.size()).checker().check(live).outcome() != Outcome.ACTIVE) {
                refusals.increment();
            }
            Waits.sleep(BETWEEN_CHECKS);
        }
    }

    @Override
    public void close() {
        isClosed = true;
        ExecutorService ending = Executors.newFixedThreadPool(STARTING_AT_ONCE);
        List<Future<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            ScaleServer.Opened store = stores.get(i);
            all.add(ending.submit(() -> {
                node.close();
                store.close();
                return true;
            }));
        }
        all(all);
        ending.shutdown();
    }
}
