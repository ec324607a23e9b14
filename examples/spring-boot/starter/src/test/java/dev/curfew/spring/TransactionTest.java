package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.RevocationCause;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEventListener;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** Revocations within the host's transaction, in a database that both share. */
class TransactionTest {
    private static final RevocationCause CHANGED = RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED);
    private static Host host;
    private static final List<SessionEvent> EVENTS = new CopyOnWriteArrayList<>();

    @SpringBootConfiguration
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        Passwords passwords(JdbcTemplate jdbc, TransactionalSessions sessions) {
            return new Passwords(jdbc, sessions);
        }

        @Bean
        SessionEventListener listener() {
            return EVENTS::add;
        }

        @Bean
        CurfewCustomizer<dev.curfew.SessionServiceBuilder> events() {
            return sessions -> sessions.eventExecutor(Runnable::run);
        }
    }

    static class Passwords {
        private final JdbcTemplate jdbc;
        private final TransactionalSessions sessions;

        Passwords(JdbcTemplate jdbc, TransactionalSessions sessions) {
            this.jdbc = jdbc;
            this.sessions = sessions;
        }

        @Transactional
        public RevocationOutcome change(VerifiedToken caller, String password, boolean fails) {
            jdbc.update("UPDATE password SET text = ?", password);
            RevocationOutcome outcome = sessions.inTransaction(joined -> joined.revokeOtherSessions(caller, CHANGED));
            if (fails) {
                throw new IllegalStateException("rolled back");
            }
            return outcome;
        }

        @Transactional(isolation = Isolation.SERIALIZABLE)
        public RevocationOutcome changeInAnotherIsolation(VerifiedToken caller) {
            return sessions.inTransaction(joined -> joined.revokeOtherSessions(caller, CHANGED));
        }
    }

    @BeforeAll
    static void start() {
        Map<String, Object> properties = Host.jwt();
        properties.put("spring.datasource.url", "jdbc:h2:mem:transactions;DB_CLOSE_DELAY=-1");
        properties.put("curfew.store.type", "auto");
        properties.put("curfew.encryption.store-unencrypted", "true");
        host = Host.start(properties, Shop.class);
        JdbcTemplate jdbc = host.bean(JdbcTemplate.class);
        jdbc.execute("CREATE TABLE password (text VARCHAR(50))");
        jdbc.update("INSERT INTO password VALUES ('old')");
    }

    @BeforeEach
    void forgetEvents() {
        EVENTS.clear();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static VerifiedToken caller(Session session) {
        return host.bean(TokenVerifier.class).verify(host.token(session));
    }

    private static boolean isGood(VerifiedToken token) {
        return host.bean(SessionService.class).checker().check(token).permits();
    }

    private static String password() {
        return host.bean(JdbcTemplate.class).queryForObject("SELECT text FROM password", String.class);
    }

    private static long ends() {
        return EVENTS.stream()
                .filter(SessionEvent.SessionEnded.class::isInstance)
                .count();
    }

    @Test
    void a_commit_changes_the_password_and_ends_the_others_at_once_and_a_rollback_neither() {
        VerifiedToken current = caller(host.login("alice"));
        VerifiedToken other = caller(host.login("alice"));
        Passwords passwords = host.bean(Passwords.class);

        assertThatThrownBy(() -> passwords.change(current, "rolled-back", true)).hasMessage("rolled back");
        assertThat(password()).isEqualTo("old");
        assertThat(isGood(other)).isTrue();
        assertThat(ends()).isZero();

        RevocationOutcome outcome = passwords.change(current, "new", false);
        assertThat(outcome.recorded().orElseThrow().count()).hasValue(1);
        assertThat(password()).isEqualTo("new");
        assertThat(isGood(other)).as("when the call has returned").isFalse();
        assertThat(isGood(current)).isTrue();
        assertThat(ends()).as("told once, after the commit").isEqualTo(1);
    }

    @Test
    void what_a_nested_transaction_took_back_is_not_told_and_the_rest_commits() {
        VerifiedToken current = caller(host.login("carol"));
        VerifiedToken other = caller(host.login("carol"));
        TransactionTemplate outer = new TransactionTemplate(host.bean(PlatformTransactionManager.class));
        outer.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        TransactionTemplate nested = new TransactionTemplate(host.bean(PlatformTransactionManager.class));
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        TransactionalSessions sessions = host.bean(TransactionalSessions.class);

        outer.executeWithoutResult(all -> nested.executeWithoutResult(part -> {
            sessions.inTransaction(joined -> joined.revokeOtherSessions(current, CHANGED));
            part.setRollbackOnly();
        }));
        assertThat(isGood(other)).as("taken back").isTrue();

        outer.executeWithoutResult(all -> {
            sessions.inTransaction(joined -> joined.revokeOtherSessions(current, CHANGED));
            nested.executeWithoutResult(part -> part.setRollbackOnly());
        });
        assertThat(isGood(other))
                .as("revoked before the part that was taken back")
                .isFalse();
    }

    @Test
    void without_a_transaction_or_in_another_isolation_a_sentence_says_what_is_missing() {
        VerifiedToken current = caller(host.login("bob"));
        TransactionalSessions sessions = host.bean(TransactionalSessions.class);

        assertThatThrownBy(() -> sessions.inTransaction(joined -> joined.revokeOtherSessions(current, CHANGED)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@Transactional");
        assertThatThrownBy(() -> host.bean(Passwords.class).changeInAnotherIsolation(current))
                .hasMessageContaining("READ COMMITTED");
    }
}
