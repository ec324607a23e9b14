package dev.curfew.examples.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import dev.curfew.RevocationCause;
import dev.curfew.examples.page.PageHost.SignedIn;
import dev.curfew.http.Profile;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.h2.jdbcx.JdbcDataSource;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;

/** A server or a store that is not there for a while: the page says so, and takes it back when it is over. */
class OutageTest extends PageTest {
    private static final String BAR = ".curfew-notice";
    private static final String RELOAD = "document.querySelector('curfew-devices').reload()";

    @Test
    void a_server_that_is_gone_is_told_until_it_is_back() throws IOException {
        PageHost host = host(storeOfAlice());
        Somebody alice = somebody(host)
                .withCookie(host.signIn(ALICE, laptop()).token())
                .whoIsRefused()
                .opensList();
        host.stop();
        alice.find(".curfew-button:has-text('Sign out')").nth(2).focus();

        alice.press("Enter");

        alice.reads(BAR, "\u2068Safari on iPhone\u2069 may still be signed in");
        assertThat(alice.focused()).isEqualTo("Sign out \u2068Safari on iPhone\u2069");
        assertThat(alice.otherNames()).as("what was known is still shown").hasSize(6);
        alice.look("outage");

        host.startAgain();

        alice.reads(BAR, "\u2068Safari on iPhone\u2069 is still signed in. Please sign it out again.");
        alice.press("Enter");
        alice.reads(".curfew-toast", "\u2068Safari on iPhone\u2069 is signed out.");
        alice.readsNoMore(BAR);
        assertThat(alice.otherNames()).hasSize(5);
    }

    @Test
    void a_store_that_is_down_is_an_outage_and_no_end_of_the_sign_in() throws IOException, SQLException {
        Server database =
                Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:tcp://localhost:" + database.getPort() + "/mem:page;DB_CLOSE_DELAY=-1");
        JdbcSessionStore store = opened(JdbcSessionStore.on(source).build());
        store.migrate();
        PageHost host = host(store, Profile.STANDARDS, UnaryOperator.identity()).with("credential='bearer'");
        host.signIn(ALICE, DeviceInfo.of("Another one"));
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody alice = somebody(host)
                .withTokens(host.tokens().of(here.session()))
                .whoIsRefused()
                .opensList();

        database.stop();
        alice.page().evaluate(RELOAD);
        alice.reads(BAR, "The service does not answer at the moment");
        assertThat(alice.otherNames()).containsExactly("Another one");
        Server back = Server.createTcpServer("-tcpPort", String.valueOf(database.getPort()), "-ifNotExists")
                .start();
        opened(back::stop);

        alice.reads(".curfew-toast", "Connected again. The list is up to date.");
        alice.readsNoMore(BAR);
        assertThat(alice.otherNames()).containsExactly("Another one");
    }

    @Test
    void whoever_opens_the_page_while_nobody_answers_sees_the_list_as_soon_as_somebody_does() throws IOException {
        PageHost host = host(storeOfAlice());
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody alice = somebody(host, dark()).withCookie(here.token()).whoIsRefused();
        alice.page().route("**/api/auth/sessions**", route -> route.abort());
        alice.opens();
        alice.reads(BAR, "The service does not answer at the moment");
        assertThat(alice.find(".curfew-lists").isVisible()).isFalse();
        alice.look("outage-dark");

        alice.page().unroute("**/api/auth/sessions**");
        alice.find(BAR + " button").click();

        alice.reads(".curfew-row", "Firefox on Linux");
        alice.readsNoMore(BAR);
    }

    @Test
    void what_is_still_signed_in_is_told_until_it_is_gone_whatever_else_is_ended() throws IOException {
        PageHost host = host(InMemorySessionStore.create()).with("");
        SignedIn lost = host.signIn(ALICE, DeviceInfo.of("A lost phone"));
        host.signIn(ALICE, DeviceInfo.of("Another one"));
        Somebody alice = somebody(host)
                .withCookie(host.signIn(ALICE, laptop()).token())
                .whoIsRefused()
                .opensList();
        endsInVain(alice, "A lost phone");
        alice.reads(BAR, "\u2068A lost phone\u2069 is still signed in.");

        alice.find("[aria-label='Sign out \u2068Another one\u2069']").click();
        alice.reads(".curfew-toast", "\u2068Another one\u2069 is signed out.");
        alice.page().evaluate(RELOAD);
        assertThat(alice.find(BAR).textContent()).startsWith("\u2068A lost phone\u2069 is still signed in.");
        host.sessions()
                .revokeSession(
                        lost.session().subject(),
                        lost.session().handle(),
                        RevocationCause.byAdmin(RevocationReason.POLICY, "ops"));
        alice.page().evaluate(RELOAD);

        assertThat(alice.find(BAR).isVisible()).isFalse();
        assertThat(alice.otherNames()).isEmpty();
    }

    @Test
    void a_device_that_is_beyond_what_was_loaded_is_not_told_to_be_signed_out() throws IOException {
        PageHost host = host(InMemorySessionStore.create()).with("");
        host.signIn(ALICE, DeviceInfo.of("The oldest one"));
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody alice = somebody(host).withCookie(here.token()).whoIsRefused().opensList();
        for (int i = 0; i < 110; i++) {
            host.signIn(ALICE, DeviceInfo.of("A newer one"));
        }

        endsInVain(alice, "The oldest one");

        alice.reads(".curfew-toast", "Connected again.");
        assertThat(alice.otherNames()).containsOnly("A newer one");
    }

    /** Nobody answers that, and the next look. */
    private static void endsInVain(Somebody alice, String device) {
        alice.page().route("**/api/auth/sessions/*", route -> route.abort());
        alice.find("[aria-label='Sign out \u2068" + device + "\u2069']").click();
        alice.reads(BAR, "may still be signed in");
        alice.page().unroute("**/api/auth/sessions/*");
        alice.page().evaluate(RELOAD);
    }

    @Test
    void however_long_a_server_asks_to_wait_it_is_asked_again_after_five_minutes() throws IOException {
        PageHost host = host(storeOfAlice()).with("");
        Somebody alice =
                somebody(host).withCookie(host.signIn(ALICE, laptop()).token()).whoIsRefused();
        alice.page().clock().install();
        alice.opensList();
        AtomicInteger asked = new AtomicInteger();
        alice.page().route("**/api/auth/sessions?*", route -> {
            asked.incrementAndGet();
            route.fulfill(new Route.FulfillOptions()
                    .setStatus(429)
                    .setHeaders(Map.of("Retry-After", String.valueOf(Integer.MAX_VALUE / 1000 + 1))));
        });
        alice.page().evaluate(RELOAD);
        alice.reads(BAR, "That was too much at once.");

        alice.page().clock().fastForward(240_000);
        alice.page().evaluate("fetch('/api/auth/sessions?after=all-that-the-page-has-asked')");
        assertThat(asked).as("the page has asked once, and this test").hasValue(2);
        alice.page().unroute("**/api/auth/sessions?*");
        alice.page().clock().fastForward(61_000);

        alice.readsNoMore(BAR);
    }
}
