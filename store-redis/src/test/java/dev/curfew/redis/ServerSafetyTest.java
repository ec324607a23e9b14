package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.protocol.ProtocolVersion;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Servers that may evict or lose revocations are refused, if the host wants that. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ServerSafetyTest {
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
    void a_server_that_does_not_tell_is_refused() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--rename-command", "CONFIG", "")) {
            assertThatExceptionOfType(UnsafeServerException.class)
                    .isThrownBy(() -> open(server, ServerCheck.REFUSE))
                    .withMessageContaining("CONFIG");
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
            client.shutdown();
        }
    }

    private static void open(RedisSessionStoreBuilder builder, ServerCheck check) {
        try (RedisSessionStore store = builder.serverCheck(check).build()) {
            store.open(Given.SETTINGS, Given.BIRTH);
        }
    }

    private static void open(RedisServer server, ServerCheck check) {
        RedisClient client = RedisClient.create(server.uri());
        try {
            open(RedisSessionStore.on(client), check);
        } finally {
            client.shutdown();
        }
    }
}
