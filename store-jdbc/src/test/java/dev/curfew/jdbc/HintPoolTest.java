package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.jdbc.audit.AuditSinks;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.CurfewException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The connection that hints take on PostgreSQL: it is nobody's leak, starves nobody, and goes without a word. */
@Timeout(120)
final class HintPoolTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).addAppender(log);
    }

    @AfterEach
    void end() {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAppender(log);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void a_small_pool_is_enough_for_a_replica_with_hints(int size) {
        String prefix = Stores.prefix();
        Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        try (HikariDataSource pool = Pools.of(Postgres.url(), size, config -> config.setConnectionTimeout(30_000));
                JdbcSessionStore store =
                        JdbcSessionStore.on(pool).prefix(prefix).build()) {
            store.open(Given.SETTINGS, Given.BIRTH);
            try (RevocationReplica replica = RevocationReplica.of(store, Given.SETTINGS)
                    .loadWithin(Duration.ofSeconds(60))
                    .start()) {
                for (int i = 0; i < 20; i++) {
                    GivenSession session = Stores.login(store, Given.subject("alice"));
                    assertThat(store.find(session.ref(), Given.NOW)).isPresent();
                }
                assertThat(replica.status().lastError()).isEmpty();
            }
        }
    }

    /** As a server does that is a standby by now. A pool that resets nothing would lend it so to the host. */
    @Test
    void a_server_that_refuses_to_listen_gets_the_connection_back_as_it_was() throws Exception {
        Semaphore returned = new Semaphore(0);
        try (HikariDataSource pool = Pools.of(Postgres.url(), 1, config -> config.setAutoCommit(false));
                JdbcSessionStore store = JdbcSessionStore.on(TestDatabase.POSTGRESQL.pool())
                        .prefix(Stores.prefix())
                        .hintsFrom(RefusingSource.of(pool, "LISTEN", connection -> {
                            assertThat(connection.getAutoCommit()).isFalse();
                            assertThat(connection.getNetworkTimeout()).isZero();
                            returned.release();
                        }))
                        .build();
                AutoCloseable listening = store.hints(() -> {})) {
            assertThat(listening).isNotNull();
            assertThat(returned.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void hints_come_from_a_source_of_their_own_or_not_at_all_if_the_host_says_so() throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore writer = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        Semaphore hints = new Semaphore(0);
        try (HikariDataSource one = Pools.of(Postgres.url(), 1);
                HikariDataSource own = Pools.of(Postgres.url(), 1);
                JdbcSessionStore store =
                        JdbcSessionStore.on(one).prefix(prefix).hintsFrom(own).build();
                JdbcSessionStore none =
                        JdbcSessionStore.on(one).prefix(prefix).withoutHints().build();
                AutoCloseable listening = store.hints(hints::release);
                AutoCloseable nothing = none.hints(() -> {
                    throw new AssertionError("a hint");
                })) {
            assertThat(hints.tryAcquire(20, TimeUnit.SECONDS))
                    .as("the first connection")
                    .isTrue();
            assertThat(one.getHikariPoolMXBean().getActiveConnections()).isZero();
            Stores.revoke(writer, "alice");
            assertThat(hints.tryAcquire(20, TimeUnit.SECONDS))
                    .as("a revocation")
                    .isTrue();
            assertThat(List.of(listening, nothing)).hasSize(2);
        }
        assertThat(warnings()).isEmpty();
    }

    @Test
    void no_leak_is_detected_and_the_end_is_silent() throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore writer = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        Semaphore hints = new Semaphore(0);
        try (HikariDataSource pool = Pools.of(Postgres.url(), 2, config -> config.setLeakDetectionThreshold(2_000))) {
            try (JdbcSessionStore store =
                    JdbcSessionStore.on(pool).prefix(prefix).build()) {
                assertThat(store.hints(hints::release)).isNotNull();
                assertThat(hints.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                for (int i = 0; i < 5; i++) {
                    TimeUnit.SECONDS.sleep(1);
                    Stores.revoke(writer, "alice");
                }
                assertThat(hints.tryAcquire(20, TimeUnit.SECONDS))
                        .as("a revocation")
                        .isTrue();
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
        assertThat(warnings()).isEmpty();
        assertThat(threads()).isEmpty();
    }

    @Test
    void a_failed_start_leaves_no_thread() {
        try (HikariDataSource pool = Pools.of(Postgres.url(), 2)) {
            String prefix = Stores.prefix();
            Stores.opened(pool, prefix);
            try (JdbcSessionStore store =
                    JdbcSessionStore.on(pool).prefix(prefix).build()) {
                store.open(Given.SETTINGS, Given.BIRTH);
                AuditSinks.execute(TestDatabase.POSTGRESQL, "DROP TABLE " + prefix + "revocation");
                assertThatExceptionOfType(CurfewException.class)
                        .isThrownBy(() -> RevocationReplica.of(store, Given.SETTINGS)
                                .loadWithin(Duration.ofSeconds(1))
                                .start());
                assertThat(threads()).isEmpty();
            } catch (java.sql.SQLException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("curfew-hints"))
                .toList();
    }

    private List<String> warnings() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::toString)
                .toList();
    }
}
