package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.ChildProcess;
import dev.curfew.contract.Given;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process is stopped while it holds every lock that the store knows: others fail in time, go on when the server has
 * ended it, and when it wakes it does not believe that it has done anything.
 */
@Timeout(240)
final class SilentNodeTest {
    private static final int TRIES = 30;

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void no_lock_outlives_a_process_that_is_stopped(TestDatabase database) throws Exception {
        String base = Stores.prefix();
        for (HeldLock lock : HeldLock.values()) {
            lock.prepare(SilentNode.node(database.pool(), lock.prefix(base), Duration.ofSeconds(30)));
        }
        try (ChildProcess silent = ChildProcess.start(SilentNode.class, database.url(), base)) {
            Set<HeldLock> held = EnumSet.noneOf(HeldLock.class);
            while (held.size() < HeldLock.values().length) {
                held.add(HeldLock.valueOf(word(silent.await(line -> line.startsWith(SilentNode.HOLDS)))));
            }
            silent.signal("STOP");
            try {
                Map<HeldLock, CompletableFuture<Void>> others = new EnumMap<>(HeldLock.class);
                for (HeldLock lock : HeldLock.values()) {
                    others.put(lock, CompletableFuture.runAsync(() -> goOn(database, lock, base), Stores.OWN_THREADS));
                }
                others.forEach((lock, other) -> assertThat(other).as("%s", lock).succeedsWithin(120, TimeUnit.SECONDS));
            } finally {
                silent.say("go on");
                silent.signal("CONT");
            }
            for (int i = 0; i < HeldLock.values().length; i++) {
                String outcome = silent.await(line -> !line.startsWith(SilentNode.HOLDS));
                assertThat(outcome).startsWith(SilentNode.FAILED).endsWith(StoreUnavailableException.class.getName());
            }
        }
    }

    /** Another node: each try ends in time, and one succeeds although nobody has woken the one that holds the lock. */
    private static void goOn(TestDatabase database, HeldLock lock, String base) {
        HeldLock.Node node = SilentNode.node(database.pool(), lock.prefix(base), Stores.TIMEOUT);
        Throwable last = null;
        for (int i = 0; i < TRIES; i++) {
            long begin = System.nanoTime();
            try {
                if (lock != HeldLock.TABLES_BY_MIGRATION) {
                    node.store().open(Given.SETTINGS, Given.BIRTH);
                }
                lock.act(node);
                return;
            } catch (StoreUnavailableException e) {
                last = e;
                // A migration has a bound of its own.
                if (lock != HeldLock.TABLES_BY_MIGRATION) {
                    assertThat(Duration.ofNanos(System.nanoTime() - begin))
                            .isLessThan(Stores.TIMEOUT.plus(Stores.GRACE));
                }
            } catch (HeldLock.StillThere e) {
                last = e;
                pause();
            }
        }
        throw new AssertionError("the lock is still held", last);
    }

    private static void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String word(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }
}
