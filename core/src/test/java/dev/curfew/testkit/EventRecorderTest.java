package dev.curfew.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.event.SessionEvent.SessionCreated;
import dev.curfew.event.SessionEvent.SessionEnded;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recorder for tests of hosts keeps what came. */
@Timeout(60)
class EventRecorderTest {
    @Test
    void the_events_of_a_call_are_there_when_it_returns() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession alice = curfew.login("alice").logOut();

            assertThat(curfew.events().only(SessionCreated.class).session().handle())
                    .isEqualTo(alice.session().handle());
            assertThat(curfew.events().only(SessionEnded.class).session())
                    .isEqualTo(alice.session().handle());
            assertThat(curfew.events().all().get(0)).isInstanceOf(SessionCreated.class);

            curfew.events().clear();
            assertThat(curfew.events().all()).isEmpty();
        }
    }

    @Test
    void one_event_is_neither_none_nor_two() {
        try (TestCurfew curfew = TestCurfew.start()) {
            curfew.login("alice");
            curfew.login("bob");

            assertThat(curfew.events().of(SessionCreated.class)).hasSize(2);
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> curfew.events().only(SessionCreated.class))
                    .withMessageContaining("SessionCreated, but there are 2");
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> curfew.events().only(SessionEnded.class))
                    .withMessageContaining("SessionEnded, but there are 0");
        }
    }

    @Test
    void what_another_thread_causes_is_awaited() {
        try (TestCurfew curfew = TestCurfew.start()) {
            TestSession alice = curfew.login("alice");
            Thread host = new Thread(alice::logOut, "host");
            host.start();

            assertThat(curfew.events().await(SessionEnded.class).session())
                    .isEqualTo(alice.session().handle());
        }
    }
}
