package dev.curfew.spring;

import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.Upstream;
import dev.curfew.deliver.Deliveries;
import dev.curfew.event.SessionEventListener;
import dev.curfew.http.AccessTokenIssuer;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.store.SessionStore;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.TokenPolicies;
import dev.curfew.token.TokenPolicyBuilder;
import dev.curfew.token.TokenVerifier;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The session service with its store, and the verifier of access tokens, out of the properties {@code curfew.*}. Each
 * bean steps back for the host's own; a {@link CurfewCustomizer} changes what a builder makes. Immutable.
 */
@AutoConfiguration(
        afterName = {
            "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
            "org.springframework.boot.autoconfigure.data.redis.RedisAutoConfiguration",
            "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration"
        })
@ConditionalOnProperty(name = "curfew.enabled", matchIfMissing = true)
@EnableConfigurationProperties(CurfewProperties.class)
public final class CurfewAutoConfiguration {
    /** A host may have clocks for purposes of its own, stopped or offset ones: only the one of this name is taken. */
    static final String CLOCK = "curfewClock";

    /** Spring calls it. */
    public CurfewAutoConfiguration() {}

    @Bean
    Customizers curfewCustomizers(BeanFactory beans) {
        return new Customizers(beans);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOnDatabaseInitialization
    SessionStore sessionStore(CurfewProperties properties, Customizers customizers, BeanFactory beans) {
        return new SessionStores(properties, customizers, beans).open();
    }

    @Bean
    @Conditional(AccessTokens.class)
    @ConditionalOnMissingBean({TokenPolicies.class, TokenVerifier.class})
    TokenPolicies tokenPolicies(
            CurfewProperties properties, ObjectProvider<IssuerPolicy> hosts, Customizers customizers) {
        List<IssuerPolicy> all = new ArrayList<>(hosts.orderedStream().toList());
        if (properties.issuer() != null) {
            all.add(TokenSettings.policy(
                    properties, properties.issuer(), builder -> customizers.apply(TokenPolicyBuilder.class, builder)));
        }
        return Guarded.make("The policies of access tokens", () -> {
            TokenPolicies policies = TokenPolicies.empty();
            all.forEach(policies::add);
            return policies;
        });
    }

    @Bean
    @ConditionalOnBean(TokenPolicies.class)
    @ConditionalOnMissingBean
    TokenVerifier tokenVerifier(TokenPolicies policies, @Qualifier(CLOCK) ObjectProvider<Clock> clock) {
        var builder = TokenVerifier.builder(policies);
        clock.ifUnique(builder::clock);
        return builder.build();
    }

    @Bean
    @ConditionalOnBean(AccessTokenIssuer.class)
    @ConditionalOnMissingBean
    RefreshPolicy refreshPolicy(SessionStore store, CurfewProperties properties) {
        return ServiceSettings.refreshPolicy(store, properties);
    }

    @Bean
    @ConditionalOnMissingBean
    @DependsOnDatabaseInitialization
    SessionService sessionService(
            CurfewProperties properties,
            SessionStore store,
            ObjectProvider<TokenVerifier> verifier,
            ObjectProvider<RefreshPolicy> refreshes,
            ObjectProvider<SessionEventListener> listeners,
            @Qualifier(CLOCK) ObjectProvider<Clock> clock,
            Customizers customizers) {
        // Known before anything is written: a store is installed once.
        TokenSettings.realm(properties);
        return Guarded.make("The session service", () -> {
            SessionServiceBuilder service = SessionService.builder()
                    .store(store)
                    .maxTokenLifetime(properties.token().maxLifetime())
                    .tokenSkew(properties.token().skew());
            verifier.ifAvailable(tokens -> service.tokenPolicies(tokens.policies()));
            refreshes.ifUnique(service::refreshTokens);
            listeners.orderedStream().forEach(service::listener);
            clock.ifUnique(service::clock);
            ServiceSettings.apply(properties, service);
            customizers.apply(SessionServiceBuilder.class, service);
            return service.build();
        });
    }

    @Bean
    PurgeTimer curfewPurgeTimer(SessionService sessions, CurfewProperties properties) {
        return new PurgeTimer(sessions, properties.purge());
    }

    /**
     * Where a provider ends what began from it, some node has to finish what another one began. They are started at
     * once, because endpoints refuse others.
     */
    @Bean(initMethod = "start")
    @ConditionalOnBean(Upstream.class)
    @ConditionalOnMissingBean
    Deliveries deliveries(SessionService sessions) {
        return Guarded.make("The deliveries", () -> Deliveries.of(sessions).build());
    }

    @Bean
    ServiceLifecycle curfewLifecycle(
            SessionService sessions,
            PurgeTimer purge,
            ObjectProvider<Deliveries> deliveries,
            ApplicationContext context) {
        return new ServiceLifecycle(sessions, purge, deliveries, context);
    }

    /** The host's transactions, where Spring knows some. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass({ConnectionHolder.class, TransactionSynchronizationManager.class})
    static class Transactions {
        @Bean
        @ConditionalOnSingleCandidate(DataSource.class)
        @ConditionalOnMissingBean
        TransactionalSessions transactionalSessions(
                SessionService sessions, SessionStore store, DataSource dataSource) {
            return new TransactionalSessions(sessions, store, dataSource);
        }
    }

    /** Values in the actuator, where they may be shown at all. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(SanitizingFunction.class)
    static class Shown {
        @Bean
        SanitizingFunction curfewSecrets() {
            return data -> Secrets.isSecret(data.getKey()) ? data.withSanitizedValue() : data;
        }
    }

    /** Whether there are access tokens: an issuer among the properties, or a policy among the beans. */
    static final class AccessTokens extends AnyNestedCondition {
        AccessTokens() {
            super(ConfigurationPhase.REGISTER_BEAN);
        }

        @ConditionalOnProperty("curfew.issuer")
        static final class Issuer {}

        @ConditionalOnBean(IssuerPolicy.class)
        static final class Policy {}
    }
}
