package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLimit;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service as it is by default: checks are answered from this node's replica. */
@Timeout(60)
class ReplicatedServiceTest {
    private final TestHost host = TestHost.start(service ->
            service.replica(ReplicatedServiceTest::withoutPolls).sessionLimit(SessionLimit.endOldestBeyond(3)));
    private final SessionService other =
            host.node(host.clock, service -> service.replica(ReplicatedServiceTest::withoutPolls));

    /** No poll comes in between: what a node knows, it was told or has asked for. */
    private static RevocationReplica.Builder withoutPolls(RevocationReplica.Builder replica) {
        return replica.staleness(Duration.ofHours(1), Duration.ofMinutes(20));
    }

    @AfterEach
    void close() {
        host.service.close();
        other.close();
    }

    @Test
    void checks_cost_no_question_to_the_store() {
        VerifiedToken token = host.loginToken(host.alice);
        host.store.takeCalls();

        host.assertActive(token);

        assertThat(host.service.checker().check(token).source()).isEqualTo(Source.INDEX);
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void every_way_to_end_sessions_is_seen_at_once_on_this_node() {
        VerifiedToken loggedOut = host.loginToken(host.alice);
        host.service.logout(loggedOut);
        host.assertRevoked(loggedOut);

        VerifiedToken current = host.loginToken(host.alice);
        Session device = host.login(host.alice);
        VerifiedToken ofDevice = host.tokens.of(device);
        host.service.revokeSession(current, device.handle().value());
        host.assertRevoked(ofDevice);
        host.assertActive(current);

        VerifiedToken another = host.loginToken(host.alice);
        host.service.revokeOtherSessions(current);
        host.assertRevoked(another);
        host.assertActive(current);
    }

    @Test
    void a_login_over_the_limit_ends_the_oldest_session_at_once_on_this_node() {
        VerifiedToken oldest = host.loginToken(host.alice);
        host.clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < 3; i++) {
            host.assertActive(oldest);
            host.login(host.alice);
        }

        host.assertRevoked(oldest);
    }

    @Test
    void another_node_sees_it_as_soon_as_it_has_caught_up() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);
        assertThat(other.checker().check(token).outcome()).isEqualTo(Outcome.ACTIVE);

        assertThat(other.replica().orElseThrow().catchUp(Duration.ofSeconds(20)))
                .isTrue();

        assertThat(other.checker().check(token).outcome()).isEqualTo(Outcome.REVOKED);
    }

    @Test
    void what_must_be_fresh_is() {
        VerifiedToken token = host.loginToken(host.alice);
        host.service.logout(token);

        assertThat(other.checker().requireFresh(token).outcome()).isEqualTo(Outcome.REVOKED);
    }

    @Test
    void authoritative_checks_need_no_replica() {
        try (SessionService authoritative = host.node(host.clock, SessionServiceBuilder::authoritativeChecks)) {
            VerifiedToken token = host.loginToken(host.alice);
            host.service.logout(token);

            assertThat(authoritative.replica()).isEmpty();
            assertThat(authoritative.checker().check(token).source()).isEqualTo(Source.STORE);
            assertThat(authoritative.checker().check(token).outcome()).isEqualTo(Outcome.REVOKED);
        }
    }
}
