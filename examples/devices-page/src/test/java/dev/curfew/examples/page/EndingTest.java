package dev.curfew.examples.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Route;
import dev.curfew.examples.page.PageHost.SignedIn;
import dev.curfew.session.DeviceInfo;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a person does with the page, by keyboard and with a second browser that is signed in as well. */
class EndingTest extends PageTest {
    private static final int BEYOND_TOAST = 15_000;

    private PageHost host;
    private SignedIn here;
    private SignedIn elsewhere;

    @BeforeEach
    void signIn() throws IOException {
        host = host(storeOfAlice());
        elsewhere = host.signIn(ALICE, DeviceInfo.fromRequest(FIREFOX, "192.168.7.99"));
        here = host.signIn(ALICE, laptop());
    }

    private Somebody alice() {
        return somebody(host).withCookie(here.token());
    }

    private static String signOut(String device) {
        return "Sign out \u2068" + device + "\u2069";
    }

    @Test
    void a_device_that_is_ended_says_so_by_itself_and_the_focus_goes_on_to_the_next_one() {
        Somebody other =
                somebody(host).withCookie(elsewhere.token()).whoIsRefused().opensList();
        Somebody alice = alice();
        alice.page().clock().install();
        alice.opensList();
        assertThat(alice.otherNames()).hasSize(7).startsWith("Firefox on Linux", "Safari on iPhone");

        alice.tabTo(signOut("Firefox on Linux"));
        alice.press("Enter");

        alice.reads(".curfew-toast", "\u2068Firefox on Linux\u2069 is signed out.");
        assertThat(alice.otherNames()).hasSize(6).startsWith("Safari on iPhone", "Edge on Windows");
        assertThat(alice.focused()).isEqualTo(signOut("Safari on iPhone"));
        alice.look("toast");
        other.reads(".curfew-over", "This device was signed out from another one of yours.");
        other.look("signed-out");
        assertThat(other.find(".curfew-over a").getAttribute("href")).isEqualTo("/login");
        alice.page().clock().fastForward(BEYOND_TOAST);
        alice.readsNoMore(".curfew-toast");
    }

    @Test
    void the_last_row_hands_the_focus_to_the_one_above_and_an_empty_list_to_its_heading() {
        host.endOthers(here);
        host.signIn(ALICE, DeviceInfo.of("The upper one"));
        host.signIn(ALICE, DeviceInfo.of("The lower one"));
        Somebody alice = alice().opensList();
        String lowest = alice.otherNames().get(1);
        String upper = alice.otherNames().get(0);

        alice.tabTo(signOut(lowest));
        alice.press("Enter");
        alice.reads(".curfew-toast", lowest);
        assertThat(alice.focused()).isEqualTo(signOut(upper));
        alice.press("Space");
        alice.reads(".curfew-hint", "You are not signed in anywhere else.");

        assertThat(alice.focused()).isEqualTo("Other devices");
        alice.look("empty");
    }

    @Test
    void signing_out_everywhere_else_is_asked_about_first_and_the_safe_choice_stands_ready() {
        Somebody other =
                somebody(host).withCookie(elsewhere.token()).whoIsRefused().opensList();
        Somebody alice = alice().opensList();

        alice.tabTo("Sign out everywhere else");
        alice.press("Enter");
        assertThat(alice.focused()).isEqualTo("Cancel");
        assertThat(alice.find("dialog[open]").textContent())
                .contains("7 other devices are signed out at once.", "This cannot be undone");
        alice.assertNobodyIsHindered("a dialog");
        alice.press("Escape");
        assertThat(alice.focused()).isEqualTo("Sign out everywhere else");
        alice.press("Enter", "Enter");
        assertThat(alice.find("dialog[open]").count()).isZero();
        assertThat(alice.focused()).isEqualTo("Sign out everywhere else");
        assertThat(alice.otherNames())
                .as("Escape and Cancel have ended nothing")
                .hasSize(7);

        alice.press("Enter", "Tab");
        assertThat(alice.focused()).isEqualTo("Sign out everywhere else");
        alice.press("Enter");

        alice.reads(".curfew-toast", "7 other devices are signed out.");
        assertThat(alice.otherNames()).isEmpty();
        assertThat(alice.focused()).isEqualTo("Other devices");
        other.reads(".curfew-over", "You are signed out");
    }

    @Test
    void signing_out_here_leads_to_where_the_host_says() {
        host.with("events signed-out='/bye'");
        Somebody alice = alice().opensList();

        alice.tabTo("Sign out here");
        alice.press("Enter");

        alice.page().waitForURL(host.uri().resolve("/bye").toString());
        assertThat(host.isStill(here)).isFalse();
    }

    @Test
    void a_device_gets_a_name_and_loses_it_by_keyboard() {
        Somebody alice = alice().opensList();

        alice.tabTo("Rename \u2068Safari on iPhone\u2069");
        alice.press("Enter");
        alice.page().keyboard().type("Anna’s phone");
        alice.look("rename");
        alice.press("Enter");

        alice.reads(".curfew-name", "Anna’s phone");
        alice.reads(".curfew-device", "Safari on iPhone");
        assertThat(alice.focused()).isEqualTo("Rename \u2068Anna’s phone\u2069");
        alice.press("Enter", "ControlOrMeta+a", "Delete", "Enter");
        alice.readsNoMore(".curfew-device");
        assertThat(alice.otherNames()).contains("Safari on iPhone").doesNotContain("Anna’s phone");
        alice.press("Enter", "Escape");
        assertThat(alice.focused()).isEqualTo("Rename \u2068Safari on iPhone\u2069");
    }

    @Test
    void a_name_that_is_refused_is_told_where_it_was_written() {
        Somebody alice = alice().whoIsRefused().opensList();

        alice.find(".curfew-rename").nth(1).click();
        alice.find(".curfew-input").fill("turned \u202e around");
        alice.press("Enter");

        alice.reads(".curfew-error", "A name has at most 64 characters in one line");
        assertThat(alice.find("dialog[open]").count()).isEqualTo(1);
    }

    @Test
    void what_happened_meanwhile_is_there_when_the_tab_is_looked_at_again() {
        host.with("");
        Somebody alice = alice().opensList();
        host.signIn(ALICE, DeviceInfo.of("A new device"));

        alice.page().evaluate("document.dispatchEvent(new Event('visibilitychange'))");

        alice.reads(".curfew-name", "A new device");
    }

    @Test
    void a_new_sign_in_of_somebody_else_in_another_tab_keeps_the_page_from_ending_theirs() {
        host.with("");
        Somebody alice = alice().opensList();
        SignedIn bob = host.signIn("bob", laptop());
        SignedIn bobsPhone = host.signIn("bob", DeviceInfo.of("Bob's phone"));
        alice.withCookie(bob.token());

        alice.find(".curfew-head button").click();
        alice.find(".curfew-danger").click();

        alice.reads(".curfew-notice", "Somebody has signed in anew in this browser.");
        assertThat(alice.otherNames()).containsExactly("Bob's phone");
        assertThat(host.isStill(bobsPhone)).isTrue();
    }

    @Test
    void a_device_that_the_one_who_has_signed_in_meanwhile_cannot_end_is_not_told_to_be_gone() {
        host.with("");
        Somebody alice = alice().whoIsRefused().opensList();
        alice.withCookie(host.signIn("bob", laptop()).token());

        alice.find(".curfew-row .curfew-button").nth(1).click();

        alice.reads(".curfew-notice", "Somebody has signed in anew in this browser.");
        assertThat(alice.find(".curfew-toast").textContent()).isEmpty();
        assertThat(host.isStill(elsewhere)).isTrue();
        alice.withCookie(here.token());
        alice.opensList();
        alice.find(".curfew-rename").nth(1).click();
        alice.withCookie(host.signIn("bob", laptop()).token());
        alice.press("Enter");
        alice.reads(".curfew-notice", "Somebody has signed in anew in this browser.");
        assertThat(alice.find(".curfew-toast").textContent()).isEmpty();
    }

    @Test
    void a_device_that_is_not_known_any_more_is_told_to_be_gone() {
        host.with("");
        Somebody alice = alice().whoIsRefused().opensList();
        host.endOthers(here);
        // Once the store has purged it. Before that, to end it again is a success.
        alice.page().route("**/api/auth/sessions/*", route -> route.fulfill(new Route.FulfillOptions().setStatus(404)));

        alice.find(".curfew-row .curfew-button").nth(1).click();

        alice.reads(".curfew-toast", "\u2068Firefox on Linux\u2069 was signed out already.");
        assertThat(alice.otherNames()).isEmpty();
    }

    @Test
    void a_list_that_was_asked_for_before_the_sign_out_does_not_come_back_after_it() {
        host.with("");
        Somebody alice = alice().opensList();
        AtomicReference<Route> logout = new AtomicReference<>();
        alice.page().route("**/auth/logout", logout::set);
        alice.find(".curfew-row .curfew-button").first().click();
        alice.page().waitForCondition(() -> logout.get() != null);
        AtomicReference<Route> look = new AtomicReference<>();
        alice.page().route("**/api/auth/sessions?*", look::set);
        alice.page().evaluate("() => { window.looked = document.querySelector('curfew-devices').reload(); }");
        alice.page().waitForCondition(() -> look.get() != null);
        APIResponse list = look.get().fetch();

        logout.get().resume();
        alice.reads(".curfew-over", "You have signed out on this device.");
        look.get().fulfill(new Route.FulfillOptions().setResponse(list));
        alice.page().evaluate("() => window.looked");

        assertThat(list.status()).isEqualTo(200);
        assertThat(alice.find(".curfew-lists").isVisible()).isFalse();
        assertThat(alice.find(".curfew-over").isVisible()).isTrue();
    }
}
