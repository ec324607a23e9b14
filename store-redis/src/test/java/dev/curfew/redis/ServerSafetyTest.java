package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.contract.Given;
import dev.curfew.redis.connection.ServerSafety;
import dev.curfew.redis.server.ServerCheck;
import dev.curfew.redis.server.UnsafeServerException;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Servers that may evict or lose revocations are refused, if the host wants that. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerSafetyTest {
    private static final String PASSWORD = "only-of-this-test";

    @Test
    void a_server_that_keeps_a_log_and_evicts_nothing_is_accepted() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes")) {
            assertThatCode(() -> open(server, ServerCheck.REFUSE)).doesNotThrowAnyException();
        }
    }

    @Test
    void a_server_that_evicts_is_refused_or_warned_about() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--maxmemory-policy", "allkeys-lru")) {
            assertThatExceptionOfType(UnsafeServerException.class)
                    .isThrownBy(() -> open(server, ServerCheck.REFUSE))
                    .withMessageContaining("maxmemory-policy");
            assertThatCode(() -> open(server, ServerCheck.WARN)).doesNotThrowAnyException();
            assertThatCode(() -> open(server, ServerCheck.NONE)).doesNotThrowAnyException();
        }
    }

    @Test
    void a_server_without_a_log_is_refused() {
        try (RedisServer server = RedisServer.start()) {
            assertThatExceptionOfType(UnsafeServerException.class)
                    .isThrownBy(() -> open(server, ServerCheck.REFUSE))
                    .withMessageContaining("appendonly");
        }
    }

    @Test
    void where_config_does_not_exist_info_tells() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--rename-command", "CONFIG", "")) {
            assertThatCode(() -> open(server, ServerCheck.REFUSE)).doesNotThrowAnyException();
        }
    }

    @Test
    void where_config_is_forbidden_info_tells() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes")) {
            server.send("ACL SETUSER node on >" + PASSWORD + " ~* &* +@all -config");
            assertThatCode(() -> open(asNode(server), ServerCheck.REFUSE)).doesNotThrowAnyException();

            server.send("CONFIG SET maxmemory-policy volatile-lru");
            assertThatExceptionOfType(UnsafeServerException.class)
                    .isThrownBy(() -> open(asNode(server), ServerCheck.REFUSE))
                    .withMessageContaining("maxmemory-policy");
            server.send("CONFIG SET maxmemory-policy noeviction");
            server.send("CONFIG SET appendonly no");
            assertThatExceptionOfType(UnsafeServerException.class)
                    .isThrownBy(() -> open(asNode(server), ServerCheck.REFUSE))
                    .withMessageContaining("appendonly");
        }
    }

    @Test
    void a_server_that_tells_by_neither_is_refused_and_a_warning_says_that_nobody_looked() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes")) {
            server.send("ACL SETUSER node on >" + PASSWORD + " ~* &* +@all -config -info");
            assertThatExceptionOfType(UnsafeServerException.class)
                    .isThrownBy(() -> open(asNode(server), ServerCheck.REFUSE))
                    .withMessageContaining("could not be looked at")
                    .withMessageContaining("+config|get or +info");

            Logger logger = (Logger) LoggerFactory.getLogger(ServerSafety.class);
            logger.setLevel(Level.WARN);
            ListAppender<ILoggingEvent> lines = new ListAppender<>();
            lines.start();
            logger.addAppender(lines);
            try {
                open(asNode(server), ServerCheck.WARN);
            } finally {
                logger.detachAppender(lines);
                logger.setLevel(null);
            }
            assertThat(lines.list)
                    .singleElement()
                    .satisfies(line -> assertThat(line.getFormattedMessage()).contains("could not be looked at"));
        }
    }

    @Test
    void every_master_of_a_cluster_is_asked() {
        try (RedisCluster cluster = RedisCluster.start()) {
            for (int master = 0; master < 3; master++) {
                cluster.server(master).send("CONFIG SET appendonly yes");
            }
            RedisClusterClient client = cluster.client(ProtocolVersion.RESP3);
            assertThatCode(() -> open(RedisSessionStore.on(client), ServerCheck.REFUSE))
                    .doesNotThrowAnyException();
            for (int master = 0; master < 3; master++) {
                cluster.server(master).send("CONFIG SET maxmemory-policy allkeys-lru");
                assertThatExceptionOfType(UnsafeServerException.class)
                        .isThrownBy(() -> open(RedisSessionStore.on(client), ServerCheck.REFUSE))
                        .withMessageContaining("maxmemory-policy");
                cluster.server(master).send("CONFIG SET maxmemory-policy noeviction");
            }
            for (int node = 0; node < 6; node++) {
                cluster.server(node).send("ACL SETUSER default -config");
            }
            assertThatCode(() -> open(RedisSessionStore.on(client), ServerCheck.REFUSE))
                    .doesNotThrowAnyException();
            client.shutdown();
        }
    }

    private static void open(RedisSessionStoreBuilder builder, ServerCheck check) {
        try (RedisSessionStore store = builder.serverCheck(check).build()) {
            store.open(Given.SETTINGS, Given.BIRTH);
        }
    }

    private static void open(RedisServer server, ServerCheck check) {
        open(server.uri(), check);
    }

    private static RedisURI asNode(RedisServer server) {
        return RedisURI.builder(server.uri())
                .withAuthentication("node", PASSWORD.toCharArray())
                .build();
    }

    private static void open(RedisURI uri, ServerCheck check) {
        RedisClient client = RedisClient.create(uri);
        try {
            open(RedisSessionStore.on(client), check);
        } finally {
            client.shutdown();
        }
    }
}
