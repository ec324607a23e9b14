package dev.curfew.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.RevocationHunt;
import dev.curfew.store.SessionStore;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nodes that check millions of tokens from their replicas while the server is paused, killed and started again. */
@Timeout(180)
class ReplicaHuntTest {
    private static final Duration HUNT = Duration.ofSeconds(Integer.getInteger("curfew.hunt.seconds", 12));
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Test
    void no_revoked_token_passes_whatever_happens_to_the_server() {
        try (RedisServer server = RedisServer.start("--appendonly", "yes", "--appendfsync", "always");
                RedisClient client = RedisClient.create(server.uri());
                RedisClient other = RedisClient.create(server.uri());
                RedisSessionStore first = node(client);
                RedisSessionStore second = node(other);
                RevocationHunt hunt =
                        new RevocationHunt(List.<SessionStore>of(first, second), ManualClock.at(Given.NOW))) {
            hunt.hunt(HUNT, () -> {
                rest();
                server.pause();
                restBeyondPatience();
                server.resume();
                rest();
                server.kill();
                rest();
                server.startAgain();
            });

            assertThat(hunt.checks()).isGreaterThan(1_000_000);
            assertThat(hunt.unanswered())
                    .as("the server was away for longer than the staleness")
                    .isPositive();
        }
    }

    private static RedisSessionStore node(RedisClient client) {
        return Stores.opened(RedisSessionStore.on(client).callTimeout(TIMEOUT));
    }

    /** Longer than a check is fresh (1 s) and then waits (2 s), so that some are not answered. */
    private static void restBeyondPatience() {
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
    }

    private static void rest() {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }
}
