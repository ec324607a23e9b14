package dev.curfew.examples.benchmarks;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** How long it takes to end all sessions of somebody, with Curfew and with its peers on the same server. */
final class RevokeAllMeasurement {
    /**
     * Each login of Sa-Token writes the whole list of that user's logins again, so that more would take hours to fill.
     */
    private static final int MOST_OF_SA_TOKEN = 2_000;

    private static final AtomicInteger SUBJECTS = new AtomicInteger();

    private RevokeAllMeasurement() {}

    static void run(Report report, int[] counts) {
        run(
                report,
                "postgres",
                counts,
                CurfewStores::keeperOnPostgres,
                Map.of("Spring Session JDBC", SpringSessions::onPostgres));
        Map<String, Supplier<SessionKeeper>> peers = new LinkedHashMap<>();
        peers.put("Spring Session Redis", SpringSessions::onRedis);
        peers.put("Sa-Token Redis", SaTokenKeeper::connect);
        run(report, "redis", counts, CurfewStores::keeperOnRedis, peers);
    }

    private static void run(
            Report report,
            String server,
            int[] counts,
            Supplier<SessionKeeper> curfew,
            Map<String, Supplier<SessionKeeper>> peers) {
        List<Figure> own = medians(curfew, counts);
        peers.forEach((peer, keeper) -> {
            int[] feasible = peer.startsWith("Sa-Token")
                    ? Arrays.stream(counts)
                            .filter(count -> count <= MOST_OF_SA_TOKEN)
                            .toArray()
                    : counts;
            List<Figure> theirs = medians(keeper, feasible);
            for (int i = 0; i < feasible.length; i++) {
                report.faster(
                        "revokeall." + feasible[i] + "." + server,
                        own.get(i).in(1e3),
                        "us",
                        peer,
                        theirs.get(i).in(1e3));
            }
        });
    }

    /** For each of these numbers of sessions, from small to large. */
    private static List<Figure> medians(Supplier<SessionKeeper> opened, int[] counts) {
        try (SessionKeeper keeper = opened.get()) {
            shots(keeper, 5, 30);
            return Arrays.stream(counts)
                    .mapToObj(count -> shots(keeper, count, shotsOf(count)).figure(50))
                    .toList();
        }
    }

    private static int shotsOf(int sessions) {
        if (sessions >= 10_000) {
            return 1;
        }
        return sessions >= 1_000 ? 3 : 31;
    }

    /** Each shot ends the sessions of another subject. */
    static Durations shots(SessionKeeper keeper, int sessions, int shots) {
        long[] nanos = new long[shots];
        for (int shot = 0; shot < shots; shot++) {
            String subject = "all-" + SUBJECTS.incrementAndGet();
            keeper.begin(subject, sessions);
            long begin = System.nanoTime();
            keeper.endAll(subject);
            nanos[shot] = System.nanoTime() - begin;
            if (keeper.hasAny(subject)) {
                throw new IllegalStateException("a session survived");
            }
        }
        return new Durations(nanos);
    }
}
