package dev.curfew;

import dev.curfew.audit.AuditSinkStatus;
import dev.curfew.audit.AuditTrail;
import dev.curfew.node.EventDelivery;
import dev.curfew.node.OpenedStore;
import dev.curfew.replica.IndexStatus;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells whether a service can do its work, and what is wrong. Thread-safe. */
final class ServiceStatus {
    /** Whose cut-offs a health check asks for, because any will do. */
    private static final SubjectId NOBODY = new SubjectId(Realm.of("health"), "nobody");

    /** A call of a sink that takes so long is a problem. */
    private static final Duration HANGS = Duration.ofSeconds(30);

    private final OpenedStore opened;
    private final EventDelivery delivery;
    private final Clock clock;
    private volatile boolean isClosed;

    ServiceStatus(OpenedStore opened, EventDelivery delivery, Clock clock) {
        this.opened = opened;
        this.delivery = delivery;
        this.clock = clock;
    }

    /** Whatever it still answers, it follows the store no more. */
    void close() {
        isClosed = true;
    }

    ServiceHealth health() {
        Optional<IndexStatus> index = opened.replica().map(RevocationReplica::status);
        boolean isReady = !isClosed && index.map(IndexStatus::isFresh).orElseGet(this::doesStoreAnswer);
        List<String> problems = new ArrayList<>();
        if (isClosed) {
            problems.add("the service is closed: close it after everything that uses it, and use it no more");
        }
        index.filter(status -> !isClosed && !status.isFresh()).ifPresent(status -> problems.add(staleness(status)));
        opened.trouble().ifPresent(trouble -> problems.add("the store did not answer the last call: " + trouble));
        opened.replica()
                .flatMap(RevocationReplica::clockTrouble)
                .ifPresent(difference -> problems.add("the clock of this node is " + difference
                        + " ahead of the store's: one of them is wrong, and nothing is purged meanwhile"));
        index.filter(status -> status.unrecorded() > 0)
                .ifPresent(status -> problems.add(
                        "revocations that only this node knows until the store confirms them: " + status.unrecorded()));
        long lost = delivery.publisher().lost();
        if (lost > 0) {
            problems.add("events lost since the start, because listeners are too slow: " + lost);
        }
        delivery.auditTrail()
                .map(AuditTrail::status)
                .ifPresent(sinks -> sinks.forEach(sink -> addProblems(problems, sink)));
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
            opened.store().newestCutOff(NOBODY, clock.instant());
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
}
