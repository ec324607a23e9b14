package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.store.StoreUnavailableException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Failures name what an operator can mend, and only writes say that they may have happened. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutageTextTest {
    private static final Instant NOW = Given.NOW;
    private static final String PASSWORD = "only-of-this-test";

    @Test
    void a_wrong_password_is_named_and_what_to_check() {
        try (RedisServer server = RedisServer.start()) {
            server.send("CONFIG SET requirepass " + PASSWORD);
            RedisURI uri = RedisURI.builder(server.uri())
                    .withPassword("another".toCharArray())
                    .build();
            isRefused(uri, "WRONGPASS");
            isRefused(server.uri(), "NOAUTH");
        }
    }

    @Test
    void an_unknown_host_is_named_and_what_to_check() {
        isRefused(RedisURI.create("nowhere.invalid", 6379), "unknown host");
    }

    @Test
    void a_port_where_nobody_listens_is_named_and_what_to_check() {
        isRefused(RedisURI.create("127.0.0.1", 1), "refused");
    }

    private static void isRefused(RedisURI uri, String cause) {
        RedisClient client = RedisClient.create(uri);
        Consumer<StoreUnavailableException> says = failure -> assertThat(failure)
                .hasMessageContaining(cause)
                .hasMessageContaining("user and password, TLS")
                .hasMessageNotContaining("another")
                .hasMessageNotContaining("not known to have happened");
        try {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> RedisSessionStore.on(client).build())
                    .satisfies(says);
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> RedisRateLimiter.on(client, "l", 1, Duration.ofMinutes(1)))
                    .satisfies(says);
        } finally {
            client.shutdown();
        }
    }

    @Test
    void a_primary_without_enough_replicas_is_named_and_only_writes_may_have_happened() {
        isNamed("CONFIG SET min-replicas-to-write 1", "NOREPLICAS");
    }

    @Test
    void a_full_server_is_named() {
        isNamed("CONFIG SET maxmemory 1", "OOM");
    }

    private static void isNamed(String trouble, String cause) {
        withStore((server, store) -> {
            GivenSession session = Stores.insert(store, "alice", NOW);
            server.send(trouble);
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> Stores.revoke(store, session.target(), NOW))
                    .withMessageContaining(cause)
                    .withMessageContaining("not known to have happened, safe to repeat")
                    .satisfies(failure -> assertThat(failure.mayHaveHappened()).isTrue());
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> Stores.insert(store, "bob", NOW))
                    .withMessageContaining(cause)
                    .withMessageContaining("not known to have happened, safe to repeat");
        });
    }

    @Test
    void a_server_that_became_a_replica_is_named_also_when_time_runs_out_between_two_tries() {
        withStore((server, store) -> {
            GivenSession session = Stores.insert(store, "alice", NOW);
            server.send("REPLICAOF 127.0.0.1 1");
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> Stores.revoke(store, session.target(), NOW))
                    .withMessageContaining("replica")
                    .withMessageContaining("not known to have happened, safe to repeat");
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.revocationsCovering(session.token("t"), NOW))
                    .withMessageContaining("replica")
                    .withMessageNotContaining("not known to have happened");
        });
    }

    @Test
    void a_server_that_hangs_is_said_not_to_answer() {
        withStore((server, store) -> {
            GivenSession session = Stores.insert(store, "alice", NOW);
            server.pause();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.find(session.ref(), NOW))
                    .withMessageContaining("find (TimeoutException: no answer within 1000 ms)");
            server.resume();
        });
    }

    /** To find its bucket, all partitions are asked first; that is a read, too. */
    @Test
    void a_find_of_a_foreign_session_without_a_subject_is_said_to_have_changed_nothing() {
        withStore((server, store) -> {
            server.pause();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(
                            () -> store.find(SessionRef.ofUnknownSubject(Given.REALM, new ForeignSessionId("f")), NOW))
                    .withMessageContaining("find (")
                    .satisfies(failure -> assertThat(failure.mayHaveHappened()).isFalse());
            server.resume();
        });
    }

    @Test
    void calls_that_are_not_counted_are_logged_once_and_not_each() {
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            Logger logger = (Logger) LoggerFactory.getLogger(RedisRateLimiter.class);
            logger.setLevel(Level.INFO);
            ListAppender<ILoggingEvent> lines = new ListAppender<>();
            lines.start();
            logger.addAppender(lines);
            try (RedisRateLimiter limiter = RedisRateLimiter.on(client, "l", 1_000, Duration.ofMinutes(1))) {
                server.send("CONFIG SET maxmemory 1");
                for (int i = 0; i < 20; i++) {
                    RateLimitKey key = new RateLimitKey(RateLimitKey.Action.LIST, "caller-" + i);
                    assertThat(limiter.tryAcquire(key, NOW).isPermitted()).isTrue();
                }
                assertThat(lines.list)
                        .singleElement()
                        .satisfies(
                                line -> assertThat(line.getFormattedMessage()).contains("without counting", "OOM"));
            } finally {
                logger.detachAppender(lines);
                logger.setLevel(null);
                client.shutdown();
            }
        }
    }

    private interface Step {
        void with(RedisServer server, RedisSessionStore store);
    }

    private static void withStore(Step step) {
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            try (RedisSessionStore store =
                    Stores.opened(RedisSessionStore.on(client).partitions(2).callTimeout(Duration.ofSeconds(1)))) {
                step.with(server, store);
            } finally {
                client.shutdown();
            }
        }
    }
}
