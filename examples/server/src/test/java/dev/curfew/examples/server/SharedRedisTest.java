package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers that share one Redis know of each other's sessions and revocations. */
class SharedRedisTest {
    private static final String PASSWORD = "correct horse battery staple";

    @Test
    void who_logs_out_on_one_server_is_refused_on_the_other() throws Exception {
        try (RedisProcess redis = RedisProcess.start();
                DemoServer one = start(redis);
                DemoServer other = start(redis)) {
            Client atOne = new Client(one.uri());
            Client atOther = new Client(other.uri());
            Client.Signed ended = atOne.login("alice", PASSWORD);
            Client.Signed kept = atOther.login("alice", PASSWORD);
            assertThat(atOther.get("/api/me", ended).statusCode()).isEqualTo(200);

            assertThat(atOne.logout(ended, "en").statusCode()).isEqualTo(200);

            awaitRefused(atOther, ended);
            assertThat(atOne.get("/api/me", kept).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_redis_that_does_not_answer_is_refused_with_a_sentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoStorage.from(Map.of("REDIS_URL", "redis://127.0.0.1:1")))
                .withMessageStartingWith("Cannot use the Redis of REDIS_URL");
    }

    @Test
    void two_places_at_once_are_refused_with_a_sentence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DemoStorage.from(Map.of("REDIS_URL", "redis://x", "JDBC_URL", "jdbc:h2:mem:x")))
                .withMessage("Set JDBC_URL or REDIS_URL, not both.");
    }

    /** The other server hears of it by a hint, usually within milliseconds, and within its staleness in any case. */
    private static void awaitRefused(Client client, Client.Signed ended) {
        long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (client.get("/api/me", ended).statusCode() != 401) {
            assertThat(System.nanoTime()).as("it is never refused").isLessThan(until);
        }
    }

    private static DemoServer start(RedisProcess redis) throws Exception {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return DemoServer.start(
                anyPort,
                DemoStorage.from(Map.of("REDIS_URL", redis.url())),
                Clock.systemUTC(),
                Map.of("alice", PASSWORD));
    }
}
