package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.Given;
import io.lettuce.core.RedisClient;
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

    private static void open(RedisServer server, ServerCheck check) {
        RedisClient client = RedisClient.create(server.uri());
        try (RedisSessionStore store =
                RedisSessionStore.on(client).serverCheck(check).build()) {
            store.open(Given.SETTINGS, Given.BIRTH);
        } finally {
            client.shutdown();
        }
    }
}
