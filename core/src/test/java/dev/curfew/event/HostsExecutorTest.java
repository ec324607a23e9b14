package dev.curfew.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.audit.AuditTrail;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Executors that the host owns are neither ended nor judged, whatever they are. LOG-04. */
@Timeout(60)
class HostsExecutorTest {
    private static final int MANY = 6_000;

    private final Logger logger = (Logger) LoggerFactory.getLogger(EventPublisher.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private static SessionEvent frequent(int number) {
        return new CheckUnanswered("frequent-" + number, Instant.EPOCH, false);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ThreadPoolExecutor pool(LinkedBlockingQueue<Runnable> queue) {
        return new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, queue);
    }

    /** What still runs would write into the log of the next test. */
    private static void end(ExecutorService hosts) throws InterruptedException {
        hosts.shutdown();
        assertThat(hosts.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    static Stream<ExecutorService> services() {
        return Stream.of(
                pool(new LinkedBlockingQueue<>()),
                Executors.newFixedThreadPool(2),
                Executors.newSingleThreadScheduledExecutor(),
                new ForkJoinPool(2));
    }

    @ParameterizedTest
    @MethodSource("services")
    void closing_leaves_the_service_of_the_host_running(ExecutorService hosts) throws Exception {
        CountDownLatch heard = new CountDownLatch(2);
        EventPublisher publisher = EventPublisher.on(List.of(event -> heard.countDown()), hosts);
        publisher.publish(frequent(1));

        publisher.close();

        assertThat(hosts.isShutdown()).isFalse();
        assertThat(hosts.submit(() -> "works").get(30, TimeUnit.SECONDS)).isEqualTo("works");
        publisher.publish(frequent(2));
        await(heard);
        end(hosts);
    }

    @Test
    void what_others_have_queued_is_no_reason_to_lose_events() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch heard = new CountDownLatch(1);
        ThreadPoolExecutor hosts = pool(new LinkedBlockingQueue<>());
        IntStream.range(0, MANY).forEach(i -> hosts.execute(() -> await(released)));
        EventPublisher publisher = EventPublisher.on(List.of(event -> heard.countDown()), hosts);

        assertThat(publisher.publish(frequent(1))).isTrue();

        assertThat(publisher.lost()).isZero();
        released.countDown();
        await(heard);
        end(hosts);
    }

    @Test
    void a_thread_for_each_event_tells_all_of_them() {
        CountDownLatch heard = new CountDownLatch(100);
        Executor threadForEach = work -> new Thread(work, "host").start();
        EventPublisher publisher = EventPublisher.on(List.of(event -> heard.countDown()), threadForEach);

        IntStream.range(0, 100).forEach(i -> publisher.publish(frequent(i)));
        publisher.close();

        await(heard);
        assertThat(publisher.lost()).isZero();
    }

    @Test
    void a_full_pool_that_runs_work_on_its_caller_breaks_nothing() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        List<String> toldHere = new ArrayList<>();
        Thread here = Thread.currentThread();
        ThreadPoolExecutor hosts = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(1), new ThreadPoolExecutor.CallerRunsPolicy());
        SessionEventListener listener = event -> {
            if (Thread.currentThread().equals(here)) {
                toldHere.add(event.id());
                throw new AssertionError("a bug of the host's");
            }
            await(released);
        };
        EventPublisher publisher = EventPublisher.on(List.of(listener), hosts);

        assertThatCode(() -> IntStream.range(0, 5).forEach(i -> publisher.publish(frequent(i))))
                .doesNotThrowAnyException();

        assertThat(toldHere).contains("frequent-3", "frequent-4");
        assertThat(publisher.lost()).isZero();
        assertThat(RequestContext.current()).isSameAs(RequestContext.none());
        released.countDown();
        end(hosts);
    }

    @Test
    void an_executor_that_refuses_is_logged_once_a_minute_and_counted_each_time() {
        EventPublisher publisher = EventPublisher.on(List.of(event -> {}), work -> {
            throw new RejectedExecutionException("full");
        });

        IntStream.range(0, 1_000).forEach(i -> publisher.publish(frequent(i)));

        assertThat(publisher.lost()).isEqualTo(1_000);
        assertThat(log.list).hasSize(1);
    }

    @Test
    void an_executor_that_fails_is_logged_once_a_minute_without_its_stack() {
        EventPublisher publisher = EventPublisher.on(List.of(event -> {}), work -> {
            throw new IllegalStateException("shut down");
        });

        IntStream.range(0, 1_000).forEach(i -> publisher.publish(frequent(i)));

        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getThrowableProxy()).isNull();
        assertThat(log.list.get(0).getFormattedMessage()).contains("shut down");
    }

    @Test
    void a_listener_that_fails_each_time_is_logged_once_a_minute() {
        EventPublisher publisher = EventPublisher.on(
                List.of(event -> {
                    throw new IllegalStateException("no disk");
                }),
                Runnable::run);

        IntStream.range(0, 1_000).forEach(i -> publisher.publish(frequent(i)));

        assertThat(log.list)
                .filteredOn(line -> line.getLevel().isGreaterOrEqual(ch.qos.logback.classic.Level.INFO))
                .hasSize(1);
        assertThat(publisher.lost()).as("the event was told").isZero();
    }

    @Test
    void an_executor_that_refuses_the_sinks_of_the_trail_is_logged_once_a_minute() {
        Logger ofTrail = (Logger) LoggerFactory.getLogger(AuditTrail.class);
        ofTrail.addAppender(log);
        AuditTrail trail = AuditTrail.builder()
                .sink("table", records -> {})
                .repeatWindow(java.time.Duration.ZERO)
                .executor(work -> {
                    throw new RejectedExecutionException("full");
                })
                .build();

        IntStream.range(0, 1_000).forEach(i -> trail.onEvent(frequent(i)));
        ofTrail.detachAppender(log);

        assertThat(log.list).hasSize(1);
        assertThat(log.list.get(0).getThrowableProxy()).isNull();
    }
}
