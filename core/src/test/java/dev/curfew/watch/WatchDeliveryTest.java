package dev.curfew.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ClientId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.SessionStore;
import dev.curfew.token.Caller;
import dev.curfew.watch.WatchNews.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How news reach watchers that are slow, that throw or hang, and that are many. */
@Timeout(120)
class WatchDeliveryTest {
    private static final int MANY = 100_000;
    private static final long BYTES_OF_A_WATCH = 2_000;

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final SessionStore store = InMemorySessionStore.create();
    private final Heard heard = new Heard();

    private WatchingNode node(UnaryOperator<SessionWatches.Builder> settings) {
        store.open(Given.SETTINGS, Given.BIRTH);
        return WatchingNode.over(store, clock, settings);
    }

    private void revoke(WatchingNode node, RevocationTarget target) {
        node.replica.store().revoke(Given.act(target).build(), Precondition.none(), clock.instant());
    }

    private static void revokeSession(WatchingNode node, Caller caller) {
        node.replica
                .store()
                .revoke(
                        Given.act(RevocationTarget.session(caller.session().orElseThrow()))
                                .build(),
                        Precondition.none(),
                        Given.NOW);
    }

    private static SubjectId subject(String name) {
        return Given.subject(name);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static void runNext(BlockingQueue<Runnable> work) {
        try {
            Runnable next = work.poll(60, TimeUnit.SECONDS);
            assertThat(next).as("handed over").isNotNull();
            next.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static Watch watch(SessionWatches watches, Caller caller, SessionWatcher watcher) {
        return (Watch) watches.watch(caller, watcher);
    }

    @Test
    void what_waits_for_a_slow_watcher_is_said_once_and_in_order_and_nothing_is_lost() {
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        try (WatchingNode node = node(settings -> settings.executor(work::add))) {
            Caller caller = node.caller(subject("alice"));
            List<WatchNews> told = new ArrayList<>();
            Watch watch = watch(node.watches, caller, told::add);

            for (int i = 0; i < 100; i++) {
                watch.tell(WatchNews.RENEWED);
                watch.tell(WatchNews.UNSURE);
                watch.tell(WatchNews.SURE);
                watch.tell(WatchNews.SURE);
            }
            watch.tell(WatchNews.UNSURE);
            watch.tell(WatchNews.UNSURE);
            watch.tell(WatchNews.RENEWED);
            revokeSession(node, caller);
            watch.tell(WatchNews.ENDED_BY_TIME);
            watch.tell(WatchNews.RENEWED);

            runNext(work);
            assertThat(told)
                    .containsExactly(
                            WatchNews.RENEWED, WatchNews.UNSURE, WatchNews.revoked(RevocationReason.REVOKED_BY_ADMIN));
            assertThat(work).isEmpty();
        }
    }

    @Test
    void a_watcher_that_is_quick_hears_each_turn() {
        try (WatchingNode node = node(settings -> settings.executor(Runnable::run))) {
            Watch watch = watch(node.watches, node.caller(subject("alice")), heard);

            watch.tell(WatchNews.SURE);
            watch.tell(WatchNews.UNSURE);
            heard.assertNext(Kind.UNSURE);
            watch.tell(WatchNews.SURE);
            heard.assertNext(Kind.SURE);
            watch.tell(WatchNews.RENEWED);
            heard.assertNext(Kind.RENEWED);
            watch.tell(WatchNews.RENEWED);
            heard.assertNext(Kind.RENEWED);
            heard.assertNothing();
        }
    }

    @Test
    void an_executor_that_runs_work_on_its_caller_keeps_neither_who_reads_the_feed_nor_who_revokes() {
        CountDownLatch end = new CountDownLatch(1);
        AtomicReference<Thread> telling = new AtomicReference<>();
        try (WatchingNode node = node(settings -> settings.executor(Runnable::run))) {
            Caller caller = node.caller(subject("alice"));
            watch(node.watches, caller, news -> {
                telling.set(Thread.currentThread());
                await(end);
                heard.onNews(news);
            });

            revokeSession(node, caller);
            node.catchUp();

            heard.assertNothing();
            end.countDown();
            heard.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
            assertThat(telling.get()).isNotEqualTo(Thread.currentThread());
        }
    }

    @Test
    void what_no_thread_can_be_had_for_is_told_with_a_later_round_or_the_next_news() {
        AtomicBoolean isFull = new AtomicBoolean(true);
        WatchDelivery delivery = new WatchDelivery(null, new WatchMeters(), work -> {
            if (isFull.get()) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(work);
        });
        WatchRegistry registry = new WatchRegistry(2, delivery);
        Watch watch = registered(registry, 1, heard);
        Heard another = new Heard();
        Watch next = registered(registry, 2, another);
        watch.tell(WatchNews.RENEWED);
        watch.tell(WatchNews.ENDED_BY_TIME);
        next.tell(WatchNews.UNSURE);
        delivery.handOverAgain();
        heard.assertNothing();

        isFull.set(false);
        next.tell(WatchNews.RENEWED);
        another.assertNext(Kind.UNSURE);
        another.assertNext(Kind.RENEWED);
        heard.assertNothing();
        assertThat(registry.isAtRest()).isFalse();
        delivery.handOverAgain();

        heard.assertNext(Kind.RENEWED);
        heard.assertNext(Kind.ENDED_BY_TIME);
        next.close();
        delivery.close();
        assertThat(registry.isAtRest()).isTrue();
        another.assertNothing();
    }

    @Test
    void a_watcher_is_found_to_hang_by_the_time_of_one_call_and_not_of_all_that_waited() {
        WatchDelivery delivery = new WatchDelivery(null, new WatchMeters());
        WatchRegistry registry = new WatchRegistry(1, delivery);
        CountDownLatch second = new CountDownLatch(1);
        CountDownLatch inSecond = new CountDownLatch(1);
        CountDownLatch inFirst = new CountDownLatch(1);
        CountDownLatch first = new CountDownLatch(1);
        AtomicLong began = new AtomicLong();
        Watch watch = registered(registry, 1, news -> {
            if (news.kind() == Kind.RENEWED) {
                began.set(System.nanoTime());
                inFirst.countDown();
                await(first);
            } else if (news.kind() == Kind.UNSURE) {
                inSecond.countDown();
                await(second);
            }
            heard.onNews(news);
        });
        watch.tell(WatchNews.RENEWED);
        await(inFirst);
        watch.tell(WatchNews.UNSURE);
        while (System.nanoTime() - began.get() < 1_000) {
            Thread.onSpinWait();
        }
        first.countDown();
        await(inSecond);

        delivery.lookAfterHanging(began.get() + Duration.ofSeconds(30).toNanos() + 1);
        assertThat(watch.isOpen()).isTrue();
        delivery.lookAfterHanging(System.nanoTime() + Duration.ofSeconds(31).toNanos());
        assertThat(watch.isOpen()).isFalse();

        second.countDown();
        heard.assertNext(Kind.RENEWED);
        heard.assertNext(Kind.UNSURE);
        heard.assertNext(Kind.CLOSED);
        delivery.close();
    }

    @Test
    void a_watch_that_was_closed_while_it_waited_is_not_told_and_keeps_its_place_until_its_turn() {
        BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
        try (WatchingNode node = node(settings -> settings.executor(work::add).watchesAtMost(1))) {
            Watch watch = watch(node.watches, node.caller(subject("alice")), heard);
            watch.tell(WatchNews.RENEWED);

            watch.close();

            assertThat(node.watches.isTidy()).isFalse();
            runNext(work);
            assertThat(node.watches.isTidy()).isTrue();
            heard.assertNothing();
        }
    }

    @Test
    void a_watcher_may_close_its_own_watch() {
        try (WatchingNode node = node(settings -> settings)) {
            AtomicReference<SessionWatch> own = new AtomicReference<>();
            Watch watch = watch(node.watches, node.caller(subject("alice")), news -> {
                own.get().close();
                heard.onNews(news);
            });
            own.set(watch);

            watch.tell(WatchNews.RENEWED);
            heard.assertNext(Kind.RENEWED);
            watch.tell(WatchNews.RENEWED);

            node.awaitTidy();
            heard.assertNothing();
        }
    }

    @Test
    void what_the_hosts_executor_refuses_is_told_all_the_same_and_is_the_last() {
        AtomicInteger asked = new AtomicInteger();
        try (WatchingNode node = node(settings -> settings.executor(work -> {
            asked.incrementAndGet();
            throw new RejectedExecutionException("full");
        }))) {
            Watch renewed = watch(node.watches, node.caller(subject("alice")), heard);
            Caller bob = node.caller(subject("bob"));
            Heard ofBob = new Heard();
            watch(node.watches, bob, ofBob);

            renewed.tell(WatchNews.RENEWED);
            revokeSession(node, bob);

            heard.assertNext(Kind.RENEWED);
            heard.assertNext(Kind.CLOSED);
            assertThat(renewed.isOpen()).isFalse();
            ofBob.assertRevoked(RevocationReason.REVOKED_BY_ADMIN);
            node.awaitTidy();
            ofBob.assertNothing();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void a_watcher_that_throws_hears_on_and_harms_nobody() {
        try (WatchingNode node = node(settings -> settings)) {
            Watch throwing = watch(node.watches, node.caller(subject("alice")), news -> {
                heard.onNews(news);
                throw new AssertionError("a mistake of the host");
            });
            for (int i = 0; i < 10; i++) {
                throwing.tell(WatchNews.RENEWED);
                heard.assertNext(Kind.RENEWED);
            }
            Heard another = new Heard();
            watch(node.watches, node.caller(subject("bob")), another).tell(WatchNews.RENEWED);

            another.assertNext(Kind.RENEWED);
        }
    }

    @Test
    void watchers_that_hang_are_closed_and_others_are_told_on_new_threads() {
        WatchMeters meters = new WatchMeters();
        WatchDelivery delivery = new WatchDelivery(null, meters);
        WatchRegistry registry = new WatchRegistry(1_000, delivery);
        CountDownLatch end = new CountDownLatch(1);
        CountDownLatch hang = new CountDownLatch(WatchDelivery.THREADS);
        List<Watch> hanging = new ArrayList<>();
        List<Heard> heardByHanging = new ArrayList<>();
        for (int i = 0; i < WatchDelivery.THREADS; i++) {
            Heard one = new Heard();
            heardByHanging.add(one);
            hanging.add(registered(registry, i, news -> {
                hang.countDown();
                await(end);
                one.onNews(news);
            }));
        }
        hanging.forEach(watch -> watch.tell(WatchNews.RENEWED));
        await(hang);
        Watch waiting = registered(registry, 100, heard);
        waiting.tell(WatchNews.RENEWED);
        delivery.lookAfterHanging(System.nanoTime() + Duration.ofSeconds(20).toNanos());
        heard.assertNothing();

        delivery.lookAfterHanging(System.nanoTime() + Duration.ofSeconds(31).toNanos());

        heard.assertNext(Kind.RENEWED);
        assertThat(waiting.isOpen()).isTrue();
        assertThat(hanging).noneMatch(Watch::isOpen);
        end.countDown();
        heardByHanging.forEach(one -> {
            one.assertNext(Kind.RENEWED);
            one.assertNext(Kind.CLOSED);
        });
        waiting.tell(WatchNews.RENEWED);
        heard.assertNext(Kind.RENEWED);
        delivery.close();
    }

    private Watch registered(WatchRegistry registry, long number, SessionWatcher watcher) {
        registry.takePlace();
        Caller caller =
                TestTokens.ours(Given.REALM, clock).draft("subject-" + number).verified();
        WatchEnds ends = WatchEnds.of(caller, caller.forgetAfter(), Duration.ZERO);
        Watch watch = new Watch(number, watcher, caller.facts(), ends, registry);
        registry.add(watch);
        return watch;
    }

    @Test
    void a_hundred_thousand_watches_take_little_and_are_all_told_of_one_revocation() {
        try (WatchingNode node = node(settings -> settings)) {
            Caller caller = node.caller(subject("alice"));
            CountDownLatch told = new CountDownLatch(MANY);
            List<SessionWatch> watches = new ArrayList<>(MANY);
            node.goRound();
            long before = usedBytes();
            for (int i = 0; i < MANY; i++) {
                watches.add(node.watches.watch(caller, news -> told.countDown()));
            }
            long each = (usedBytes() - before) / MANY;
            assertThat(node.watches.size()).isEqualTo(MANY);
            assertThat(each).as("bytes of a watch").isLessThan(BYTES_OF_A_WATCH);

            revoke(node, RevocationTarget.client(new ClientId(Given.REALM, "web")));

            await(told);
            node.awaitTidy();
            assertThat(watches).noneMatch(SessionWatch::isOpen);
        }
    }

    @Test
    void the_watches_of_one_key_are_found_while_others_come_and_go() {
        WatchesByKey byKey = new WatchesByKey();
        LookupKey key = new LookupKey(1, 1);
        WatchRegistry registry = new WatchRegistry(10_000, new WatchDelivery(Runnable::run, new WatchMeters()));
        List<Watch> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(registered(registry, i, heard));
        }
        all.forEach(watch -> byKey.add(key, watch));
        assertThat(byKey.find(key)).containsExactlyInAnyOrderElementsOf(all);
        Collections.shuffle(all, new Random(7));
        while (!all.isEmpty()) {
            Watch gone = all.remove(all.size() - 1);
            byKey.remove(key, gone);
            byKey.remove(key, gone);
            assertThat(byKey.find(key)).hasSize(all.size());
        }
        assertThat(byKey.size()).isZero();
        assertThat(byKey.find(key)).isEmpty();
    }

    private static long usedBytes() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
