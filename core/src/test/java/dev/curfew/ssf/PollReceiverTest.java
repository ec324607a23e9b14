package dev.curfew.ssf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.PollOnTwoNodes;
import dev.curfew.deliver.TlsServer;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The thread around the poller. */
@Timeout(120)
class PollReceiverTest {
    @TempDir
    private Path folder;

    private final SignalHost host = new SignalHost();

    @AfterEach
    void stop() {
        host.close();
    }

    @Test
    void of_two_nodes_one_polls_and_the_other_goes_on_when_it_is_closed() throws InterruptedException {
        InMemorySessionStore store = InMemorySessionStore.create();
        try (PollOnTwoNodes nodes = new PollOnTwoNodes(store, store, folder)) {
            nodes.poll(300);
        }
    }

    @Test
    void closing_does_not_wait_for_a_transmitter_that_is_frozen() throws InterruptedException {
        try (Transmitter transmitter = new Transmitter(TlsServer.certificateOf("localhost", folder))) {
            CountDownLatch asked = new CountDownLatch(1);
            CountDownLatch end = new CountDownLatch(1);
            transmitter.answers(exchange -> {
                asked.countDown();
                try {
                    assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            PollReceiver polling = PollReceiver.of(
                            host.receiver,
                            transmitter.http().timeout(Duration.ofMinutes(1)).build(),
                            transmitter.endpoint())
                    .build();
            polling.start();
            polling.start();
            assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
            long before = System.nanoTime();

            polling.close();

            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(10));
            assertThat(polling.status().isHolder()).isFalse();
            assertThatIllegalStateException().isThrownBy(polling::start);
            polling.close();
            end.countDown();
        }
    }

    @Test
    void one_that_was_never_started_is_closed_and_measured_too() {
        try (Transmitter transmitter = new Transmitter(folder);
                PollReceiver idle = PollReceiver.of(
                                host.receiver, transmitter.http().build(), transmitter.endpoint())
                        .build()) {
            assertThat(idle.status().isHolder()).isFalse();
            assertThat(idle.meters())
                    .extracting(Meter::name)
                    .contains("curfew.ssf.sets", "curfew.ssf.polls", "curfew.ssf.poll.silence");
            assertThat(transmitter.polls()).isEmpty();
        }
    }
}
