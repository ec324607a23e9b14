package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.SessionServiceBuilder;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.SessionStore;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** A host with two databases, both with Curfew's tables, and its sessions in the one that is not the primary one. */
class TwoDataSourcesTest {
    private static final RevocationCause CHANGED = RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED);
    private static final SubjectId ALICE = new SubjectId(Realm.of("shop"), "alice");

    @Configuration(proxyBeanMethods = false)
    static class Databases {
        private final DataSource orders = database();
        private final DataSource people = database();

        @Bean
        @Primary
        DataSource orders() {
            return orders;
        }

        @Bean
        DataSource people() {
            return people;
        }

        @Bean
        SessionStore store() {
            return JdbcSessionStore.on(people).build();
        }

        private static DataSource database() {
            JdbcDataSource source = new JdbcDataSource();
            source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
            try (JdbcSessionStore store = JdbcSessionStore.on(source).build()) {
                store.migrate();
            }
            return source;
        }
    }

    private static void inHost(BiConsumer<BeanFactory, Databases> test) {
        new WebApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(CurfewAutoConfiguration.class))
                .withUserConfiguration(Databases.class)
                .withPropertyValues("curfew.realm=shop", "curfew.encryption.store-unencrypted=true")
                .withBean(CurfewCustomizer.class, TwoDataSourcesTest::withoutTokens)
                .run(context -> {
                    assertThat(context).hasNotFailed();
                    context.getBean(SessionService.class)
                            .beginLogin(ALICE)
                            .complete(DeviceInfo.of("a test"))
                            .orElseThrow();
                    test.accept(context, context.getBean(Databases.class));
                });
    }

    private static CurfewCustomizer<SessionServiceBuilder> withoutTokens() {
        return SessionServiceBuilder::withoutAccessTokens;
    }

    /** How many sessions the call has ended. */
    private static long end(TransactionalSessions sessions, DataSource transactionOf) {
        TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(transactionOf));
        transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        return transaction.execute(status -> sessions.inTransaction(joined -> joined.revokeAllSessions(ALICE, CHANGED))
                .recorded()
                .orElseThrow()
                .count()
                .orElseThrow());
    }

    @Test
    void a_transaction_of_the_other_database_is_not_joined_and_the_sentence_says_what_to_define() {
        inHost((beans, databases) -> {
            TransactionalSessions ofThePrimary = beans.getBean(TransactionalSessions.class);

            assertThatThrownBy(() -> end(ofThePrimary, databases.orders))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the sessions are in another DataSource")
                    .hasMessageContaining("TransactionalSessions.of(sessions, store, dataSource)");
        });
    }

    @Test
    void who_names_the_wrong_database_is_told_at_once_and_the_right_one_is_joined() {
        inHost((beans, databases) -> {
            SessionService service = beans.getBean(SessionService.class);
            SessionStore store = beans.getBean(SessionStore.class);

            assertThatThrownBy(() -> TransactionalSessions.of(service, store, databases.orders))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("the sessions are in another DataSource");
            DataSource seen = new LazyConnectionDataSourceProxy(databases.people);
            assertThat(end(TransactionalSessions.of(service, store, seen), seen))
                    .as("a proxy in front of it is the same database")
                    .isEqualTo(1);
        });
    }
}
