package dev.curfew.audit;

import dev.curfew.event.RequestContext;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEventListener;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns every event into an audit record and hands it to sinks, none of which can hold up anything. Thread-safe.
 *
 * <p>A record is made where its event is published, and waits in the queue of each sink alone. That holds 10,000
 * records, half of the places for those that are not of {@linkplain SessionEvent#isLowPriority low priority}; a daemon
 * thread offers them in batches of up to 500. A sink that fails is offered them again, ten times in some four minutes,
 * after that a record is given up at a time; what is lost is counted in {@link #status()} and logged once for each
 * outage and once at its end. At least once: a sink that fails after writing gets the same records again.
 *
 * <p>Flood control: of denied revocations, uses of revoked tokens, unanswered checks and renewals the first passes at
 * once; what follows with the same realm, subject, session, sort of target and reason is counted, and written as one
 * record with a count when the window closes. At most {@link Builder#openWindows} are open for each name of an event; a
 * flood beyond is counted in one record for that name. Windows are closed by the sinks' threads within a second, or
 * before the next record.
 */
public final class AuditTrail implements SessionEventListener, AutoCloseable {
    private final AuditVocabulary vocabulary;
    private final FloodControl floods;
    private final List<SinkRunner> sinks = new ArrayList<>();
    private final Duration closeTimeout;

    private AuditTrail(Builder builder) {
        this.vocabulary = new AuditVocabulary(builder.pseudonyms);
        this.floods = new FloodControl(builder.clock, builder.repeatWindow, builder.renewalWindow, builder.openWindows);
        this.closeTimeout = builder.closeTimeout;
        TroubleLog refusing = new TroubleLog(
                AuditTrail.class,
                "audit sinks wait: the executor refuses to run them",
                "the executor runs the audit sinks again",
                System::nanoTime);
        Executor executor = builder.executor;
        builder.sinks.forEach((name, sink) -> {
            SinkQueue queue = new SinkQueue(name, sink, builder.clock);
            sinks.add(
                    executor == null
                            ? new SinkThread(queue, this::closeWindows, builder.firstPause)
                            : new SinkExecutor(queue, executor, refusing));
        });
    }

    /** {@return a builder of trails, without a sink} */
    public static Builder builder() {
        return new Builder();
    }

    /** What another node did is that node's to tell. */
    @Override
    public boolean hearsReceived() {
        return false;
    }

    /** A sink's queue is the only one that a record waits in. */
    @Override
    public boolean hasOwnQueue() {
        return true;
    }

    @Override
    public void onEvent(SessionEvent event) {
        onEvent(event, RequestContext.current());
    }

    @Override
    public void onEvent(SessionEvent event, RequestContext context) {
        offer(floods.closeSome(), true);
        vocabulary
                .describe(event, context)
                .ifPresent(record -> offer(floods.take(event, record), event.isLowPriority()));
    }

    /** {@return how the sinks are doing, in the order in which they were added} */
    public List<AuditSinkStatus> status() {
        return sinks.stream().map(sink -> sink.queue().status()).toList();
    }

    /**
     * What became of records, for metrics: {@code curfew.audit.records} by sink and result, and {@code
     * curfew.audit.queue}.
     *
     * @return meters, tagged with the names of the sinks
     */
    public List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        for (SinkRunner sink : sinks) {
            SinkQueue queue = sink.queue();
            meters.add(records(queue, "written", () -> queue.status().written()));
            meters.add(records(queue, "lost", () -> queue.status().lost()));
            meters.add(new Meter.Gauge(
                    "curfew.audit.queue",
                    "audit records that wait for their sink",
                    "",
                    Map.of("sink", queue.name()),
                    () -> queue.status().queued()));
        }
        return meters;
    }

    private static Meter records(SinkQueue queue, String result, LongSupplier count) {
        return new Meter.Counter(
                "curfew.audit.records",
                "audit records and what became of them",
                Map.of("sink", queue.name(), "result", result),
                count);
    }

    /**
     * Closes all windows, offers the sinks what waits, gives up after the time that {@link Builder#closeTimeout} sets,
     * and logs how much is lost then. The sinks themselves are the host's and stay open.
     */
    @Override
    public void close() {
        offer(floods.end(), true);
        sinks.forEach(sink -> sink.queue().close());
        long end = System.nanoTime() + closeTimeout.toNanos();
        try {
            for (SinkRunner sink : sinks) {
                sink.finish(end - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // In this order: a sink that takes an interruption for a success has still not written what it was given.
        sinks.forEach(sink -> sink.queue().abandon());
        sinks.forEach(SinkRunner::interrupt);
    }

    private void closeWindows() {
        offer(floods.closeDue(), true);
    }

    private void offer(List<AuditRecord> records, boolean isLowPriority) {
        if (records.isEmpty()) {
            return;
        }
        for (SinkRunner sink : sinks) {
            records.forEach(record -> sink.queue().offer(record, isLowPriority));
            sink.wake();
        }
    }

    /** The settings of an {@link AuditTrail}. Confined to one thread. */
    public static final class Builder {
        private final Map<String, AuditSink> sinks = new LinkedHashMap<>();
        private @Nullable SubjectPseudonyms pseudonyms;
        private @Nullable Executor executor;
        private Clock clock = Clock.systemUTC();
        private Duration repeatWindow = Duration.ofMinutes(1);
        private Duration renewalWindow = Duration.ofHours(1);
        private Duration closeTimeout = Duration.ofSeconds(5);
        private Duration firstPause = Duration.ofSeconds(1);
        private int openWindows = 10_000;

        private Builder() {}

        /**
         * Adds a sink.
         *
         * @param name by which its status, its thread and log lines about it are known; each once
         * @param sink used by one thread at a time
         * @return this
         */
        public Builder sink(String name, AuditSink sink) {
            Objects.requireNonNull(sink, "sink");
            if (sinks.putIfAbsent(Objects.requireNonNull(name, "name"), sink) != null) {
                throw new IllegalArgumentException(
                        "two audit sinks have the name " + name + ": each needs one of its own");
            }
            return this;
        }

        /**
         * Names subjects by pseudonyms in all sinks. Administrators stay in clear.
         *
         * @param value in clear by default
         * @return this
         */
        public Builder pseudonyms(SubjectPseudonyms value) {
            this.pseudonyms = Objects.requireNonNull(value, "pseudonyms");
            return this;
        }

        /**
         * Sets for how long denied revocations, uses of revoked tokens and unanswered checks alike become one record.
         *
         * @param value one minute by default; zero writes each
         * @return this
         */
        public Builder repeatWindow(Duration value) {
            this.repeatWindow = requireNotNegative(value, "repeatWindow");
            return this;
        }

        /**
         * Sets for how long renewals of a session become one record.
         *
         * @param value one hour by default; zero writes each
         * @return this
         */
        public Builder renewalWindow(Duration value) {
            this.renewalWindow = requireNotNegative(value, "renewalWindow");
            return this;
        }

        /**
         * Sets how many windows may be open for each name of an event, which bounds the memory: some 500 bytes each.
         *
         * @param value 10,000 by default
         * @return this
         */
        public Builder openWindows(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("openWindows must be positive");
            }
            this.openWindows = value;
            return this;
        }

        /**
         * Sets for how long {@link AuditTrail#close} waits for the sinks, for all together.
         *
         * @param value 5 seconds by default
         * @return this
         */
        public Builder closeTimeout(Duration value) {
            this.closeTimeout = requireNotNegative(value, "closeTimeout");
            return this;
        }

        /**
         * Sets where sinks run, in place of a thread of its own for each. A sink that hangs then holds up that
         * executor; if it runs work on its caller, whoever publishes an event. Windows are closed by the next event
         * only, and what a sink failed to take is offered again with the next record.
         *
         * @param value for example {@code Runnable::run} in tests
         * @return this
         */
        public Builder executor(Executor value) {
            this.executor = Objects.requireNonNull(value, "executor");
            return this;
        }

        /**
         * Sets the clock by which windows are measured.
         *
         * @param value the system's by default
         * @return this
         */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /** The pause after a first failure; it doubles with each further one. */
        Builder firstPause(Duration value) {
            this.firstPause = value;
            return this;
        }

        /**
         * Makes the trail.
         *
         * @return the trail, to be closed when the application ends
         * @throws IllegalStateException if it has no sink
         */
        public AuditTrail build() {
            if (sinks.isEmpty()) {
                throw new IllegalStateException("AuditTrail needs sink(...): at least one");
            }
            return new AuditTrail(this);
        }

        private static Duration requireNotNegative(Duration value, String name) {
            if (value.isNegative()) {
                throw new IllegalArgumentException(name + " must not be negative");
            }
            return value;
        }
    }
}
