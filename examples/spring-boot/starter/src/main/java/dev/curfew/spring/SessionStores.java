package dev.curfew.spring;

import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import dev.curfew.spring.CurfewProperties.StoreType;
import dev.curfew.store.SessionStore;
import java.util.Optional;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.util.ClassUtils;

/** Chooses the store: the host's DataSource, else Lettuce, else this process. */
final class SessionStores {
    private static final Logger LOG = LoggerFactory.getLogger(SessionStores.class);

    /** Looked for by name: a host without Redis has none of them. */
    private static final boolean HAS_REDIS =
            isPresent("dev.curfew.redis.RedisSessionStore") && isPresent("io.lettuce.core.RedisClient");

    private static final String REDIS_MISSING =
            HAS_REDIS ? "there is no Lettuce client" : "curfew-store-redis is not on the class path";
    private static final String ADD_REDIS =
            "Add curfew-store-redis and spring-boot-starter-data-redis, and spring.data.redis.url.";

    private final CurfewProperties properties;
    private final Customizers customizers;
    private final BeanFactory beans;

    SessionStores(CurfewProperties properties, Customizers customizers, BeanFactory beans) {
        this.properties = properties;
        this.customizers = customizers;
        this.beans = beans;
    }

    SessionStore open() {
        StoreType type = properties.store().type();
        return switch (type) {
            case AUTO -> jdbc().or(this::redis).orElseGet(SessionStores::unasked);
            case JDBC ->
                jdbc().orElseThrow(() -> missing(
                        type,
                        "there is no bean DataSource",
                        "Add spring-boot-starter-jdbc and spring.datasource.url."));
            case REDIS -> redis().orElseThrow(() -> missing(type, REDIS_MISSING, ADD_REDIS));
            case MEMORY -> InMemorySessionStore.create();
        };
    }

    private Optional<SessionStore> jdbc() {
        try {
            return Optional.ofNullable(beans.getBeanProvider(DataSource.class).getIfAvailable())
                    .map(source -> JdbcStores.open(source, properties.store(), customizers));
        } catch (NoUniqueBeanDefinitionException e) {
            throw new CurfewStartException(
                    "There are " + e.getNumberOfBeansFound()
                            + " beans DataSource, and none of them is the primary one.",
                    "Mark the one of Curfew's tables with @Primary, or define a bean SessionStore:"
                            + " JdbcSessionStore.on(dataSource).build().",
                    e);
        }
    }

    private Optional<SessionStore> redis() {
        return HAS_REDIS ? RedisStores.open(beans, properties.store(), customizers) : Optional.empty();
    }

    static RateLimiter limiter(BeanFactory beans, String prefix, RateLimits limits) {
        return (HAS_REDIS ? RedisStores.limiter(beans, prefix, limits) : Optional.<RateLimiter>empty())
                .orElseThrow(() -> new CurfewStartException(
                        "curfew.rate-limit.type is REDIS, and " + REDIS_MISSING + ".", ADD_REDIS, null));
    }

    private static SessionStore unasked() {
        LOG.warn("Sessions and revocations are kept IN THE MEMORY OF THIS PROCESS: everybody is signed out when it"
                + " ends, and a second node knows nothing of them. Define a DataSource or a Lettuce client, or say"
                + " curfew.store.type=memory if that is what you want.");
        return InMemorySessionStore.create();
    }

    private static CurfewStartException missing(StoreType type, String why, String action) {
        return new CurfewStartException("curfew.store.type is " + type + ", and " + why + ".", action, null);
    }

    private static boolean isPresent(String className) {
        return ClassUtils.isPresent(className, SessionStores.class.getClassLoader());
    }
}
