package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.PendingOutcome;
import dev.curfew.RevocationCause;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.event.SessionEvent;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.VerifiedToken;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ending sessions as part of the host's own transaction, through the service. */
@Timeout(120)
final class HostTransactionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final RevocationCause CAUSE = RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED);

    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final SubjectId alice = tokens.subject("alice");
    private final List<SessionEvent> events = new CopyOnWriteArrayList<>();

    /** Without hints, so that no reader closes what a test is about to close. */
    private static JdbcSessionStore opened(TestDatabase database) {
        return Stores.opened(Stores.on(database.pool(), Stores.prefix()).withoutHints());
    }

    /** A node that reads the feed only when it is asked to, so that what it knows at once it knows by itself. */
    private SessionService node(JdbcSessionStore store) {
        return SessionService.builder()
                .store(store)
                .storeSessionsUnencrypted()
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy())
                .clock(clock)
                .replica(replica -> replica.staleness(Duration.ofHours(3), Duration.ofHours(1)))
                .withoutAuditLog()
                .listener(events::add)
                .eventExecutor(Runnable::run)
                .build();
    }

    private VerifiedToken login(SessionService node) {
        return tokens.of(node.beginLogin(alice)
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow());
    }

    private static RevocationOutcome revoked(long count) {
        return new RevocationOutcome.Revoked(Kind.SUBJECT, OptionalLong.of(count), true);
    }

    @ParameterizedTest
    @EnumSource
    void committed_it_holds_on_this_node_at_once_and_is_told_once(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        try (SessionService node = node(store);
                Connection host = database.transaction()) {
            VerifiedToken first = login(node);
            VerifiedToken second = login(node);
            events.clear();

            PendingOutcome pending = node.in(store.join(host)).revokeAllSessions(alice, CAUSE);
            assertThat(pending.outcome()).isEqualTo(revoked(2));
            assertThat(events).isEmpty();
            assertThat(node.checker().check(first).permits()).isTrue();
            assertThatIllegalStateException().isThrownBy(pending::committed);
            assertThat(events).isEmpty();
            host.commit();
            clock.advance(Duration.ofSeconds(3));

            assertThat(pending.committed()).isEqualTo(revoked(2));

            assertThat(node.checker().check(first).permits()).isFalse();
            assertThat(node.checker().check(second).permits()).isFalse();
            assertThat(events)
                    .filteredOn(SessionEvent.SessionEnded.class::isInstance)
                    .hasSize(2);
            assertThat(events)
                    .filteredOn(SessionEvent.RevocationRecorded.class::isInstance)
                    .singleElement()
                    .satisfies(event -> assertThat(((SessionEvent.RevocationRecorded) event).count())
                            .hasValue(2));
            assertThatIllegalStateException().isThrownBy(pending::committed);
            assertThat(events)
                    .filteredOn(event -> !(event instanceof SessionEvent.RevokedTokenUsed))
                    .hasSize(3);
            clock.advance(Duration.ofSeconds(3));
            assertThat(node.checker().check(login(node)).permits()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void others_are_ended_with_a_new_password_and_the_caller_stays(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        try (SessionService node = node(store);
                Connection host = database.transaction()) {
            VerifiedToken other = login(node);
            VerifiedToken caller = login(node);

            PendingOutcome pending = node.in(store.join(host)).revokeOtherSessions(caller, CAUSE);
            host.commit();

            assertThat(pending.committed()).isEqualTo(revoked(1));
            assertThat(node.checker().check(caller).permits()).isTrue();
            assertThat(node.checker().check(other).permits()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void rolled_back_nothing_is_revoked_and_nothing_told(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        try (SessionService node = node(store);
                Connection host = database.transaction()) {
            VerifiedToken token = login(node);
            events.clear();

            PendingOutcome pending = node.in(store.join(host)).revokeAllSessions(alice, CAUSE);
            host.rollback();
            assertThatIllegalStateException().isThrownBy(pending::committed).withMessageContaining("not committed");
            pending.rolledBack();
            assertThatIllegalStateException().isThrownBy(pending::committed);

            assertThat(node.replica().orElseThrow().catchUp(Duration.ofSeconds(30)))
                    .isTrue();
            assertThat(node.checker().check(token).permits()).isTrue();
            assertThat(events).isEmpty();
        }
    }

    /** The host does not say that it has committed, or its process has died. */
    @ParameterizedTest
    @EnumSource
    void what_a_reader_closes_holds_and_is_told_by_its_node(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        try (SessionService node = node(store);
                Connection host = database.transaction()) {
            VerifiedToken token = login(node);
            events.clear();
            PendingOutcome late = node.in(store.join(host)).revokeAllSessions(alice, CAUSE);
            host.commit();
            RevocationReplica replica = node.replica().orElseThrow();

            assertThat(replica.catchUp(PATIENCE)).isTrue();
            assertThat(node.checker().check(token).permits()).isFalse();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (recorded() == 0) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                assertThat(replica.catchUp(PATIENCE)).isTrue();
            }

            assertThat(late.committed()).isEqualTo(revoked(1));
            assertThat(recorded()).isEqualTo(1);
            assertThat(events)
                    .filteredOn(SessionEvent.SessionEnded.class::isInstance)
                    .hasSize(1);
            clock.advance(Duration.ofSeconds(3));
            assertThat(node.checker().check(login(node)).permits()).isTrue();
        }
    }

    private long recorded() {
        return events.stream()
                .filter(SessionEvent.RevocationRecorded.class::isInstance)
                .count();
    }

    @ParameterizedTest
    @EnumSource
    void misuse_is_refused(TestDatabase database) throws Exception {
        JdbcSessionStore store = opened(database);
        JdbcSessionStore another = opened(database);
        try (SessionService node = node(store);
                Connection host = database.transaction()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> node.in(another.join(host)))
                    .withMessageContaining("another store");
            host.setAutoCommit(true);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.join(host))
                    .withMessageContaining("autocommit");
            host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            host.setAutoCommit(false);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.join(host))
                    .withMessageContaining("READ COMMITTED");
        }
    }
}
