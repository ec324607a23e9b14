package dev.curfew.examples.benchmarks;

import dev.curfew.examples.benchmarks.MicroBenchmarks.Cost;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** The check of a verified token, against asking a server about it. */
final class CheckMeasurement {
    private static final Map<String, String> SIZES = sizes();
    private static final String[] PEERS = {"sa-token-redis", "spring-session-redis", "spring-session-jdbc"};

    private CheckMeasurement() {}

    private static Map<String, String> sizes() {
        Map<String, String> sizes = new LinkedHashMap<>();
        sizes.put("10k", "10000");
        sizes.put("1M", "1000000");
        sizes.put("10M", "10000000");
        return sizes;
    }

    static void run(Report report, MicroBenchmarks jmh, boolean isFull) {
        Figure exists = jmh.run(LookupBenchmark.class, "exists", 1).nanos();
        Figure select = jmh.run(LookupBenchmark.class, "select", 1).nanos();
        Map<String, Cost> misses = new LinkedHashMap<>();
        Map<String, Cost> hits = new LinkedHashMap<>();
        SIZES.forEach((name, live) -> {
            misses.put(name, jmh.run(CheckBenchmark.class, "miss", 1, "live", live));
            if (isFull || !name.equals("10M")) {
                hits.put(name, jmh.run(CheckBenchmark.class, "hit", 1, "live", live));
            }
        });
        misses.forEach((name, cost) -> report.faster("check.miss." + name, cost.nanos(), "ns", "EXISTS", exists));
        hits.forEach((name, cost) -> report.faster("check.hit." + name, cost.nanos(), "ns", "EXISTS", exists));
        Cost miss = of(misses, "1M");
        Cost hit = of(hits, "1M");
        report.faster("check.miss.1M", miss.nanos(), "ns", "primary-key SELECT", select);
        for (String peer : PEERS) {
            Cost cost = jmh.run(PeerCheckBenchmark.class, "live", 1, "peer", peer);
            report.times("check.peer." + peer, cost.nanos(), "ns", "EXISTS", exists);
            report.faster("check.miss.1M", miss.nanos(), "ns", peer, cost.nanos());
        }
        report.times(
                "growth.miss.1M",
                miss.nanos(),
                "ns",
                "check.miss.10k",
                of(misses, "10k").nanos());
        report.times("growth.miss.10M", of(misses, "10M").nanos(), "ns", "check.miss.1M", miss.nanos());
        report.times("growth.hit.1M", hit.nanos(), "ns", "check.miss.1M", miss.nanos());
        report.alone("check.alloc", miss.bytes(), "bytes");
        report.alone("check.alloc.hit", hit.bytes(), "bytes");
        for (int threads : isFull ? new int[] {2, 4} : new int[] {2}) {
            Figure nanos = jmh.run(CheckBenchmark.class, "miss", threads, "live", "1000000")
                    .nanos();
            report.throughput("check.miss.1M.threads" + threads, nanos, "ns", threads, miss.nanos());
        }
        report.alone("base.exists", exists, "ns");
        report.alone("base.select", select, "ns");
    }

    private static Cost of(Map<String, Cost> costs, String size) {
        return Objects.requireNonNull(costs.get(size));
    }
}
