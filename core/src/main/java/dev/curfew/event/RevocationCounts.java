package dev.curfew.event;

import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what becomes of revocations. Thread-safe. */
final class RevocationCounts {
    private static final String REASON = "reason";

    final Counts<RevocationReason> received = new Counts<>(RevocationReason.class);
    final Counts<Denial> denied = new Counts<>(Denial.class);
    final LongAdder failed = new LongAdder();
    private final Map<Kind, Counts<RevocationReason>> recorded = new EnumMap<>(Kind.class);

    RevocationCounts() {
        for (Kind kind : Kind.values()) {
            recorded.put(kind, new Counts<>(RevocationReason.class));
        }
    }

    void recorded(Kind target, RevocationReason reason) {
        Objects.requireNonNull(recorded.get(target)).increment(reason);
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        recorded.forEach((kind, counts) -> {
            if (kind != Kind.BIRTH) {
                Map<String, String> target = Map.of("target", kind.name().toLowerCase(Locale.ROOT));
                meters.addAll(counts.meters(
                        "curfew.revocations", "revocations recorded", REASON, target, RevocationCounts::isAct));
            }
        });
        meters.addAll(received.meters("curfew.revocations.received", "revocations that came from other nodes", REASON));
        meters.addAll(denied.meters("curfew.revocations.denied", "revocations denied", REASON));
        meters.add(new Meter.Counter(
                "curfew.revocations.failed", "revocations not known to have happened", Map.of(), failed::sum));
        return meters;
    }

    /** Time and the birth of a store end things without anybody's act. */
    static boolean isAct(RevocationReason reason) {
        return reason != RevocationReason.EXPIRED && reason != RevocationReason.STORE_CREATED;
    }
}
