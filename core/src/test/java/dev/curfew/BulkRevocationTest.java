package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.contract.ManualClock;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.BulkPlan;
import dev.curfew.subject.BulkProgress;
import dev.curfew.subject.BulkResult;
import dev.curfew.subject.BulkResult.State;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The end of many subjects' sessions in one go. */
class BulkRevocationTest {
    private static final BulkProgress ON = (done, failed) -> true;

    private final TestHost host = TestHost.start();
    private final List<SubjectId> people = IntStream.range(0, 10)
            .mapToObj(number -> host.tokens.subject("person-" + number))
            .toList();

    private BulkPlan plan() {
        return host.service.subjects().beginBulk(TestHost.BY_ADMIN);
    }

    private BulkResult run(BulkPlan plan, Iterable<SubjectId> subjects) {
        return host.service.subjects().revokeAll(plan, subjects, ON);
    }

    private List<VerifiedToken> loginAll() {
        return people.stream().map(host::loginToken).toList();
    }

    private void beforeRevoke(Runnable hook) {
        host.store.before(verb -> {
            if (verb.equals("revoke")) {
                hook.run();
            }
        });
    }

    private Set<String> endsTold() {
        return host.events(SessionEnded.class).stream().map(SessionEnded::id).collect(Collectors.toSet());
    }

    private static BulkProgress every(int step, BulkProgress progress) {
        return new BulkProgress() {
            @Override
            public boolean goesOn(long done, long failed) {
                return progress.goesOn(done, failed);
            }

            @Override
            public int every() {
                return step;
            }
        };
    }

    @Test
    void everything_of_all_of_them_ends_at_one_round_trip_each_with_its_events() {
        List<VerifiedToken> tokens = loginAll();
        VerifiedToken spared = host.loginToken(host.alice);
        BulkPlan plan = plan();
        host.store.takeCalls();

        BulkResult result = run(plan, people);

        assertThat(host.store.takeCalls().stream().filter("revoke"::equals)).hasSize(10);
        assertThat(result.state()).isEqualTo(State.FINISHED);
        assertThat(result.isComplete()).isTrue();
        assertThat(result.done()).isEqualTo(10);
        assertThat(result.ended()).isEqualTo(10);
        assertThat(result.unreached()).isZero();
        host.assertRevoked(tokens.toArray(VerifiedToken[]::new));
        host.assertActive(spared);
        assertThat(host.events(SessionEnded.class))
                .hasSize(10)
                .allSatisfy(ended -> assertThat(ended.by().reason()).isEqualTo(RevocationReason.REVOKED_BY_ADMIN));
    }

    @Test
    void a_login_that_was_pushed_ahead_on_a_faster_node_before_the_bulk_is_covered() {
        Instant start = host.now();
        ManualClock fast = ManualClock.at(start.plus(TestHost.NODE_SKEW));
        SessionService fastNode = host.node(fast, builder -> builder);
        fastNode.revokeAllSessions(people.get(0), TestHost.BY_ADMIN);
        VerifiedToken pushed = host.tokens.of(fastNode.beginLogin(people.get(0))
                .complete(DeviceInfo.unknown())
                .orElseThrow());

        BulkPlan plan = plan();
        run(plan, people);

        assertThat(plan.issuedBefore())
                .isEqualTo(start.plus(TestHost.NODE_SKEW.multipliedBy(2)).plusSeconds(1));
        host.assertRevoked(pushed);
    }

    @Test
    void a_subject_whose_older_cut_off_lies_ahead_of_the_plan_is_counted_and_a_later_bulk_covers_it() {
        ManualClock fast = ManualClock.at(host.now().plus(TestHost.NODE_SKEW));
        Subjects fastNode = host.node(fast, builder -> builder).subjects();
        fastNode.revokeAll(fastNode.beginBulk(TestHost.BY_ADMIN), List.of(people.get(0)), ON);
        VerifiedToken pushed = host.loginToken(people.get(0));

        BulkPlan plan = plan();
        BulkResult result = run(plan, people);

        assertThat(result.state()).isEqualTo(State.FINISHED);
        assertThat(result.done()).isEqualTo(10);
        assertThat(result.overtaken()).isEqualTo(1);
        assertThat(result.isComplete()).isFalse();

        host.clock.advance(Duration.between(host.now(), plan.issuedBefore()).plusMillis(1));
        BulkResult another = run(plan(), people);

        assertThat(another.isComplete()).isTrue();
        host.assertRevoked(pushed);
    }

    @Test
    void one_that_was_ended_once_more_after_the_bulk_was_begun_is_not_overtaken() {
        loginAll();
        BulkPlan plan = plan();
        host.clock.advance(Duration.ofDays(1));
        host.service.revokeAllSessions(people.get(0), TestHost.BY_ADMIN);

        BulkResult result = run(plan, people);

        assertThat(result.overtaken()).isZero();
        assertThat(result.isComplete()).isTrue();
    }

    @Test
    void a_subject_that_is_null_interrupts_it_and_its_position_is_told() {
        BulkResult result = run(plan(), Arrays.asList(people.get(0), null, people.get(1)));

        assertThat(result.state()).isEqualTo(State.INTERRUPTED);
        assertThat(result.position()).isEqualTo(1);
        assertThat(result.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).hasMessageContaining("position 1"));
    }

    @Test
    void a_run_that_is_repeated_on_another_node_after_days_ends_nothing_that_began_since() {
        loginAll();
        BulkPlan plan = plan();
        run(plan, people);
        host.clock.advance(Duration.ofDays(20));
        List<VerifiedToken> later = loginAll();
        Set<String> told = endsTold();

        BulkPlan kept = BulkPlan.parse(plan.toString()).orElseThrow();
        SessionService otherNode = host.node(host.clock, builder -> builder);
        BulkResult again = otherNode.subjects().revokeAll(kept, people, ON);

        assertThat(again.isComplete()).isTrue();
        assertThat(again.ended()).isZero();
        host.assertActive(later.toArray(VerifiedToken[]::new));
        assertThat(told).hasSize(10).isEqualTo(endsTold());
    }

    @Test
    void an_outage_stops_it_where_it_was_and_from_there_it_is_resumed() {
        List<VerifiedToken> tokens = loginAll();
        AtomicInteger calls = new AtomicInteger();
        beforeRevoke(() -> {
            if (calls.incrementAndGet() > 4) {
                throw StoreUnavailableException.ofWrite("revoke", null);
            }
        });
        BulkPlan plan = plan();

        BulkResult broken = run(plan, people);

        assertThat(broken.state()).isEqualTo(State.INTERRUPTED);
        assertThat(broken.isComplete()).isFalse();
        assertThat(broken.position()).isEqualTo(4);
        assertThat(broken.trouble()).containsInstanceOf(StoreUnavailableException.class);

        host.store.recover();
        BulkResult rest = run(plan, people.subList((int) broken.position(), people.size()));

        assertThat(rest.isComplete()).isTrue();
        assertThat(broken.ended() + rest.ended()).isEqualTo(10);
        host.assertRevoked(tokens.toArray(VerifiedToken[]::new));
    }

    @Test
    void its_progress_is_told_after_each_so_many_and_may_stop_it() {
        loginAll();
        List<Long> told = new ArrayList<>();

        BulkResult result = host.service.subjects().revokeAll(plan(), people, every(3, (done, failed) -> {
            told.add(done);
            return done < 6;
        }));

        assertThat(told).containsExactly(3L, 6L);
        assertThat(result.state()).isEqualTo(State.STOPPED);
        assertThat(result.position()).isEqualTo(6);
        assertThat(host.handlesOf(people.get(5))).isEmpty();
        assertThat(host.handlesOf(people.get(6))).hasSize(1);
    }

    @Test
    void one_that_is_stopped_after_its_last_subject_is_finished() {
        assertThat(host.service.subjects().revokeAll(plan(), people, every(5, (done, failed) -> done < 10)))
                .satisfies(result -> assertThat(result.isComplete()).isTrue());
    }

    @Test
    void a_subject_that_cannot_be_dealt_with_is_named_and_hinders_no_other_one() {
        loginAll();
        AtomicInteger calls = new AtomicInteger();
        beforeRevoke(() -> {
            if (calls.incrementAndGet() == 3) {
                throw new InvalidIdentifierException("stands for a damaged row");
            }
        });
        List<Long> failures = new ArrayList<>();

        BulkResult result = host.service.subjects().revokeAll(plan(), people, every(5, (done, failed) -> {
            failures.add(failed);
            return true;
        }));

        assertThat(result.state()).isEqualTo(State.FINISHED);
        assertThat(result.isComplete()).isFalse();
        assertThat(result.done()).isEqualTo(9);
        assertThat(result.failed()).containsExactly(people.get(2));
        assertThat(result.position()).isEqualTo(10);
        assertThat(failures).containsExactly(1L, 1L);
        assertThat(host.handlesOf(people.get(2))).hasSize(1);
    }

    @Test
    void a_source_of_subjects_that_fails_interrupts_it_and_costs_no_position() {
        Iterable<SubjectId> failing = () -> new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public SubjectId next() {
                if (next == 2) {
                    throw new NoSuchElementException("the cursor is closed");
                }
                return people.get(next++);
            }
        };

        BulkResult result = run(plan(), failing);

        assertThat(result.state()).isEqualTo(State.INTERRUPTED);
        assertThat(result.position()).isEqualTo(2);
        assertThat(result.trouble()).containsInstanceOf(NoSuchElementException.class);
    }

    @Test
    void a_plan_of_the_future_is_refused_before_anything_happens() {
        BulkPlan plan = plan();
        BulkPlan later = new BulkPlan(
                plan.operation(),
                plan.reason(),
                plan.actor(),
                plan.begunAt(),
                plan.issuedBefore().plus(Duration.ofSeconds(3)));
        host.store.takeCalls();

        assertThatIllegalArgumentException().isThrownBy(() -> run(later, people));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.service.subjects().revokeAll(plan, people, every(0, ON)));

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    @Timeout(120)
    void slow_listeners_hold_it_up_and_miss_nothing() throws InterruptedException {
        List<SubjectId> many = IntStream.range(0, 1_200)
                .mapToObj(number -> host.tokens.subject("one-of-many-" + number))
                .toList();
        many.forEach(host::login);
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger heard = new AtomicInteger();
        ThreadPoolExecutor bounded =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(1_100));
        SessionService node = host.node(
                host.clock,
                builder -> builder.eventExecutor(bounded).listener(event -> {
                    awaitLatch(released);
                    heard.addAndGet(event instanceof SessionEnded ? 1 : 0);
                }));
        List<BulkResult> results = new CopyOnWriteArrayList<>();
        Thread bulk = new Thread(() -> results.add(node.subjects().revokeAll(plan(), many, ON)));
        bulk.start();
        while (bulk.getState() != Thread.State.TIMED_WAITING && bulk.isAlive()) {
            Thread.onSpinWait();
        }
        released.countDown();
        bulk.join();
        bounded.shutdown();
        assertThat(bounded.awaitTermination(60, TimeUnit.SECONDS)).isTrue();

        assertThat(results)
                .singleElement()
                .satisfies(result -> assertThat(result.isComplete()).isTrue());
        assertThat(node.eventsLost()).isZero();
        assertThat(heard).hasValue(1_200);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void subjects_that_tokens_do_not_name_are_counted_apart() {
        SubjectId unknownRealm = new SubjectId(Realm.of("nobody"), "alice");

        BulkResult result = run(plan(), List.of(unknownRealm, people.get(0)));

        assertThat(result.done()).isEqualTo(2);
        assertThat(result.unreached()).isEqualTo(1);
    }
}
