package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.redis.RedisSessionStore;
import dev.curfew.session.Session;
import dev.curfew.store.SessionStore;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Two nodes on a real Redis, with the Lettuce and the Netty that Spring Boot manages. */
class RedisTest {
    private static final long PATIENCE_SECONDS = 60;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class Shop {}

    @Test
    void the_clients_of_spring_boot_serve_the_store_and_a_revocation_reaches_the_other_node() throws IOException {
        try (RedisProcess redis = RedisProcess.start();
                Host one = Host.start(properties(redis), Shop.class);
                Host other = Host.start(properties(redis), Shop.class)) {
            assertThat(one.bean(SessionStore.class)).isInstanceOf(RedisSessionStore.class);
            assertThat(one.bean(StringRedisTemplate.class).hasKey("nothing"))
                    .as("Spring's own use of the client goes on")
                    .isFalse();
            Session session = one.login("alice");
            String[] bearer = Host.bearer(one.token(session));
            assertThat(other.get("/me", bearer).body()).isEqualTo("alice");

            assertThat(one.post("/api/v1/auth/logout", "", bearer).statusCode()).isEqualTo(204);

            assertThat(one.get("/me", bearer).statusCode()).isEqualTo(401);
            await(() -> other.get("/me", bearer).statusCode(), 401);

            String[] carol = Host.bearer(one.token(one.login("carol")));
            String[] dave = Host.bearer(one.token(one.login("dave")));
            redis.kill();
            await(() -> one.get("/me", carol).statusCode(), 503);
            assertThat(one.post("/api/v1/auth/logout", "", dave).statusCode()).isEqualTo(503);
            assertThat(one.get("/hello").statusCode()).isEqualTo(200);
            redis.run();
            await(() -> one.get("/me", carol).statusCode(), 200);
            assertThat(one.get("/me", bearer).statusCode()).isEqualTo(401);
        }
    }

    private static Map<String, Object> properties(RedisProcess redis) {
        Map<String, Object> properties = Host.jwt();
        properties.put("curfew.store.type", "redis");
        properties.put("curfew.encryption.key", Host.SECRET_TEXT);
        properties.put("curfew.checks.max-staleness", "2s");
        properties.put("curfew.rate-limit.type", "redis");
        properties.put("curfew.rate-limit.permits-per-minute", "100000");
        properties.put("spring.data.redis.port", redis.port());
        return properties;
    }

    private interface Answer {
        int status();
    }

    private static void await(Answer answer, int wanted) {
        Instant deadline = Instant.now().plusSeconds(PATIENCE_SECONDS);
        int status = answer.status();
        while (status != wanted && Instant.now().isBefore(deadline)) {
            status = answer.status();
        }
        assertThat(status).isEqualTo(wanted);
    }
}
