package dev.curfew.event;

import dev.curfew.event.SessionEvent.Denial;
import dev.curfew.event.SessionEvent.LoginRefusal;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happened, as far as it is found out. Thread-safe. */
final class EventMeters {
    private static final String REASON = "reason";

    private final LongAdder created = new LongAdder();
    private final LongAdder renewed = new LongAdder();
    private final LongAdder expired = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Counts<LoginRefusal> refused = new Counts<>(LoginRefusal.class);
    private final Counts<Denial> denied = new Counts<>(Denial.class);
    private final Counts<SuspicionKind> suspicions = new Counts<>(SuspicionKind.class);
    private final Counts<RevocationReason> used = new Counts<>(RevocationReason.class);
    private final Counts<RevocationReason> received = new Counts<>(RevocationReason.class);
    private final Counts<RevocationReason> ended = new Counts<>(RevocationReason.class);
    private final Map<RevocationTarget.Kind, Counts<RevocationReason>> recorded =
            new EnumMap<>(RevocationTarget.Kind.class);

    EventMeters() {
        for (RevocationTarget.Kind kind : RevocationTarget.Kind.values()) {
            recorded.put(kind, new Counts<>(RevocationReason.class));
        }
    }

    void count(SessionEvent event) {
        if (event instanceof SessionCreated) {
            created.increment();
        } else if (event instanceof SessionRenewed) {
            renewed.increment();
        } else if (event instanceof SessionExpired) {
            expired.increment();
        } else if (event instanceof LoginRefused refusal) {
            refused.increment(refusal.refusal());
        } else if (event instanceof RevocationRecorded revocation) {
            Objects.requireNonNull(recorded.get(revocation.target().kind()))
                    .increment(revocation.entry().reason());
        } else if (event instanceof RevocationReceived revocation) {
            received.increment(revocation.entry().reason());
        } else if (event instanceof SessionEnded end) {
            ended.increment(end.by().reason());
        } else if (event instanceof RevocationDenied denial) {
            denied.increment(denial.denial());
        } else if (event instanceof RevocationFailed) {
            failed.increment();
        } else if (event instanceof SuspicionRaised raised) {
            suspicions.increment(raised.kind());
        } else if (event instanceof RevokedTokenUsed use) {
            used.increment(use.by());
        }
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        meters.add(new Meter.Counter("curfew.sessions.created", "sessions begun", Map.of(), created::sum));
        meters.add(new Meter.Counter("curfew.sessions.renewed", "signs of life written", Map.of(), renewed::sum));
        meters.add(new Meter.Counter(
                "curfew.sessions.expired", "sessions that time ended, counted when purged", Map.of(), expired::sum));
        meters.addAll(ended.meters(
                "curfew.sessions.ended", "sessions ended by a revocation", REASON, Map.of(), EventMeters::isAct));
        meters.addAll(refused.meters(
                "curfew.logins.refused", "logins refused although their credentials were right", REASON));
        recorded.forEach((kind, counts) -> {
            if (kind != RevocationTarget.Kind.BIRTH) {
                Map<String, String> target = Map.of("target", kind.name().toLowerCase(Locale.ROOT));
                meters.addAll(counts.meters(
                        "curfew.revocations", "revocations recorded", REASON, target, EventMeters::isAct));
            }
        });
        meters.addAll(received.meters("curfew.revocations.received", "revocations that came from other nodes", REASON));
        meters.addAll(denied.meters("curfew.revocations.denied", "revocations denied", REASON));
        meters.add(new Meter.Counter(
                "curfew.revocations.failed", "revocations not known to have happened", Map.of(), failed::sum));
        meters.addAll(
                used.meters("curfew.tokens.revoked.used", "uses of revoked tokens, one a minute for each", REASON));
        meters.addAll(suspicions.meters("curfew.suspicions", "episodes of suspicious activity", "kind"));
        return meters;
    }

    /** Time and the birth of a store end things without anybody's act. */
    private static boolean isAct(RevocationReason reason) {
        return reason != RevocationReason.EXPIRED && reason != RevocationReason.STORE_CREATED;
    }
}
