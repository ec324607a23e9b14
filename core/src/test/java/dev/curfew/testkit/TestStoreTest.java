package dev.curfew.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.RevocationOutcome;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.event.SessionEvent.RevocationFailed;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.SubjectExport;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The store for tests of hosts breaks in each of its ways, and comes back whole. */
@Timeout(60)
class TestStoreTest {
    /** A thread for each, whatever the common pool has. */
    private static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "host");
        thread.setDaemon(true);
        thread.start();
    };

    private final TestCurfew curfew = TestCurfew.start();
    private final TestSession alice = curfew.login("alice");

    @AfterEach
    void close() {
        curfew.close();
    }

    private int logout() {
        return curfew.callAs(alice).post("/api/v1/auth/logout").status();
    }

    @Test
    void a_store_that_fails_does_nothing() {
        TestSession phone = curfew.login("alice");
        curfew.store().fail();
        assertThat(curfew.callAs(alice).delete("/api/auth/sessions").status()).isEqualTo(500);

        curfew.recover();
        assertThat(phone.isLive()).isTrue();
        curfew.events().only(RevocationFailed.class);
        assertThat(curfew.callAs(alice).delete("/api/auth/sessions").status()).isEqualTo(200);
        assertThat(phone.isLive()).isFalse();
    }

    @Test
    void this_node_follows_the_feed_while_other_verbs_fail_or_are_slow() {
        curfew.store().fail("insert");
        curfew.advance(Duration.ofSeconds(10));
        assertThat(curfew.sessions().checker().checkNow(alice.caller()).outcome())
                .isEqualTo(Outcome.ACTIVE);

        curfew.store().slow(Duration.ofMillis(100));
        curfew.advance(Duration.ofSeconds(10));
        assertThat(curfew.sessions().health().isReady()).isTrue();
        assertThat(curfew.sessions().checker().checkNow(alice.caller()).outcome())
                .isEqualTo(Outcome.ACTIVE);
    }

    @Test
    void a_logout_that_failed_is_made_good_when_the_store_recovers() {
        curfew.store().fail();
        assertThat(logout()).isEqualTo(500);
        assertThat(curfew.checker().check(alice.caller()).outcome()).isEqualTo(Outcome.REVOKED);

        curfew.recover();
        assertThat(alice.isLive()).isFalse();
    }

    @Test
    void a_fault_of_one_verb_leaves_the_others_alone() {
        curfew.store().fail("list", "sessionsOf");

        assertThat(curfew.callAs(alice).get("/api/auth/sessions").status()).isEqualTo(500);
        assertThat(logout()).isEqualTo(200);
    }

    @Test
    void an_unknown_verb_is_a_mistake_that_names_the_known_ones() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> curfew.store().fail("logout"))
                .withMessageContaining("logout")
                .withMessageContaining("revocationsCovering");
    }

    @Test
    void an_answer_that_is_lost_was_an_act_all_the_same() {
        curfew.store().loseAnswers("revoke");
        assertThat(logout()).isEqualTo(500);

        curfew.recover();
        assertThat(alice.isLive()).isFalse();
    }

    @Test
    void a_slow_store_takes_the_time_of_the_clock() {
        Instant before = curfew.clock().instant();
        curfew.store().slow(Duration.ofMillis(1_500), "revoke");

        assertThat(logout()).isEqualTo(200);
        assertThat(curfew.clock().instant()).isEqualTo(before.plusMillis(1_500));
    }

    @Test
    void a_store_that_is_too_slow_fails_after_its_timeout() {
        Instant before = curfew.clock().instant();
        curfew.store().slow(Duration.ofMinutes(10), "revoke");

        assertThat(logout()).isEqualTo(500);
        // Or more: once a second this node tries by itself to record what the store did not answer.
        assertThat(curfew.clock().instant()).isBetween(before.plusSeconds(2), before.plusSeconds(60));
    }

    @Test
    void what_hangs_goes_on_when_it_is_released() throws ExecutionException, InterruptedException {
        try (HangingCalls calls = curfew.store().hang("revoke")) {
            CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(this::logout, THREADS);
            calls.awaitCall();
            assertThat(answer).isNotDone();

            calls.release();
            assertThat(answer.get()).isEqualTo(200);
        }
    }

    @Test
    void what_hangs_fails_when_its_time_is_out() throws ExecutionException, InterruptedException {
        HangingCalls calls = curfew.store().hang("revoke");
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(this::logout, THREADS);
        calls.awaitCall();

        calls.timeOut();
        assertThat(answer.get()).isEqualTo(500);
        assertThat(logout()).isEqualTo(500);
    }

    @Test
    void a_check_of_a_hanging_store_is_unknown_when_the_call_has_failed()
            throws ExecutionException, InterruptedException {
        HangingCalls calls = curfew.store().hang();
        curfew.advance(Duration.ofSeconds(6));
        CompletableFuture<Outcome> answer = CompletableFuture.supplyAsync(
                () -> curfew.checker().check(alice.caller()).outcome(), THREADS);
        calls.awaitCall();

        calls.timeOut();
        assertThat(answer.get()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void whoever_closes_lets_go_what_hangs() throws ExecutionException, InterruptedException {
        HangingCalls calls = curfew.store().hang("revoke");
        CompletableFuture<Integer> answer = CompletableFuture.supplyAsync(this::logout, THREADS);
        calls.awaitCall();

        curfew.close();
        assertThat(answer.get()).isEqualTo(200);
    }

    @Test
    void abilities_fail_too() {
        curfew.store().fail("erase");
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> curfew.sessions()
                        .subjects()
                        .eraseSubject(
                                curfew.subject("alice"), TestCurfew.byAdmin(RevocationReason.ACCOUNT_DISABLED), 10));
        curfew.recover();
        SubjectExport export = curfew.sessions().subjects().exportSubject(curfew.subject("alice"));
        assertThat(export.sessions()).hasSize(1);
    }

    @Test
    void a_session_that_is_not_answered_can_be_ended_by_its_subject_and_not_by_itself() {
        curfew.store().failFor(alice.session());

        assertThat(logout()).isEqualTo(500);
        RevocationOutcome outcome = curfew.sessions()
                .revokeAllSessions(curfew.subject("alice"), TestCurfew.byAdmin(RevocationReason.REVOKED_BY_ADMIN));
        assertThat(outcome).isInstanceOf(RevocationOutcome.Revoked.class);
    }
}
