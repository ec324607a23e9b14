package dev.curfew;

import dev.curfew.audit.AuditSinkStatus;
import dev.curfew.audit.AuditTrail;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.event.EventPublisher;
import dev.curfew.meter.Meter;
import dev.curfew.metered.StoreMeters;
import dev.curfew.replica.IndexStatus;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What a service says of itself: its meters and its health. Thread-safe. */
final class ServiceWatch {
    /** Whose cut-offs a health check asks for, because any will do. */
    private static final SubjectId NOBODY = new SubjectId(Realm.of("health"), "nobody");

    /** A call of a sink that takes so long is a problem. */
    private static final Duration HANGS = Duration.ofSeconds(30);

    private final SessionStore store;
    private final StoreMeters storeMeters;
    private final TokenRevocationChecker checker;
    private final @Nullable RevocationReplica replica;
    private final EventPublisher events;
    private final @Nullable AuditTrail audit;
    private final Clock clock;
    private final LongAdder purgedSessions = new LongAdder();
    private final LongAdder purgedRevocations = new LongAdder();

    ServiceWatch(ServiceParts parts, TokenRevocationChecker checker, Clock clock) {
        this.store = parts.store();
        this.storeMeters = parts.storeMeters();
        this.checker = checker;
        this.replica = parts.replica();
        this.events = parts.events();
        this.audit = parts.audit();
        this.clock = clock;
    }

    void purged(PurgeResult result) {
        purgedSessions.add(result.sessions());
        purgedRevocations.add(result.revocations());
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(checker.meters());
        meters.addAll(events.meters());
        meters.addAll(storeMeters.meters());
        if (replica != null) {
            meters.addAll(replica.meters());
        }
        if (audit != null) {
            meters.addAll(audit.meters());
        }
        meters.add(purged("sessions", purgedSessions));
        meters.add(purged("revocations", purgedRevocations));
        return meters;
    }

    ServiceHealth health() {
        Optional<IndexStatus> index = Optional.ofNullable(replica).map(RevocationReplica::status);
        boolean isReady = index.map(IndexStatus::isFresh).orElseGet(this::doesStoreAnswer);
        List<String> problems = new ArrayList<>();
        index.filter(status -> !status.isFresh()).ifPresent(status -> problems.add(staleness(status)));
        storeMeters.trouble().ifPresent(trouble -> problems.add("the store did not answer the last call: " + trouble));
        Optional.ofNullable(replica)
                .flatMap(RevocationReplica::clockTrouble)
                .ifPresent(difference -> problems.add("the clock of this node is " + difference
                        + " ahead of the store's: one of them is wrong, and nothing is purged meanwhile"));
        index.filter(status -> status.unrecorded() > 0)
                .ifPresent(status -> problems.add(
                        "revocations that only this node knows until the store confirms them: " + status.unrecorded()));
        if (events.lost() > 0) {
            problems.add("events lost since the start, because listeners are too slow: " + events.lost());
        }
        if (audit != null) {
            audit.status().forEach(sink -> addProblems(problems, sink));
        }
        return new ServiceHealth(isReady, problems, index);
    }

    private void addProblems(List<String> problems, AuditSinkStatus sink) {
        Instant called = sink.callSince();
        if (sink.failingSince() != null) {
            problems.add("audit sink " + sink.name() + " fails since " + sink.failingSince());
        } else if (called != null && called.isBefore(clock.instant().minus(HANGS))) {
            problems.add("audit sink " + sink.name() + " does not answer since " + called);
        }
        if (sink.lost() > 0) {
            problems.add("records that audit sink " + sink.name() + " lost since the start: " + sink.lost());
        }
    }

    private boolean doesStoreAnswer() {
        try {
            store.newestCutOff(NOBODY, clock.instant());
            return true;
        } catch (StoreUnavailableException e) {
            return false;
        }
    }

    private static String staleness(IndexStatus status) {
        String error = status.lastError().map(Throwable::getMessage).orElse("no read has ended yet");
        return (status.isComplete()
                        ? "the index of revocations is too old: "
                        : "the index of revocations is not complete: ")
                + error;
    }

    private static Meter purged(String kind, LongAdder count) {
        return new Meter.Counter(
                "curfew.purged", "rows removed by purges of this node", Map.of("kind", kind), count::sum);
    }
}
