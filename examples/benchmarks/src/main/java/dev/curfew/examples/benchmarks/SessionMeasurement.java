package dev.curfew.examples.benchmarks;

import dev.curfew.examples.benchmarks.MicroBenchmarks.Cost;

/** A session token of a session that is at work, against the peers' way of finding a session. */
final class SessionMeasurement {
    private static final int REMEMBERED = 100_000;

    private SessionMeasurement() {}

    static void run(Report report, MicroBenchmarks jmh) {
        Cost warm = jmh.run(SessionBenchmark.class, "warm", 1);
        for (String peer : new String[] {"spring-session-redis", "sa-token-redis"}) {
            Figure found =
                    jmh.run(PeerCheckBenchmark.class, "live", 1, "peer", peer).nanos();
            report.faster("session.warm", warm.nanos(), "ns", peer, found);
        }
        Figure together = jmh.run(SessionBenchmark.class, "warm", 2).nanos();
        report.throughput("session.warm.threads2", together, "ns", 2, warm.nanos());
        report.alone("session.warm.alloc", warm.bytes(), "bytes");
        report.alone("session.heap", HeapMeasurement.probe("session", REMEMBERED)[0], "bytes");
    }
}
