package dev.curfew.examples.benchmarks;

import dev.curfew.examples.benchmarks.MicroBenchmarks.Cost;
import java.util.Locale;

/** From the header to the decision, against bare nimbus, which decides nothing about revocation. */
final class BearerMeasurement {
    private static final String[] ALGORITHMS = {"HS256", "RS256", "ES256", "EdDSA"};

    private BearerMeasurement() {}

    static void run(Report report, MicroBenchmarks jmh) {
        for (String algorithm : ALGORITHMS) {
            Figure bare = jmh.run(BareBearerBenchmark.class, "bare", 1, "algorithm", algorithm)
                    .nanos();
            Cost seen = jmh.run(BearerBenchmark.class, "warm", 1, "algorithm", algorithm);
            Figure warm = seen.nanos();
            Figure cold = jmh.run(BearerBenchmark.class, "cold", 1, "algorithm", algorithm)
                    .nanos();
            String name = algorithm.toLowerCase(Locale.ROOT);
            report.faster("bearer.warm." + name, warm, "ns", "nimbus " + algorithm, bare);
            report.faster("bearer.cold." + name, cold, "ns", "nimbus " + algorithm, bare);
            if (algorithm.equals("RS256")) {
                report.alone("bearer.warm.alloc", seen.bytes(), "bytes");
                threads(report, jmh, warm);
            }
        }
        introspection(report, jmh);
    }

    /** What somebody else asks about a token, against what the host asks itself. */
    private static void introspection(Report report, MicroBenchmarks jmh) {
        Figure bearer = jmh.run(IntrospectionBenchmark.class, "bearer", 1).nanos();
        Figure introspection =
                jmh.run(IntrospectionBenchmark.class, "introspection", 1).nanos();
        report.alone("bearer.endpoint.warm", bearer, "ns");
        report.times("introspection.warm", introspection, "ns", "bearer.endpoint.warm", bearer);
    }

    private static void threads(Report report, MicroBenchmarks jmh, Figure one) {
        for (int threads : new int[] {2, 4}) {
            Figure nanos = jmh.run(BearerBenchmark.class, "warm", threads, "algorithm", "RS256")
                    .nanos();
            report.throughput("bearer.warm.rs256.threads" + threads, nanos, "ns", threads, one);
        }
    }
}
