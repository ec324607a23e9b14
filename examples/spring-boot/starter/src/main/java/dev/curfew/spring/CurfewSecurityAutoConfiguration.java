package dev.curfew.spring;

import static org.springframework.security.config.Customizer.withDefaults;

import dev.curfew.SessionService;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.token.TokenVerifier;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationManagerResolver;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.AndRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;

/**
 * Spring Security's part: a chain for Curfew's endpoints, which authenticate by themselves, and, where the host has
 * none, a chain for everything else. Immutable.
 */
@AutoConfiguration(
        after = CurfewWebAutoConfiguration.class,
        beforeName = {
            "org.springframework.boot.autoconfigure.security.servlet.SecurityAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.autoconfigure.security.oauth2.resource.servlet"
                    + ".OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure"
                    + ".OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.web"
                    + ".OAuth2ResourceServerWebSecurityAutoConfiguration"
        })
@ConditionalOnClass({SecurityFilterChain.class, HttpSecurity.class})
@ConditionalOnBean(SessionEndpoints.class)
@ConditionalOnProperty(name = "curfew.enabled", matchIfMissing = true)
public final class CurfewSecurityAutoConfiguration {
    /** In front of the host's own, whatever order these have. */
    private static final int FIRST = Ordered.HIGHEST_PRECEDENCE + 100;

    /** What a caller needs for the actuator, beside being somebody: every customer is. */
    private static final String ACTUATOR = "SCOPE_actuator";

    private static final boolean HAS_ACTUATOR =
            ClassUtils.isPresent(ActuatorRequests.NEEDED, CurfewSecurityAutoConfiguration.class.getClassLoader());

    /** Spring calls it. */
    public CurfewSecurityAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean
    CallerAuthorities callerAuthorities() {
        return new ScopeAuthorities();
    }

    /** Where the host has no chain. It comes first, because the chain of the endpoints is one, too. */
    @Configuration(proxyBeanMethods = false)
    @Order(1)
    @ConditionalOnMissingBean(SecurityFilterChain.class)
    static class Everything {
        /** What is not open needs a caller; the page of an error is not another request. */
        @Bean
        @Order(Ordered.LOWEST_PRECEDENCE - 10)
        SecurityFilterChain curfewDefaultChain(
                ObjectProvider<HttpSecurity> builder,
                CurfewProperties properties,
                HostRequests curfew,
                ListableBeanFactory beans)
                throws Exception {
            HttpSecurity http = HostChains.builder(builder);
            CorsSources.apply(beans, http);
            var paths = PathPatternRequestMatcher.withDefaults();
            http.with(CurfewSecurity.curfew(), withDefaults()).authorizeHttpRequests(requests -> {
                requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                        .permitAll();
                for (EndpointSettings.Open open : EndpointSettings.open(properties.http())) {
                    requests.requestMatchers(open.methods().stream()
                                    .map(method -> new AndRequestMatcher(
                                            paths.matcher(method, open.pattern()), curfew::isOpen))
                                    .toArray(RequestMatcher[]::new))
                            .permitAll();
                }
                if (HAS_ACTUATOR) {
                    requests.requestMatchers(ActuatorRequests.all()).hasAuthority(ACTUATOR);
                }
                requests.anyRequest().authenticated();
            });
            return http.build();
        }

        /** Nobody signs in to Spring Security by a password, so that Spring Boot need not invent one. */
        @Bean
        @ConditionalOnMissingBean({
            AuthenticationManager.class,
            AuthenticationProvider.class,
            UserDetailsService.class,
            AuthenticationManagerResolver.class
        })
        UserDetailsService nobody() {
            return name -> {
                throw new UsernameNotFoundException("sessions are Curfew's: nobody signs in here");
            };
        }
    }

    /** The chain of the endpoints. */
    @Configuration(proxyBeanMethods = false)
    @Order(2)
    static class Endpoints {
        /** Spring must not answer an expired token before it could log out. */
        @Bean
        @Order(FIRST)
        SecurityFilterChain curfewEndpointChain(
                ObjectProvider<HttpSecurity> builder, HostRequests requests, ListableBeanFactory beans)
                throws Exception {
            HttpSecurity http = HostChains.builder(builder);
            http.securityMatcher(requests::isEndpoint)
                    .authorizeHttpRequests(all -> all.anyRequest().permitAll())
                    .csrf(AbstractHttpConfigurer::disable)
                    .logout(AbstractHttpConfigurer::disable)
                    .requestCache(AbstractHttpConfigurer::disable)
                    .anonymous(AbstractHttpConfigurer::disable)
                    .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
            CorsSources.apply(beans, http);
            return http.build();
        }
    }

    /** Where the host has chains of its own, they have to reach everything. */
    @Bean
    SmartInitializingSingleton curfewChains(WebApplicationContext context, CurfewProperties properties) {
        return () -> HostChains.require(context, properties.http());
    }

    /** For a host that keeps Spring's resource server. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(JwtDecoder.class)
    @ConditionalOnBean(TokenVerifier.class)
    static class Decoder {
        @Bean
        @ConditionalOnMissingBean
        JwtDecoder curfewJwtDecoder(
                TokenVerifier verifier,
                SessionService sessions,
                ObjectProvider<OAuth2TokenValidator<Jwt>> checks,
                @Qualifier(CurfewAutoConfiguration.CLOCK) ObjectProvider<Clock> clock,
                Environment environment) {
            JwtChecks.refuseSettingsOfSpring(environment);
            return new CurfewJwtDecoder(verifier, sessions, JwtChecks.of(checks.orderedStream(), clock));
        }
    }
}
