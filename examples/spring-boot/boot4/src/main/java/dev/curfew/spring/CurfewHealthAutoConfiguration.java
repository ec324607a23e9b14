package dev.curfew.spring;

import dev.curfew.ServiceHealth;
import dev.curfew.SessionService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Curfew's health, where there is the actuator of Spring Boot 4. Immutable. */
@AutoConfiguration(after = CurfewAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
@ConditionalOnBean(SessionService.class)
@ConditionalOnProperty(name = "curfew.enabled", matchIfMissing = true)
public final class CurfewHealthAutoConfiguration {
    /** Spring calls it. */
    public CurfewHealthAutoConfiguration() {}

    @Bean
    @ConditionalOnEnabledHealthIndicator("curfew")
    @ConditionalOnMissingBean(name = "curfewHealthIndicator")
    HealthIndicator curfewHealthIndicator(SessionService sessions) {
        return () -> {
            ServiceHealth health = sessions.health();
            return (health.isReady() ? Health.up() : Health.down())
                    .withDetail("problems", health.problems())
                    .build();
        };
    }
}
