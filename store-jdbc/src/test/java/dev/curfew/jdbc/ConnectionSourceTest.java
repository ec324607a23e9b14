package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.jdbc.sql.ConnectionSource;
import dev.curfew.jdbc.sql.Deadline;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionSourceTest {
    @Test
    void whoever_waits_too_long_is_freed_also_after_the_watch_has_slept() throws SQLException, InterruptedException {
        try (ConnectionSource source = new ConnectionSource(endlessPool())) {
            for (int time = 0; time < 3; time++) {
                awaitSleepOf(source.watch);

                assertThatThrownBy(() -> source.get(Deadline.in(Duration.ofMillis(50))))
                        .isInstanceOf(SQLTimeoutException.class)
                        .hasMessageContaining("no connection was free in time");
                assertThat(Thread.currentThread().isInterrupted()).isFalse();
            }
        }
    }

    @Test
    void a_closed_source_leaves_no_thread() throws InterruptedException {
        ConnectionSource source = new ConnectionSource(endlessPool());
        Thread watch = source.watch;
        awaitSleepOf(watch);

        source.close();

        watch.join();
    }

    /** Parked without a time, so that an idle store costs nothing. */
    private static void awaitSleepOf(Thread watch) throws InterruptedException {
        while (watch.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private static DataSource endlessPool() {
        return (DataSource) Proxy.newProxyInstance(
                ConnectionSourceTest.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> {
                    try {
                        new CountDownLatch(1).await();
                        throw new AssertionError("nobody counts down");
                    } catch (InterruptedException e) {
                        throw new SQLException("interrupted", e);
                    }
                });
    }
}
