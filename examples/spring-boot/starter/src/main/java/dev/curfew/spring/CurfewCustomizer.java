package dev.curfew.spring;

/**
 * Changes a builder of Curfew's after the properties were applied and before it builds: a bean for what has no
 * property.
 *
 * <p>It is called for {@link dev.curfew.SessionServiceBuilder}, {@link dev.curfew.http.SessionEndpointsBuilder},
 * {@link dev.curfew.token.TokenPolicyBuilder}, {@link dev.curfew.jdbc.JdbcSessionStoreBuilder} and {@code
 * dev.curfew.redis.RedisSessionStoreBuilder}, at the start, in the order of the beans: <pre>{@code @Bean
 * CurfewCustomizer<SessionServiceBuilder> audit(AuditSink table) {
 *     return sessions -> sessions.audit(trail -> trail.sink("table", table));
 * }}</pre>
 *
 * @param <B> the type of the builder
 */
@FunctionalInterface
public interface CurfewCustomizer<B> {
    /**
     * Changes a builder.
     *
     * @param builder to be changed, not to be built
     */
    void customize(B builder);
}
