package dev.curfew.token;

import static dev.curfew.token.TokenKeysTest.rsa;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.KeySet;
import dev.curfew.jose.KeySource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an unknown key id may cause: one request at most, and no wait for an issuer that is known to be down. */
@Timeout(120)
class NewerKeysTest {
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final String first = rsa(TestIssuer.RSA.getPublic(), "k1");
    private final String second = rsa(TestIssuer.OTHER_RSA.getPublic(), "k2");
    private final ExecutorService callers = Executors.newCachedThreadPool();
    private JwksServer issuer;
    private KeySource keys;

    @BeforeEach
    void start() throws IOException {
        issuer = new JwksServer(first);
        keys = issuer.keys().source();
    }

    @AfterEach
    void stop() {
        issuer.close();
        callers.shutdownNow();
    }

    @Test
    void what_another_caller_has_loaded_in_the_meantime_is_answered_without_a_request() {
        KeySet old = keys.current();
        issuer.publishes(first, second);
        issuer.advance(JwksServer.MAX_AGE);
        KeySet loaded = keys.current();

        assertThat(keys.newerThan(old)).isSameAs(loaded).isNotSameAs(old);
        assertThat(issuer.requests()).isEqualTo(2);
    }

    @Test
    void a_set_that_did_not_help_is_replaced_once_in_each_interval() {
        KeySet old = keys.current();
        issuer.publishes(first, second);

        assertThat(keys.newerThan(old)).as("just loaded").isSameAs(old);
        issuer.advance(JwksServer.AT_MOST_EVERY);
        KeySet newer = keys.newerThan(old);
        assertThat(newer.hasId("k2")).isTrue();
        assertThat(keys.newerThan(newer)).as("just loaded again").isSameAs(newer);
        assertThat(issuer.requests()).isEqualTo(2);
    }

    @Test
    void before_anything_was_loaded_an_unknown_key_causes_the_first_request() {
        assertThat(keys.newerThan(KeySet.EMPTY).hasId("k1")).isTrue();
        assertThat(issuer.requests()).isEqualTo(1);
    }

    @Test
    void an_issuer_that_fails_leaves_the_set_that_is_known() {
        KeySet old = keys.current();
        issuer.fails();
        issuer.advance(JwksServer.AT_MOST_EVERY);

        assertThat(keys.isFailing()).isFalse();
        assertThat(keys.newerThan(old)).isSameAs(old);
        assertThat(keys.isFailing()).isTrue();
        assertThat(issuer.requests()).isEqualTo(2);
    }

    /** Somebody who sends unknown key ids during an outage must not hold up a thread for each of them. */
    @Test
    void during_an_outage_nobody_waits_and_the_issuer_is_probed_after_a_pause() throws Exception {
        KeySet old = keys.current();
        issuer.fails();
        issuer.advance(JwksServer.AT_MOST_EVERY);
        keys.newerThan(old);
        CountDownLatch gate = issuer.holdsRequests();
        issuer.publishes(first, second);

        issuer.advance(PAUSE.minusNanos(1));
        assertThat(keys.newerThan(old)).isSameAs(old);
        assertThat(issuer.requests()).as("paused, and within the interval").isEqualTo(2);
        issuer.advance(JwksServer.AT_MOST_EVERY);
        assertThat(keys.newerThan(old))
                .as("the probe is held up, the caller is not")
                .isSameAs(old);
        issuer.awaitRequests(3);
        assertThat(keys.newerThan(old)).as("one probe is under way").isSameAs(old);

        gate.countDown();
        KeySet newer = awaitNewer(old);
        assertThat(newer.hasId("k2")).isTrue();
        assertThat(issuer.requests()).isEqualTo(3);
    }

    @Test
    void who_comes_while_a_request_is_under_way_waits_for_it_and_sends_none() throws Exception {
        KeySet old = keys.current();
        issuer.publishes(first, second);
        issuer.advance(JwksServer.AT_MOST_EVERY);
        CountDownLatch gate = issuer.holdsRequests();
        CompletableFuture<KeySet> one = CompletableFuture.supplyAsync(() -> keys.newerThan(old), callers);
        issuer.awaitRequests(2);
        CompletableFuture<KeySet> other = CompletableFuture.supplyAsync(() -> keys.newerThan(old), callers);
        gate.countDown();

        assertThat(one.get(60, TimeUnit.SECONDS).hasId("k2")).isTrue();
        assertThat(other.get(60, TimeUnit.SECONDS)).isSameAs(one.get());
        assertThat(issuer.requests()).isEqualTo(2);
    }

    @Test
    void the_pause_after_a_failure_holds_also_where_the_interval_is_shorter() throws Exception {
        KeySource eager = TokenKeys.remote(
                        issuer.uri(),
                        issuer.options()
                                .refreshAtMostEvery(Duration.ofSeconds(1))
                                .build())
                .source();
        KeySet old = eager.current();
        issuer.fails();
        issuer.advance(Duration.ofSeconds(1));
        assertThat(eager.newerThan(old)).isSameAs(old);
        assertThat(issuer.requests()).isEqualTo(2);
        issuer.publishes(first, second);

        issuer.advance(PAUSE.minusNanos(1));
        assertThat(eager.newerThan(old)).isSameAs(old);
        assertThat(issuer.requests()).isEqualTo(2);
        issuer.advance(Duration.ofNanos(1));
        eager.newerThan(old);
        issuer.awaitRequests(3);
    }

    /** Else an issuer would be out of reach for good after so many waits. */
    @Test
    void a_place_to_wait_is_given_back() {
        KeySource narrow = TokenKeys.remote(
                        issuer.uri(), issuer.options().waitingAtMost(1).build())
                .source();
        for (int i = 0; i < 3; i++) {
            issuer.publishes(i % 2 == 0 ? second : first);
            assertThat(narrow.current().hasId(i % 2 == 0 ? "k2" : "k1")).isTrue();
            issuer.advance(JwksServer.MAX_AGE);
        }
    }

    @Test
    void who_is_interrupted_while_waiting_is_told_and_stays_interrupted() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(KeysUnavailableException.class).isThrownBy(keys::current);
        assertThat(Thread.interrupted()).isTrue();
    }

    private KeySet awaitNewer(KeySet old) {
        KeySet newer = keys.newerThan(old);
        for (int i = 0; i < 60_000 && newer.equals(old); i++) {
            LockSupport.parkNanos(1_000_000);
            newer = keys.newerThan(old);
        }
        return newer;
    }
}
