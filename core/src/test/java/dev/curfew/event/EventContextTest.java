package dev.curfew.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.audit.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An event brings along where the call came from that caused it, whatever thread tells it. */
@Timeout(60)
class EventContextTest {
    private final List<RequestContext> heard = new CopyOnWriteArrayList<>();
    private final SessionEventListener listener = new SessionEventListener() {
        @Override
        public void onEvent(SessionEvent event) {
            throw new AssertionError("the other one is called");
        }

        @Override
        public void onEvent(SessionEvent event, RequestContext context) {
            heard.add(context);
        }
    };

    private static RequestContext called(String id) {
        return RequestContext.none().withCorrelationId(id);
    }

    @Test
    void an_event_is_told_with_the_context_of_the_thread_that_published_it() {
        EventPublisher publisher = EventPublisher.onOwnThread(List.of(listener));
        RequestContext one = called("one");

        RequestContext.Scope scope = one.open();
        publisher.publish(Records.important(1));
        scope.close();
        publisher.publish(Records.important(2));
        publisher.close();

        assertThat(heard).containsExactly(one, RequestContext.none());
    }

    @Test
    void work_that_finds_out_more_events_keeps_the_context_of_who_gave_it() {
        List<Runnable> works = new ArrayList<>();
        EventPublisher publisher = EventPublisher.on(List.of(listener), works::add);
        RequestContext one = called("one");
        RequestContext two = called("two");

        RequestContext.Scope scope = one.open();
        publisher.run(() -> {
            publisher.deliver(Records.important(1));
            publisher.deliver(Records.important(2));
        });
        scope.close();
        RequestContext.Scope other = two.open();
        works.forEach(Runnable::run);

        assertThat(heard).containsExactly(one, one);
        assertThat(RequestContext.current()).isSameAs(two);
        other.close();
    }

    @Test
    void work_that_fails_leaves_no_context_behind() {
        EventPublisher publisher = EventPublisher.on(List.of(listener), Runnable::run);
        List<Runnable> works = new ArrayList<>();
        EventPublisher later = EventPublisher.on(List.of(listener), works::add);

        RequestContext.Scope scope = called("one").open();
        later.run(() -> {
            throw new IllegalStateException("fails");
        });
        scope.close();
        works.forEach(Runnable::run);
        publisher.publish(Records.important(1));

        assertThat(heard).containsExactly(RequestContext.none());
    }

    @Test
    void a_listener_of_one_argument_is_told_too() {
        List<SessionEvent> plain = new ArrayList<>();
        EventPublisher publisher = EventPublisher.on(List.of(plain::add), Runnable::run);

        publisher.publish(Records.important(1));

        assertThat(plain).containsExactly(Records.important(1));
    }

    @Test
    void an_address_that_is_too_long_is_cut_and_no_surrogate_pair_with_it() {
        String pair = "\ud83d\ude00";

        assertThat(RequestContext.none().withAddress("a".repeat(70)).address()).contains("a".repeat(64));
        assertThat(RequestContext.none().withAddress("a".repeat(63) + pair).address())
                .contains("a".repeat(63));
        assertThat(RequestContext.none()
                        .withAddress("a".repeat(62) + pair + "b")
                        .address())
                .contains("a".repeat(62) + pair);
    }
}
