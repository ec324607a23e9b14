package dev.curfew.examples.page;

import dev.curfew.examples.page.PageHost.SignedIn;
import dev.curfew.session.DeviceInfo;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a page hears of the stream of events, and what it asks for because it cannot have heard it. */
class NewsTest extends PageTest {
    private static final String STREAM = "**/api/auth/events";

    private PageHost host;
    private SignedIn elsewhere;
    private Somebody alice;

    @BeforeEach
    void signIn() throws IOException {
        host = host(storeOfAlice()).with("events");
        elsewhere = host.signIn(ALICE, DeviceInfo.of("Another one"));
        alice = somebody(host).withCookie(host.signIn(ALICE, laptop()).token()).whoIsRefused();
    }

    @Test
    void what_happens_before_the_first_stream_is_open_is_seen() {
        alice.page().route(STREAM, route -> {
            host.signIn(ALICE, DeviceInfo.of("A new device"));
            route.resume();
        });

        alice.opensList();

        alice.reads(".curfew-name", "A new device");
    }

    @Test
    void what_happens_while_the_stream_is_broken_is_seen_when_it_is_open_again() throws IOException {
        opensListAndStream();
        host.stop();
        host.signIn(ALICE, DeviceInfo.of("A new device"));

        host.startAgain();

        alice.reads(".curfew-name", "A new device");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: %s\ndata: {}\n\n",
                "event:%s\ndata:{}\n\n",
                "id: 1\r\nevent: %s\r\ndata: {}\r\n\r\n",
                "event:%s\rdata\r\r"
            })
    void events_are_heard_in_each_of_their_forms(String form) {
        host.writesEventsAs(form);
        AtomicInteger opened = new AtomicInteger();
        alice.page().route(STREAM, route -> {
            if (opened.getAndIncrement() == 0) {
                route.resume();
            } else {
                route.abort(); // else that it is refused would tell the same
            }
        });
        opensListAndStream();

        host.endOthers(elsewhere);

        alice.reads(".curfew-over", "This device was signed out from another one of yours.");
    }

    /** The list is seen a second time once the stream is open. */
    private void opensListAndStream() {
        AtomicInteger seen = new AtomicInteger();
        alice.page().onResponse(response -> {
            if (response.url().contains("/api/auth/sessions?")) {
                seen.incrementAndGet();
            }
        });
        alice.opensList();
        alice.page().waitForCondition(() -> seen.get() >= 2);
    }
}
