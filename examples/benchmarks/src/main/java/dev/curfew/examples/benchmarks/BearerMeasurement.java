package dev.curfew.examples.benchmarks;

import dev.curfew.examples.benchmarks.MicroBenchmarks.Cost;
import java.util.List;
import java.util.Locale;

/** From the header to the decision, against bare nimbus, which decides nothing about revocation. */
final class BearerMeasurement {
    /** What a token that was seen before costs does not depend on who signed it. */
    private static final String USUAL = "RS256";

    /** Beside a signature it is nothing how many revocations there are; so many are loaded in no time. */
    private static final String FEW = "10000";

    private BearerMeasurement() {}

    static void run(Report report, MicroBenchmarks jmh, boolean isFull) {
        for (String algorithm : isFull ? List.of("HS256", USUAL, "ES256", "EdDSA") : List.of("HS256", USUAL, "EdDSA")) {
            Figure bare = jmh.run(BareBearerBenchmark.class, "bare", 1, "algorithm", algorithm)
                    .nanos();
            String name = algorithm.toLowerCase(Locale.ROOT);
            if (isFull || algorithm.equals(USUAL)) {
                Cost warm = jmh.run(BearerBenchmark.class, "warm", 1, "algorithm", algorithm);
                report.faster("bearer.warm." + name, warm.nanos(), "ns", "nimbus " + algorithm, bare);
            }
            Figure cold = jmh.run(BearerBenchmark.class, "cold", 1, "algorithm", algorithm, "live", FEW)
                    .nanos();
            report.faster("bearer.cold." + name, cold, "ns", "nimbus " + algorithm, bare);
        }
        Cost warm = jmh.run(BearerBenchmark.class, "warm", 1, "algorithm", USUAL);
        report.alone("bearer.warm.alloc", warm.bytes(), "bytes");
        for (int threads : isFull ? new int[] {2, 4} : new int[] {2}) {
            Figure nanos = jmh.run(BearerBenchmark.class, "warm", threads, "algorithm", USUAL)
                    .nanos();
            report.throughput("bearer.warm.rs256.threads" + threads, nanos, "ns", threads, warm.nanos());
        }
        if (isFull) {
            introspection(report, jmh);
        }
    }

    /** What somebody else asks about a token, against what the host asks itself. */
    private static void introspection(Report report, MicroBenchmarks jmh) {
        Figure bearer = jmh.run(IntrospectionBenchmark.class, "bearer", 1).nanos();
        Figure introspection =
                jmh.run(IntrospectionBenchmark.class, "introspection", 1).nanos();
        report.alone("bearer.endpoint.warm", bearer, "ns");
        report.times("introspection.warm", introspection, "ns", "bearer.endpoint.warm", bearer);
    }
}
