package dev.curfew.event;

import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts how sessions begin, go on and end. Thread-safe. */
final class SessionCounts {
    final LongAdder created = new LongAdder();
    final LongAdder renewed = new LongAdder();
    final LongAdder expired = new LongAdder();
    final LongAdder exchanged = new LongAdder();
    final Counts<RevocationReason> ended = new Counts<>(RevocationReason.class);
    final Counts<LoginRefusal> refused = new Counts<>(LoginRefusal.class);

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        meters.add(new Meter.Counter("curfew.sessions.begun", "sessions begun", Map.of(), created::sum));
        meters.add(new Meter.Counter("curfew.sessions.renewed", "signs of life written", Map.of(), renewed::sum));
        meters.add(new Meter.Counter(
                "curfew.sessions.expired", "sessions that time ended, counted when purged", Map.of(), expired::sum));
        meters.add(new Meter.Counter(
                "curfew.sessions.credential.renewed",
                "secrets of sessions exchanged because of what they may do",
                Map.of(),
                exchanged::sum));
        meters.addAll(ended.meters(
                "curfew.sessions.ended",
                "sessions ended by a revocation",
                "reason",
                Map.of(),
                RevocationCounts::isAct));
        meters.addAll(refused.meters(
                "curfew.logins.refused", "logins refused although their credentials were right", "reason"));
        return meters;
    }
}
