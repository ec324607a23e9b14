package dev.curfew.spring;

import dev.curfew.SessionService;
import dev.curfew.http.AccessTokenIssuer;
import dev.curfew.http.RefreshCookie;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import dev.curfew.session.ClientId;
import dev.curfew.token.TokenVerifier;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The endpoints below the context path, the filters around them, and the cookies. Without Spring Security
 * nothing else passes without a caller but what {@code curfew.http.open} says. Immutable.
 */
@AutoConfiguration(after = CurfewAutoConfiguration.class)
@ConditionalOnBean(SessionService.class)
@ConditionalOnProperty(name = "curfew.enabled", matchIfMissing = true)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
public final class CurfewWebAutoConfiguration {
    /** Spring Security's filter chain has -100. */
    private static final int BEFORE_SECURITY = -110;

    private static final int BEHIND_SECURITY = -90;

    /** The name that Spring Security gives to its filter. */
    private static final String SECURITY = "springSecurityFilterChain";

    /** Spring calls it. */
    public CurfewWebAutoConfiguration() {}

    @Bean
    @ConditionalOnProperty("curfew.cookie.name")
    @ConditionalOnMissingBean
    SessionCookie sessionCookie(CurfewProperties properties) {
        CurfewProperties.Cookie settings = properties.cookie();
        return Guarded.make("curfew.cookie", () -> {
            SessionCookie.Builder cookie =
                    SessionCookie.named(String.valueOf(settings.name())).sameSite(settings.sameSite());
            if (!settings.secure()) {
                cookie.allowWithoutTls();
            }
            if (settings.persistent()) {
                cookie.persistent();
            }
            return cookie.build();
        });
    }

    @Bean
    @ConditionalOnBean(AccessTokenIssuer.class)
    @ConditionalOnMissingBean
    RefreshCookie refreshCookie(CurfewProperties properties) {
        CurfewProperties.RefreshCookie settings = properties.refreshCookie();
        return Guarded.make("curfew.refresh-cookie", () -> {
            RefreshCookie.Builder cookie = RefreshCookie.named(settings.name()).path(settings.path());
            if (!settings.secure()) {
                cookie.allowWithoutTls();
            }
            if (settings.persistent()) {
                cookie.persistent();
            }
            return cookie.build();
        });
    }

    @Bean
    @ConditionalOnMissingBean
    RateLimiter rateLimiter(CurfewProperties properties, BeanFactory beans) {
        Integer permits = properties.rateLimit().permitsPerMinute();
        RateLimits limits = permits == null
                ? RateLimits.defaults()
                : Guarded.make(
                        "curfew.rate-limit.permits-per-minute", () -> RateLimits.all(RateLimit.perMinute(permits)));
        return switch (properties.rateLimit().type()) {
            case NONE -> RateLimiter.unlimited();
            case MEMORY -> InMemoryRateLimiter.of(limits);
            case REDIS ->
                SessionStores.limiter(beans, properties.store().redis().keyPrefix() + ":permits", limits);
        };
    }

    @Bean
    @ConditionalOnMissingBean
    SessionEndpoints sessionEndpoints(
            CurfewProperties properties,
            SessionService sessions,
            RateLimiter limiter,
            ObjectProvider<TokenVerifier> verifier,
            ObjectProvider<SessionCookie> sessionCookie,
            ObjectProvider<AccessTokenIssuer> issuer,
            ObjectProvider<RefreshCookie> refreshCookie,
            @Qualifier(CurfewAutoConfiguration.CLOCK) ObjectProvider<Clock> clock,
            Customizers customizers) {
        return Guarded.make("The endpoints", () -> {
            var realm = TokenSettings.realm(properties);
            SessionEndpointsBuilder endpoints =
                    SessionEndpoints.builder().service(sessions).rateLimiter(limiter);
            verifier.ifAvailable(endpoints::verifier);
            Optional<SessionCookie> cookie = Optional.ofNullable(sessionCookie.getIfUnique());
            cookie.ifPresent(endpoints::credentialCookie);
            if (cookie.isPresent() || properties.sessionTokens()) {
                endpoints.sessionTokens(realm);
            }
            issuer.ifAvailable(tokens -> endpoints.refresh(tokens, refreshCookie.getObject()));
            if (properties.clientId() != null) {
                endpoints.refreshClient(new ClientId(realm, properties.clientId()));
            }
            clock.ifUnique(endpoints::clock);
            EndpointSettings.apply(properties.http(), endpoints);
            customizers.apply(SessionEndpointsBuilder.class, endpoints);
            return endpoints.build();
        });
    }

    @Bean
    HostRequests curfewRequests(SessionEndpoints endpoints, CurfewProperties properties) {
        return new HostRequests(EndpointSettings.filter(endpoints, properties.http()));
    }

    @Bean
    FilterRegistrationBean<CallFilter> curfewCalls(HostRequests requests) {
        return inOrder(
                new CallFilter(requests), BEFORE_SECURITY, EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    }

    @Bean
    FilterRegistrationBean<EndpointsFilter> curfewEndpoints(HostRequests requests, BeanFactory beans) {
        boolean guardsAll = !beans.containsBean(SECURITY);
        return inOrder(new EndpointsFilter(requests, guardsAll), BEHIND_SECURITY, EnumSet.of(DispatcherType.REQUEST));
    }

    private static <T extends Filter> FilterRegistrationBean<T> inOrder(
            T filter, int order, EnumSet<DispatcherType> dispatches) {
        FilterRegistrationBean<T> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        registration.setDispatcherTypes(dispatches);
        return registration;
    }

    /** The arguments of controllers. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(WebMvcConfigurer.class)
    static class Mvc {
        @Bean
        CallerArguments curfewArguments(HostRequests requests) {
            return new CallerArguments(requests);
        }
    }
}
