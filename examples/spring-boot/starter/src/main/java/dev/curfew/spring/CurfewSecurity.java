package dev.curfew.spring;

import dev.curfew.http.SessionCookie;
import org.springframework.context.ApplicationContext;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;

/**
 * Lets Curfew find out who calls, in a host's own {@code SecurityFilterChain}. Confined to one thread.
 *
 * <pre>{@code @Bean
 * SecurityFilterChain api(HttpSecurity http) throws Exception {
 *     return http.with(CurfewSecurity.curfew(), withDefaults())
 *             .authorizeHttpRequests(requests -> requests
 *                     .requestMatchers("/login").permitAll()
 *                     .requestMatchers("/admin/**").hasAuthority("SCOPE_admin")
 *                     .anyRequest().authenticated())
 *             .build();
 * }}</pre>
 *
 * <p>The principal is a {@link dev.curfew.token.Caller}. A request without a good credential goes on as nobody, and
 * where that is not enough it is answered as Curfew's endpoints do: 401, or 503 while nobody can say whether it is
 * revoked.
 *
 * <p><b>The chain has no session of the container, no logout of Spring's, no saved requests and no CSRF tokens</b>,
 * because Curfew checks itself that no other site sends its cookie. A chain with other credentials that browsers send
 * by themselves (HTTP Basic, say) needs CSRF tokens: call {@code csrf(…)} after {@code with(…)}.
 */
public final class CurfewSecurity extends AbstractHttpConfigurer<CurfewSecurity, HttpSecurity> {
    private CurfewSecurity() {}

    /**
     * For {@code http.with(…)}.
     *
     * @return a new configurer
     */
    public static CurfewSecurity curfew() {
        return new CurfewSecurity();
    }

    /** At once and not in {@code init}, so that the host's later calls win. */
    @Override
    public void setBuilder(HttpSecurity http) {
        super.setBuilder(http);
        HostRequests requests = beans(http).getBean(HostRequests.class);
        try {
            http.csrf(AbstractHttpConfigurer::disable)
                    .logout(AbstractHttpConfigurer::disable)
                    .requestCache(AbstractHttpConfigurer::disable)
                    .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                    .exceptionHandling(handling -> handling.authenticationEntryPoint(new CallerEntryPoint(requests)));
        } catch (Exception e) {
            throw new IllegalStateException("the SecurityFilterChain could not be set up for Curfew", e);
        }
    }

    @Override
    public void configure(HttpSecurity http) {
        ApplicationContext beans = beans(http);
        SessionCookie cookie = beans.getBeanProvider(SessionCookie.class).getIfUnique();
        http.addFilterBefore(
                new CallerAuthenticationFilter(
                        beans.getBean(HostRequests.class),
                        beans.getBean(CallerAuthorities.class),
                        cookie == null ? null : cookie.name()),
                AnonymousAuthenticationFilter.class);
    }

    private static ApplicationContext beans(HttpSecurity http) {
        return http.getSharedObject(ApplicationContext.class);
    }
}
