package dev.curfew.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.check.WatchedStore;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One node at a time, on several nodes whose clocks agree, differ, stand still or jump. */
class LeaseTest {
    private static final RecordKey KEY = new RecordKey(LookupKey.of("leases"), LookupKey.of("main"));
    private static final Duration SKEW = Duration.ofSeconds(2);
    private static final Duration TERM = Duration.ofSeconds(30);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final LeaseTerms TERMS = LeaseTerms.usual(SKEW, Duration.ofDays(8));

    private final WatchedStore store = new WatchedStore(InMemorySessionStore.create());
    private final SharedRecords records = store.ability(SharedRecords.class).orElseThrow();
    private final Node one = new Node();
    private final Node two = new Node();

    LeaseTest() {
        store.open(Given.SETTINGS, Given.BIRTH);
    }

    /** A node with a wall clock and elapsed time of its own. */
    private final class Node {
        private final ManualClock clock = ManualClock.at(Given.NOW);
        private final Lease lease = new Lease(records, KEY, TERMS, clock, clock.ticker());
    }

    private void pass(Duration time) {
        one.clock.advance(time);
        two.clock.advance(time);
    }

    private static String text(Lease lease) {
        return new String(lease.state().orElseThrow(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void of_two_nodes_one_holds_it() {
        assertThat(one.lease.hold()).isTrue();
        assertThat(two.lease.hold()).isFalse();

        assertThat(one.lease.remaining()).isEqualTo(TERM);
        assertThat(two.lease.remaining()).isZero();
        assertThat(two.lease.state()).isEmpty();
        assertThat(two.lease.advance(bytes("x"))).isFalse();
        assertThat(one.lease.hold()).isTrue();
    }

    @Test
    void it_is_renewed_every_10_seconds_and_costs_nothing_in_between() {
        assertThat(one.lease.hold()).isTrue();
        store.takeCalls();

        pass(Duration.ofSeconds(10).minus(TICK));
        assertThat(one.lease.hold()).isTrue();
        assertThat(store.takeCalls()).isEmpty();
        pass(TICK);
        assertThat(one.lease.hold()).isTrue();

        assertThat(store.takeCalls()).containsExactly("writeRecord");
        assertThat(one.lease.remaining()).isEqualTo(TERM);
    }

    @Test
    void another_node_takes_over_only_after_the_end_and_the_skew() {
        assertThat(one.lease.hold()).isTrue();
        pass(TERM.plus(SKEW).minus(TICK));
        assertThat(one.lease.remaining()).isZero();
        assertThat(two.lease.hold()).isFalse();

        pass(TICK);

        assertThat(two.lease.hold()).isTrue();
        assertThat(one.lease.hold()).isFalse();
    }

    @Test
    void an_act_is_allowed_only_if_it_ends_in_time() {
        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        assertThat(one.lease.hold()).isTrue();

        pass(Duration.ofSeconds(20));
        assertThat(one.lease.allows(Duration.ofSeconds(10).minus(TICK))).isTrue();
        assertThat(one.lease.allows(Duration.ofSeconds(10))).isFalse();
        pass(Duration.ofSeconds(10));
        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        assertThat(one.lease.advance(bytes("too late"))).isFalse();
    }

    @Test
    void the_state_goes_from_holder_to_holder_and_only_the_holder_changes_it() {
        assertThat(one.lease.hold()).isTrue();
        assertThat(text(one.lease)).isEmpty();
        assertThat(one.lease.advance(bytes("page 1"))).isTrue();
        assertThat(one.lease.advance(bytes("page 2"))).isTrue();
        pass(TERM.plus(SKEW));

        assertThat(two.lease.hold()).isTrue();
        assertThat(text(two.lease)).isEqualTo("page 2");
        assertThat(two.lease.advance(bytes("page 3"))).isTrue();
        assertThat(one.lease.advance(bytes("page 2 again"))).isFalse();

        pass(TERM.plus(SKEW));
        assertThat(one.lease.hold()).isTrue();
        assertThat(text(one.lease)).isEqualTo("page 3");
    }

    @Test
    void a_state_is_written_with_a_renewal() {
        assertThat(one.lease.hold()).isTrue();
        pass(Duration.ofSeconds(9));

        assertThat(one.lease.advance(bytes("a"))).isTrue();

        assertThat(one.lease.remaining()).isEqualTo(TERM);
        pass(TERM.plus(SKEW).minus(TICK));
        assertThat(two.lease.hold()).isFalse();
    }

    @Test
    void a_wall_clock_that_stands_still_or_is_set_back_does_not_lengthen_the_term() {
        assertThat(one.lease.hold()).isTrue();
        Instant frozen = one.clock.instant();

        pass(TERM);
        one.clock.set(frozen);
        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        one.clock.set(frozen.minus(Duration.ofHours(1)));
        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        assertThat(one.lease.advance(bytes("x"))).isFalse();
    }

    @Test
    void a_process_that_stood_still_with_its_clocks_changes_nothing_any_more() {
        assertThat(one.lease.hold()).isTrue();
        assertThat(one.lease.advance(bytes("page 1"))).isTrue();
        two.clock.advance(TERM.plus(SKEW));
        assertThat(two.lease.hold()).isTrue();
        assertThat(two.lease.advance(bytes("page 2"))).isTrue();

        assertThat(one.lease.allows(Duration.ofSeconds(10)))
                .as("it may finish one act")
                .isTrue();
        assertThat(one.lease.advance(bytes("page 2 by the other"))).isFalse();

        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        assertThat(two.lease.hold()).isTrue();
        assertThat(text(two.lease)).isEqualTo("page 2");
    }

    @Test
    void a_holder_whose_clock_was_far_ahead_is_waited_for_no_longer_than_a_term() {
        one.clock.set(Given.NOW.plus(Duration.ofDays(3)));
        assertThat(one.lease.hold()).isTrue();
        assertThat(two.lease.hold()).isFalse();
        two.clock.advance(TERM.plus(SKEW).minus(TICK));
        assertThat(two.lease.hold()).isFalse();

        two.clock.advance(TICK);

        assertThat(two.lease.hold()).isTrue();
    }

    @Test
    void a_holder_whose_clock_is_far_ahead_and_that_renews_is_left_alone() {
        one.clock.set(Given.NOW.plus(Duration.ofDays(3)));
        for (int i = 0; i < 20; i++) {
            assertThat(one.lease.hold()).isTrue();
            assertThat(two.lease.hold()).isFalse();
            pass(Duration.ofSeconds(10));
        }
    }

    @Test
    void a_lease_that_is_released_is_taken_at_once_with_its_state() {
        assertThat(one.lease.hold()).isTrue();
        assertThat(one.lease.advance(bytes("page 1"))).isTrue();

        one.lease.release();

        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        assertThat(two.lease.hold()).isTrue();
        assertThat(text(two.lease)).isEqualTo("page 1");
        one.lease.release();
        assertThat(two.lease.advance(bytes("page 2"))).isTrue();
    }

    @Test
    void a_holder_that_the_store_does_not_answer_holds_on_to_the_end_of_its_term() {
        assertThat(one.lease.hold()).isTrue();
        store.before(verb -> {
            throw new StoreUnavailableException(verb, null);
        });
        pass(Duration.ofSeconds(15));

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(one.lease::hold);
        assertThat(one.lease.remaining()).isEqualTo(Duration.ofSeconds(15));
        pass(Duration.ofSeconds(15));
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(one.lease::hold);
        assertThat(one.lease.remaining()).isZero();

        store.before(verb -> {});
        assertThat(one.lease.hold()).isTrue();
    }

    @Test
    void a_renewal_and_a_state_whose_answers_were_lost_are_found_again() {
        assertThat(one.lease.hold()).isTrue();
        store.after(verb -> {
            if (verb.equals("writeRecord")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        pass(Duration.ofSeconds(15));
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> one.lease.advance(bytes("written")));
        assertThat(one.lease.remaining()).isEqualTo(Duration.ofSeconds(15));
        store.after(verb -> {});

        assertThat(one.lease.hold()).isTrue();

        assertThat(text(one.lease)).isEqualTo("written");
        assertThat(one.lease.remaining()).isEqualTo(TERM);
        assertThat(one.lease.advance(bytes("next"))).isTrue();
    }

    @Test
    void a_lease_whose_first_write_had_no_answer_is_its_writers() {
        store.after(verb -> {
            if (verb.equals("writeRecord")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(one.lease::hold);
        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
        store.after(verb -> {});

        assertThat(two.lease.hold()).isFalse();
        assertThat(one.lease.hold()).isTrue();
    }

    @Test
    void a_lease_that_was_forgotten_begins_anew_without_a_state() {
        assertThat(one.lease.hold()).isTrue();
        assertThat(one.lease.advance(bytes("page 1"))).isTrue();
        pass(Duration.ofDays(8));

        assertThat(two.lease.hold()).isTrue();

        assertThat(text(two.lease)).isEmpty();
        assertThat(one.lease.hold()).isFalse();
    }

    @Test
    void what_is_no_lease_is_refused_and_taken_once_nobody_has_written_it_for_a_term() {
        for (byte[] rubbish : List.of(new byte[0], new byte[] {1, 2}, new byte[25])) {
            writeRubbish(rubbish);
            refused();
            pass(TERM);
            writeRubbish(rubbish);
            refused();
            pass(TERM.plus(SKEW).minus(TICK));
            refused();

            pass(TICK);

            assertThat(one.lease.hold()).isTrue();
            assertThat(text(one.lease)).isEmpty();
            assertThat(one.lease.advance(bytes("x"))).isTrue();
            assertThat(two.lease.hold()).isFalse();
            one.lease.release();
        }
    }

    private void writeRubbish(byte[] rubbish) {
        Instant now = one.clock.instant();
        long version = records.read(KEY, now).map(found -> found.version()).orElse(0L);
        assertThat(records.write(KEY, version, rubbish, now.plus(Duration.ofDays(1)), now))
                .isTrue();
    }

    private void refused() {
        assertThatExceptionOfType(UndecodableRecordException.class)
                .isThrownBy(one.lease::hold)
                .withMessageContaining(KEY.item().toString());
        assertThat(one.lease.allows(Duration.ZERO)).isFalse();
    }

    @Test
    void terms_that_cannot_be_kept_are_refused() {
        Duration day = Duration.ofDays(1);
        assertThatIllegalArgumentException().isThrownBy(() -> new LeaseTerms(TERM, TERM, SKEW, day));
        assertThatIllegalArgumentException().isThrownBy(() -> new LeaseTerms(TERM, TICK.negated(), SKEW, day));
        assertThatIllegalArgumentException().isThrownBy(() -> new LeaseTerms(TERM, TICK, TICK.negated(), day));
        assertThatIllegalArgumentException().isThrownBy(() -> new LeaseTerms(TERM, TICK, SKEW, TERM.plus(SKEW)));
    }

    /** Clocks that differ by the skew at most, nodes that come and go: two never may act at one time. */
    @Test
    void in_random_histories_two_nodes_never_hold_it_at_once() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            store.replaceBy(InMemorySessionStore.create());
            store.open(Given.SETTINGS, Given.BIRTH);
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Node node = new Node();
                node.clock.set(Given.NOW.plusMillis(random.nextInt((int) SKEW.toMillis() + 1)));
                nodes.add(node);
            }
            int holders = 0;
            for (int step = 0; step < 120; step++) {
                Duration passed = Duration.ofMillis(random.nextInt(9_000));
                nodes.forEach(node -> node.clock.advance(passed));
                Node acting = nodes.get(random.nextInt(4));
                switch (random.nextInt(8)) {
                    case 0 -> acting.lease.release();
                    case 1, 2 -> acting.lease.advance(bytes("step " + step));
                    default -> holders += acting.lease.hold() ? 1 : 0;
                }
                assertThat(nodes.stream().filter(node -> node.lease.allows(Duration.ZERO)))
                        .as("seed %s, step %s", seed, step)
                        .hasSizeLessThanOrEqualTo(1);
            }
            assertThat(holders).as("seed %s", seed).isPositive();
        }
    }

    @Test
    void of_8_nodes_that_find_it_free_at_once_one_takes_it() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 50; round++) {
                List<Node> nodes = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    Node node = new Node();
                    node.clock.set(Given.NOW.plus(TERM.plus(SKEW).multipliedBy(round)));
                    nodes.add(node);
                }
                CyclicBarrier start = new CyclicBarrier(8);
                List<Callable<Boolean>> tasks = nodes.stream()
                        .<Callable<Boolean>>map(node -> () -> {
                            start.await(60, TimeUnit.SECONDS);
                            return node.lease.hold();
                        })
                        .toList();
                int held = 0;
                for (Future<Boolean> answer : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
                    held += answer.get() ? 1 : 0;
                }
                assertThat(held).as("round %s", round).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
