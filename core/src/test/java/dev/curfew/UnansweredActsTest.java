package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.SessionHandle;
import dev.curfew.store.OperationId;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the store did not answer, the node records by itself: a repeat of the act learns what it did, and ends nothing
 * that began since.
 */
@Timeout(60)
class UnansweredActsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final RevocationCause NAMED = TestHost.BY_ADMIN.named(new OperationId(1, 2));

    private final TestHost host = TestHost.start();

    /** A node with a replica, over the same store. */
    private final SessionService node = host.node(
            host.clock,
            builder -> builder.replica(replica -> replica.staleness(Duration.ofHours(1), Duration.ofMillis(50))
                    .patience(PATIENCE, 8)));

    private final RevocationReplica replica = node.replica().orElseThrow();
    private final VerifiedToken old = host.loginToken(host.alice);

    @AfterEach
    void stop() {
        host.store.recover();
        node.close();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private void unanswered(Supplier<RevocationOutcome> act, boolean isCarriedOut) {
        if (isCarriedOut) {
            host.store.loseAnswers();
        } else {
            host.store.goDown();
        }
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(act::get);
    }

    private void recorded() {
        host.store.recover();
        // In this order: the read that comes after it begins when the node has told what it has recorded.
        await(() -> replica.status().unrecorded() == 0 && replica.catchUp(PATIENCE));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_repeat_after_the_node_has_recorded_it_answers_the_count_and_spares_who_logged_in_since(
            boolean isCarriedOut) {
        unanswered(() -> node.revokeAllSessions(host.alice, NAMED), isCarriedOut);
        recorded();
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken since = host.loginToken(host.alice);
        Instant cutOff = cutOff();

        assertThat(node.revokeAllSessions(host.alice, NAMED)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, false));

        assertThat(cutOff()).isEqualTo(cutOff);
        host.assertActive(since);
        host.assertRevoked(old);
        assertThat(host.events(RevocationRecorded.class)).hasSize(1);
        assertThat(host.events(SessionEnded.class)).hasSize(1);
    }

    /** The host tries again before the node's own thread does, and somebody has logged in elsewhere. */
    @Test
    void a_repeat_before_that_has_the_instant_of_the_first_call() {
        host.store.before(verb -> {
            if (verb.equals("revoke")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> node.revokeAllSessions(host.alice, NAMED));
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken since = host.loginToken(host.alice);
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> node.revokeAllSessions(host.alice, NAMED));
        recorded();

        assertThat(node.revokeAllSessions(host.alice, NAMED)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, false));

        host.assertActive(since);
        assertThat(node.checker().check(since).permits()).isTrue();
        assertThat(node.checker().check(old).permits()).isFalse();
    }

    @Test
    void a_repeat_of_a_logout_learns_that_it_ended_the_session() {
        SessionHandle handle = old.session().orElseThrow().handle();
        unanswered(() -> node.revokeSession(host.alice, handle, NAMED), false);
        recorded();

        assertThat(node.revokeSession(host.alice, handle, NAMED)).isEqualTo(TestHost.revoked(Kind.SESSION, 1, false));

        host.assertRevoked(old);
    }

    @Test
    void two_acts_upon_one_subject_are_both_recognised() {
        RevocationCause other = TestHost.BY_ADMIN.named(new OperationId(3, 4));
        unanswered(() -> node.revokeAllSessions(host.alice, NAMED), false);
        host.clock.advance(Duration.ofMinutes(1));
        unanswered(() -> node.revokeAllSessions(host.alice, other), false);
        assertThat(replica.status().unrecorded()).isEqualTo(2);
        recorded();
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken since = host.loginToken(host.alice);

        assertThat(node.revokeAllSessions(host.alice, NAMED))
                .isInstanceOfSatisfying(
                        RevocationOutcome.Revoked.class,
                        it -> assertThat(it.changed()).isFalse());
        assertThat(node.revokeAllSessions(host.alice, other))
                .isInstanceOfSatisfying(
                        RevocationOutcome.Revoked.class,
                        it -> assertThat(it.changed()).isFalse());

        host.assertActive(since);
    }

    @Test
    void a_recording_whose_answer_is_lost_is_repeated_and_counts_once() {
        unanswered(() -> node.revokeAllSessions(host.alice, NAMED), false);
        AtomicInteger calls = new AtomicInteger();
        host.store.after(verb -> {
            if (verb.equals("revoke") && calls.getAndIncrement() == 0) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        // Last: from here on the node records it by itself.
        host.store.before(verb -> {});
        await(() -> replica.catchUp(PATIENCE) && replica.status().unrecorded() == 0);
        host.store.recover();

        assertThat(calls).hasValueGreaterThanOrEqualTo(2);
        assertThat(node.revokeAllSessions(host.alice, NAMED)).isEqualTo(TestHost.revoked(Kind.SUBJECT, 1, false));
    }

    private Instant cutOff() {
        return host.store.newestCutOff(host.alice, host.now());
    }
}
