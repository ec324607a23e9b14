package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.testkit.HangingCalls;
import dev.curfew.testkit.TestCurfew;
import dev.curfew.testkit.TestSession;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The store fails in each of its ways, and no test waits. */
class OutageTest {
    private final TestCurfew curfew = TestCurfew.start();
    private final TestSession alice = curfew.login("alice");
    private final ExecutorService host = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        curfew.close();
        host.shutdown();
    }

    private int logout() {
        return curfew.callAs(alice).post("/api/v1/auth/logout").status();
    }

    @Test
    void a_check_goes_on_for_five_seconds_and_then_refuses() {
        curfew.store().fail();

        curfew.advance(Duration.ofSeconds(4));
        assertThat(curfew.checker().check(alice.caller()).permits()).isTrue();
        curfew.advance(Duration.ofSeconds(2));
        assertThat(curfew.checker().check(alice.caller()).permits()).isFalse();
    }

    @Test
    void an_answer_that_is_lost_may_have_been_an_act() {
        curfew.store().loseAnswers("revoke");
        assertThat(logout()).isEqualTo(500);

        curfew.recover();
        assertThat(alice.isLive()).isFalse();
    }

    @Test
    void a_slow_store_takes_the_time_of_the_clock() {
        curfew.store().slow(Duration.ofSeconds(2));

        assertThat(logout()).isEqualTo(500);
    }

    @Test
    void what_hangs_is_let_go_by_the_test() throws Exception {
        try (HangingCalls calls = curfew.store().hang("revoke")) {
            Future<Integer> answer = host.submit(this::logout);
            calls.awaitCall();
            assertThat(answer.isDone()).isFalse();

            calls.release();
            assertThat(answer.get()).isEqualTo(200);
        }
    }

    @Test
    void what_hangs_times_out_when_the_test_says_so() throws Exception {
        HangingCalls calls = curfew.store().hang("revoke");
        Future<Integer> answer = host.submit(this::logout);
        calls.awaitCall();

        calls.timeOut();
        assertThat(answer.get()).isEqualTo(500);
    }
}
