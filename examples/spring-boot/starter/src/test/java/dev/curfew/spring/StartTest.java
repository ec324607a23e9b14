package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.jdbc.JdbcSessionStoreBuilder;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.session.Realm;
import dev.curfew.store.SessionStore;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import dev.curfew.token.TokenVerifier;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** What beans there are, what steps back, and what is said where a property is wrong. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {
    private static final String SECRET = "curfew.secret=" + Host.SECRET_TEXT;

    private final WebApplicationContextRunner bare = new WebApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(CurfewAutoConfiguration.class, CurfewWebAutoConfiguration.class));

    private final WebApplicationContextRunner shop = bare.withPropertyValues(
            "curfew.realm=shop", "curfew.issuer=https://shop.example.com", SECRET, "curfew.audience=shop-api");

    @Test
    void without_a_database_sessions_are_kept_in_memory_and_a_loud_line_says_so(CapturedOutput output) {
        shop.run(context -> {
            assertThat(context).hasSingleBean(SessionService.class).hasSingleBean(SessionEndpoints.class);
            assertThat(context.getBean(SessionStore.class)).isInstanceOf(InMemorySessionStore.class);
        });
        assertThat(output).contains("IN THE MEMORY OF THIS PROCESS");
    }

    @Test
    void memory_that_was_asked_for_is_not_warned_of(CapturedOutput output) {
        shop.withPropertyValues("curfew.store.type=memory")
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(output).doesNotContain("IN THE MEMORY");
    }

    @Test
    void a_database_is_taken_and_its_tables_are_made_if_it_is_in_memory() {
        shop.withUserConfiguration(Database.class)
                .withPropertyValues("curfew.encryption.store-unencrypted=true")
                .run(context -> {
                    assertThat(context.getBean(SessionStore.class)).isInstanceOf(JdbcSessionStore.class);
                    assertThat(context).hasSingleBean(TransactionalSessions.class);
                });
    }

    @Test
    void everything_is_there_without_spring_security_redis_micrometer_and_transactions() {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        CurfewAutoConfiguration.class,
                        CurfewWebAutoConfiguration.class,
                        CurfewSecurityAutoConfiguration.class,
                        CurfewMetricsAutoConfiguration.class,
                        CurfewHealthAutoConfiguration.class))
                .withClassLoader(new FilteredClassLoader(
                        "org.springframework.security",
                        "io.lettuce",
                        "dev.curfew.redis",
                        "org.springframework.data",
                        "io.micrometer",
                        "org.springframework.jdbc",
                        "org.springframework.transaction",
                        "org.springframework.boot.actuate"))
                .withPropertyValues("curfew.realm=shop", "curfew.session-tokens=true")
                .withUserConfiguration(Database.class)
                .withPropertyValues("curfew.encryption.store-unencrypted=true")
                .run(context -> assertThat(context)
                        .hasSingleBean(SessionEndpoints.class)
                        .doesNotHaveBean(TokenVerifier.class)
                        .doesNotHaveBean(TransactionalSessions.class));
    }

    @Test
    void it_can_be_switched_off() {
        bare.withPropertyValues("curfew.enabled=false")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(SessionService.class)
                        .doesNotHaveBean(SessionEndpoints.class));
    }

    @Test
    void each_bean_of_the_hosts_own_is_left_alone() {
        bare.withUserConfiguration(HostsOwn.class)
                .withPropertyValues("curfew.realm=shop", "curfew.cookie.name=__Host-session")
                .run(context -> {
                    HostsOwn own = context.getBean(HostsOwn.class);
                    assertThat(context.getBean(SessionStore.class)).isSameAs(own.store);
                    assertThat(context.getBean(TokenVerifier.class)).isSameAs(own.verifier);
                    assertThat(context.getBean(SessionService.class)).isSameAs(own.sessions);
                    assertThat(context.getBean(SessionEndpoints.class)).isSameAs(own.endpoints);
                    assertThat(context.getBean(RateLimiter.class)).isSameAs(own.limiter);
                    assertThat(context.getBean(SessionCookie.class)).isSameAs(own.cookie);
                });
    }

    @Test
    void a_customizer_has_the_last_word_before_a_builder_builds() {
        shop.withUserConfiguration(Database.class, Customized.class)
                .withPropertyValues("curfew.encryption.store-unencrypted=true")
                .run(context -> {
                    Customized customized = context.getBean(Customized.class);
                    assertThat(customized.seen).hasToString("store policy service endpoints");
                    assertThat(context.getBean(TokenVerifier.class).policy().maxTokenLifetime())
                            .isEqualTo(Duration.ofMinutes(3));
                });
    }

    @Test
    void a_policy_among_the_beans_is_enough_and_goes_together_with_the_issuer_of_the_properties() {
        shop.withUserConfiguration(OtherIssuer.class)
                .run(context -> assertThat(
                                context.getBean(TokenVerifier.class).policies().all())
                        .extracting(policy -> policy.issuer())
                        .containsExactly("https://other.example.com", "https://shop.example.com"));
        bare.withUserConfiguration(OtherIssuer.class)
                .withPropertyValues("curfew.realm=shop")
                .run(context -> assertThat(context).hasSingleBean(TokenVerifier.class));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "curfew.realm= | curfew.realm is not set. | Set curfew.realm to the namespace of your users",
                "curfew.secret=c2hvcnQ= | curfew.secret is Base64 of 5 bytes. | openssl rand -base64 32",
                "curfew.secret=not/base64! | curfew.secret is no Base64: 11 characters. | openssl rand -base64 32",
                "curfew.secret=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= | curfew.secret is refused: | random",
                "curfew.jwks-uri=https://a.example.com/jwks | both of curfew.secret and curfew.jwks-uri | Set",
                "curfew.audience= | call either audience(String) or anyAudience(). | Set curfew.audience",
                "curfew.session.idle=2d | lifetimes: idle must not exceed absolute | curfew.session.absolute",
                "curfew.token.skew=1h | skew | ",
                "curfew.store.type=redis | curfew.store.type is REDIS, and there is no Lettuce client. | spring.data",
                "curfew.store.type=jdbc | curfew.store.type is JDBC, and there is no bean DataSource. | spring.datas",
                "curfew.rate-limit.type=redis | curfew.rate-limit.type is REDIS, and there is no Lettuce | Add",
                "curfew.encryption.key=c2hvcnQ= | curfew.encryption.key is Base64 of 5 bytes. | Set curfew.encryption",
                "curfew.checks.during-outages=last-known-good | curfew.checks.last-known-good-for is not set. | 5m",
                "curfew.checks.poll-period=10s | at most a third of maxStaleness | curfew.checks.poll-period",
                "curfew.http.open=login | curfew.http.open is 'login' among others. | 'POST /login'",
                "curfew.http.open=/a/../b | open(\"/a/../b\") | Change curfew.http.open.",
                "curfew.http.open=POST /a/** | curfew.http.open is 'POST /a/**' among others. | '/assets/**'",
                "curfew.http.open=/a/*/b | curfew.http.open is '/a/*/b' among others. | '/assets/**'",
                "curfew.http.open=/a{b} | curfew.http.open is '/a{b}' among others. | '/assets/**'",
                "curfew.http.open=/*/b/** | curfew.http.open is '/*/b/**' among others. | '/assets/**'",
                "curfew.encryption.key-id=2024_01, curfew.encryption.key=x | key-id is '2024_01'. | hyphens",
                "curfew.http.logout-path=logout | a path must start with / | curfew.http.logout-path",
                "curfew.cookie.name=__Host-s, curfew.cookie.secure=false | the prefix demands Secure | a prefix",
                "curfew.http.allowed-origins=shop | allowedOrigins must look like | curfew.http.allowed-origins",
                "curfew.purge.every=-1h | curfew.purge.every is PT-1H. | Set curfew.purge.every",
            })
    void a_wrong_property_is_named_with_what_was_given_and_what_is_wanted(
            String properties, String description, String action) {
        shop.withPropertyValues(properties.split(", ")).run(failing(analysis -> {
            assertThat(analysis.getDescription()).contains(description);
            assertThat(analysis.getAction()).contains(action == null ? "" : action);
            assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain(Host.SECRET_TEXT);
        }));
    }

    @Test
    void a_database_demands_a_decision_about_encryption_and_the_properties_of_it_are_named() {
        shop.withUserConfiguration(Database.class).run(failing(analysis -> {
            assertThat(analysis.getDescription()).contains("encryption(...) or storeSessionsUnencrypted()");
            assertThat(analysis.getAction()).contains("curfew.encryption.key", "curfew.encryption.store-unencrypted");
        }));
    }

    @Test
    void missing_tables_are_told_with_the_property_that_makes_them() {
        shop.withUserConfiguration(Database.class)
                .withPropertyValues(
                        "curfew.encryption.store-unencrypted=true", "curfew.store.jdbc.initialize-schema=never")
                .run(failing(analysis ->
                        assertThat(analysis.getAction()).contains("curfew.store.jdbc.initialize-schema=always")));
    }

    @Test
    void a_database_that_is_down_is_told_with_the_properties_of_its_address() {
        shop.withBean(DataSource.class, () -> {
                    JdbcDataSource source = new JdbcDataSource();
                    source.setURL("jdbc:h2:tcp://localhost:1/nowhere");
                    return source;
                })
                .withPropertyValues("curfew.encryption.store-unencrypted=true")
                .run(failing(analysis -> {
                    assertThat(analysis.getDescription()).contains("cannot open the database");
                    assertThat(analysis.getAction()).contains("spring.datasource.url");
                }));
    }

    @Test
    void two_databases_of_which_none_is_the_primary_one_are_not_guessed_between() {
        shop.withUserConfiguration(Database.class)
                .withBean("other", DataSource.class, JdbcDataSource::new)
                .run(failing(analysis -> {
                    assertThat(analysis.getDescription()).contains("There are 2 beans DataSource");
                    assertThat(analysis.getAction()).contains("@Primary");
                }));
    }

    @Test
    void two_databases_are_the_hosts_own_matter_where_sessions_are_elsewhere() {
        shop.withUserConfiguration(Database.class)
                .withBean("other", DataSource.class, JdbcDataSource::new)
                .withPropertyValues("curfew.store.type=memory")
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(TransactionalSessions.class));
    }

    @Test
    void a_host_with_two_databases_says_itself_in_which_one_sessions_end() {
        shop.withUserConfiguration(TwoDatabases.class)
                .withPropertyValues("curfew.encryption.store-unencrypted=true")
                .run(context ->
                        assertThat(context.getBean(TransactionalSessions.class)).isSameAs(context.getBean("ours")));
    }

    @Test
    void two_clients_of_redis_of_which_none_is_the_primary_one_are_not_guessed_between() {
        shop.withBean("one", LettuceConnectionFactory.class, LettuceConnectionFactory::new)
                .withBean("other", LettuceConnectionFactory.class, LettuceConnectionFactory::new)
                .run(failing(analysis -> {
                    assertThat(analysis.getDescription()).contains("There are 2 beans LettuceConnectionFactory");
                    assertThat(analysis.getAction()).contains("@Primary");
                }));
    }

    @Test
    void a_key_that_is_not_below_its_id_is_not_repeated() {
        shop.withPropertyValues("curfew.encryption.readable=" + Host.SECRET_TEXT)
                .run(context -> {
                    assertThat(context).hasFailed();
                    FailureAnalysis analysis = new SecretFailureAnalyzer().analyze(context.getStartupFailure());
                    assertThat(analysis.getDescription()).contains("curfew.encryption.readable");
                    assertThat(analysis.getAction()).contains("curfew.encryption.readable.1=");
                    assertThat(analysis.getDescription() + analysis.getAction()).doesNotContain(Host.SECRET_TEXT);
                });
    }

    @Test
    void the_analyzer_that_hides_keys_comes_before_spring_boots_own() {
        List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
                .load(FailureAnalyzer.class, (type, name, failure) -> {});
        assertThat(analyzers.get(0)).isInstanceOf(SecretFailureAnalyzer.class);
    }

    @Test
    void a_time_without_a_unit_is_one_of_seconds() {
        shop.withPropertyValues("curfew.session.idle=1800", "curfew.checks.max-staleness=2")
                .run(context -> {
                    CurfewProperties properties = context.getBean(CurfewProperties.class);
                    assertThat(properties.session().idle()).isEqualTo(Duration.ofMinutes(30));
                    assertThat(properties.checks().maxStaleness()).isEqualTo(Duration.ofSeconds(2));
                });
    }

    @Test
    void a_node_asks_for_news_each_second_or_three_times_within_its_staleness() {
        assertThat(ServiceSettings.poll(Duration.ofSeconds(5))).isEqualTo(Duration.ofSeconds(1));
        assertThat(ServiceSettings.poll(Duration.ofMillis(1500))).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void neither_access_tokens_nor_session_tokens_is_told_with_the_properties_of_both() {
        bare.withPropertyValues("curfew.realm=shop")
                .run(failing(analysis -> assertThat(analysis.getAction())
                        .contains("curfew.issuer", "curfew.secret", "curfew.jwks-uri", "curfew.cookie.name")));
    }

    @Test
    void the_properties_show_no_secret() {
        shop.run(context ->
                assertThat(context.getBean(CurfewProperties.class).toString()).doesNotContain(Host.SECRET_TEXT));
    }

    private static org.springframework.boot.test.context.runner.ContextConsumer<AssertableWebApplicationContext>
            failing(Consumer<FailureAnalysis> told) {
        return context -> {
            assertThat(context).hasFailed();
            FailureAnalysis analysis = new CurfewFailureAnalyzer().analyze(context.getStartupFailure());
            assertThat(analysis)
                    .as("analysis of %s", context.getStartupFailure())
                    .isNotNull();
            told.accept(analysis);
        };
    }

    @Configuration(proxyBeanMethods = false)
    static class Database {
        @Bean
        DataSource dataSource() {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            return source;
        }
    }

    /** Of which the first is the store's. */
    @Configuration(proxyBeanMethods = false)
    static class TwoDatabases {
        private static DataSource database() {
            return new Database().dataSource();
        }

        @Bean
        DataSource orders() {
            return database();
        }

        @Bean
        DataSource sessions() {
            return database();
        }

        @Bean
        SessionStore store(@Qualifier("sessions") DataSource sessions) {
            JdbcSessionStore store = JdbcSessionStore.on(sessions).build();
            store.migrate();
            return store;
        }

        @Bean
        TransactionalSessions ours(
                SessionService service, SessionStore store, @Qualifier("sessions") DataSource sessions) {
            return TransactionalSessions.of(service, store, sessions);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OtherIssuer {
        @Bean
        TokenPolicy other() {
            return policy("other");
        }
    }

    private static TokenPolicy policy(String name) {
        return TokenPolicy.forIssuer(Realm.of(name), "https://" + name + ".example.com")
                .keys(TokenKeys.ofSecret("key", Base64.getDecoder().decode(Host.SECRET_TEXT)))
                .audience("api")
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Duration.ofMinutes(5))
                .build();
    }

    @Configuration(proxyBeanMethods = false)
    static class HostsOwn {
        final SessionStore store = InMemorySessionStore.create();
        final TokenVerifier verifier = TokenVerifier.of(policy("shop"));
        final RateLimiter limiter = RateLimiter.unlimited();
        final SessionCookie cookie = SessionCookie.named("__Host-mine").build();
        final SessionService sessions = SessionService.builder()
                .store(store)
                .lifetimes(dev.curfew.session.SessionLifetimes.aal2())
                .tokenPolicies(verifier.policies())
                .build();
        final SessionEndpoints endpoints =
                SessionEndpoints.builder().service(sessions).verifier(verifier).build();

        @Bean
        SessionStore store() {
            return store;
        }

        @Bean
        TokenVerifier verifier() {
            return verifier;
        }

        @Bean
        RateLimiter limiter() {
            return limiter;
        }

        @Bean
        SessionCookie cookie() {
            return cookie;
        }

        @Bean
        SessionService sessions() {
            return sessions;
        }

        @Bean
        SessionEndpoints endpoints() {
            return endpoints;
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Customized {
        final StringBuilder seen = new StringBuilder();

        @Bean
        CurfewCustomizer<SessionServiceBuilder> service() {
            return builder -> seen.append("service ");
        }

        @Bean
        CurfewCustomizer<SessionEndpointsBuilder> endpoints() {
            return builder -> seen.append("endpoints");
        }

        @Bean
        CurfewCustomizer<JdbcSessionStoreBuilder> store() {
            return builder -> seen.append("store ");
        }

        @Bean
        CurfewCustomizer<TokenPolicyBuilder> policy() {
            return builder -> {
                builder.maxTokenLifetime(Duration.ofMinutes(3));
                seen.append("policy ");
            };
        }
    }
}
