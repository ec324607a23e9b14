package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.revocation.RevocationTarget;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.protocol.ProtocolVersion;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What one node records is hinted on another, in either protocol. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class HintsTest {
    @ParameterizedTest
    @EnumSource
    void a_revocation_is_hinted_also_after_the_connection_was_lost(ProtocolVersion protocol) throws Exception {
        try (RedisServer server = RedisServer.start()) {
            RedisClient client = RedisClient.create(server.uri());
            client.setOptions(ClientOptions.builder().protocolVersion(protocol).build());
            RedisSessionStore one = Stores.opened(RedisSessionStore.on(client));
            RedisSessionStore other = Stores.opened(RedisSessionStore.on(client));
            Semaphore hints = new Semaphore(0);
            try (AutoCloseable listening = other.hints(hints::release)) {
                assertThat(listening).isNotNull();
                await(hints, "the first connection");
                revoke(one, "alice");
                await(hints, "a revocation");
                server.send("CLIENT KILL TYPE pubsub");
                await(hints, "the next connection");
                revoke(one, "bob");
                await(hints, "a revocation after it");
            }
            one.close();
            other.close();
            client.shutdown();
        }
    }

    private static void revoke(RedisSessionStore store, String subject) {
        Stores.revoke(store, RevocationTarget.subject(Given.subject(subject)), Given.NOW);
    }

    private static void await(Semaphore hints, String what) throws InterruptedException {
        assertThat(hints.tryAcquire(20, TimeUnit.SECONDS)).as(what).isTrue();
    }
}
