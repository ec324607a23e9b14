package dev.curfew.spring;

import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import dev.curfew.redis.RedisRateLimiter;
import dev.curfew.redis.RedisSessionStore;
import dev.curfew.redis.RedisSessionStoreBuilder;
import dev.curfew.store.SessionStore;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

/** Opens what is kept in Redis, on the host's own Lettuce client, which stays the host's. */
final class RedisStores {
    private static final boolean HAS_SPRING_DATA = ClassUtils.isPresent(
            "org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory",
            RedisStores.class.getClassLoader());

    private RedisStores() {}

    static Optional<SessionStore> open(BeanFactory beans, CurfewProperties.Store settings, Customizers customizers) {
        return client(beans)
                .map(client -> Guarded.make("The store in Redis", () -> {
                    RedisSessionStoreBuilder builder = (client instanceof RedisClusterClient cluster
                                    ? RedisSessionStore.on(cluster)
                                    : RedisSessionStore.on((RedisClient) client))
                            .keyPrefix(settings.redis().keyPrefix())
                            .partitions(settings.redis().partitions())
                            .waitForReplicas(settings.redis().waitForReplicas())
                            .callTimeout(settings.callTimeout());
                    customizers.apply(RedisSessionStoreBuilder.class, builder);
                    return builder.build();
                }));
    }

    static Optional<RateLimiter> limiter(BeanFactory beans, String prefix, RateLimits limits) {
        return client(beans)
                .map(client -> Guarded.make(
                        "The rate limiter in Redis",
                        () -> client instanceof RedisClusterClient cluster
                                ? RedisRateLimiter.on(cluster, prefix, limits)
                                : RedisRateLimiter.on((RedisClient) client, prefix, limits)));
    }

    private static Optional<AbstractRedisClient> client(BeanFactory beans) {
        AbstractRedisClient client = HAS_SPRING_DATA ? ofSpring(beans) : null;
        return Optional.ofNullable(client)
                .or(() -> Optional.ofNullable(theOne(beans, RedisClient.class)))
                .or(() -> Optional.ofNullable(theOne(beans, RedisClusterClient.class)));
    }

    /** Two are not guessed between, and are not none. */
    private static <T> @Nullable T theOne(BeanFactory beans, Class<T> type) {
        try {
            return beans.getBeanProvider(type).getIfAvailable();
        } catch (NoUniqueBeanDefinitionException e) {
            throw new CurfewStartException(
                    "There are " + e.getNumberOfBeansFound() + " beans " + type.getSimpleName()
                            + ", and none of them is the primary one.",
                    "Mark the one of Curfew's Redis with @Primary, or define the beans SessionStore and RateLimiter"
                            + " yourself: RedisSessionStore.on(client).build().",
                    e);
        }
    }

    private static @Nullable AbstractRedisClient ofSpring(BeanFactory beans) {
        LettuceConnectionFactory factory = theOne(beans, LettuceConnectionFactory.class);
        if (factory == null) {
            return null;
        }
        factory.start();
        return factory.getRequiredNativeClient();
    }
}
