package dev.curfew.oidc;

import dev.curfew.meter.Meter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts logouts that providers sent, by what became of them. Thread-safe. */
final class LogoutCounts {
    private final LongAdder accepted = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();

    void count(int status) {
        LongAdder of = status >= 500 ? failed : status >= 400 ? refused : accepted;
        of.increment();
    }

    List<Meter> meters() {
        return List.of(meter("accepted", accepted), meter("refused", refused), meter("failed", failed));
    }

    private static Meter meter(String result, LongAdder count) {
        return new Meter.Counter(
                "curfew.backchannel.logouts",
                "logouts that an identity provider sent",
                Map.of("result", result),
                count::sum);
    }
}
