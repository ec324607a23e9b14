package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.curfew.examples.page.Chromium;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's own part of the page in a real browser: signing in, staying so, and what tabs know of each other. */
class BrowserPageTest {
    private static final String PASSWORD = "correct horse battery staple";
    private static final String HERE = ".curfew-row[aria-current]";

    private static Chromium chromium;
    private static DemoServer server;

    @BeforeAll
    static void start() throws IOException {
        Chromium.requireInstalled();
        chromium = Chromium.start();
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Map<String, String> passwords = Map.of("alice", PASSWORD, "bob", PASSWORD);
        server = DemoServer.start(anyPort, DemoStorage.inMemory(), Clock.systemUTC(), passwords);
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
            server.close();
        }
    }

    private static Page openedIn(BrowserContext browser) {
        Page page = browser.newPage();
        page.navigate(server.uri() + "/");
        return page;
    }

    private static Page signedIn(BrowserContext browser, String user, String way) {
        Page page = openedIn(browser);
        page.fill("#username", user);
        page.fill("#password", PASSWORD);
        page.selectOption("#stay", way);
        page.press("#password", "Enter");
        page.waitForSelector(HERE);
        return page;
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "cookie"})
    void whoever_has_the_cookie_is_not_asked_to_sign_in_again(String way) {
        try (BrowserContext browser = chromium.newContext()) {
            Page first = signedIn(browser, "alice", way);
            Page second = openedIn(browser);
            second.waitForSelector(HERE);
            assertThat(second.isVisible("#signin")).isFalse();

            // As in a browser that clears what pages keep, and leaves their cookies alone.
            second.evaluate("localStorage.clear()");
            Page third = openedIn(browser);
            third.waitForSelector(HERE);
            assertThat(third.textContent("#user")).isEqualTo("Signed in as alice");
            third.evaluate("document.querySelector('curfew-devices').reload()");
            third.waitForSelector(HERE);

            third.click(HERE + " .curfew-button");
            third.waitForSelector("#signin");
            // The other tabs may have heard of it first; this one knows that it was its own doing.
            third.waitForSelector("#notice:text-is('You have signed out on this device.')");
            first.waitForSelector("#signin");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh", "cookie"})
    void another_device_is_in_the_list_and_out_of_it_without_a_click(String way) {
        try (BrowserContext laptop = chromium.newContext();
                BrowserContext phone = chromium.newContext(new Browser.NewContextOptions()
                        .setUserAgent("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
                                + " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"))) {
            Page onLaptop = signedIn(laptop, "bob", way);
            Page onPhone = signedIn(phone, "bob", way);

            onLaptop.waitForSelector(".curfew-name:text-is('Safari on iPhone')");
            onLaptop.screenshot(
                    new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/demo-" + way + ".png")));
            onPhone.click(HERE + " .curfew-button");

            onPhone.waitForSelector("#signin");
            onLaptop.waitForSelector(".curfew-name:text-is('Safari on iPhone')", gone());
            onLaptop.click(HERE + " .curfew-button");
            onLaptop.waitForSelector("#signin");
        }
    }

    private static Page.WaitForSelectorOptions gone() {
        return new Page.WaitForSelectorOptions().setState(WaitForSelectorState.DETACHED);
    }

    @Test
    void a_tab_that_shows_somebody_follows_when_somebody_else_signs_in_with_the_same_browser() {
        try (BrowserContext browser = chromium.newContext()) {
            Page first = signedIn(browser, "alice", "cookie");
            Page second = openedIn(browser);
            second.waitForSelector(HERE);
            second.click(HERE + " .curfew-button");
            first.waitForSelector("#signin");
            first.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots/demo-sign-in.png")));

            second.fill("#username", "bob");
            second.fill("#password", PASSWORD);
            second.press("#password", "Enter");
            second.waitForSelector(HERE);

            first.waitForSelector(HERE);
            assertThat(first.textContent("#user")).isEqualTo("Signed in as bob");
        }
    }
}
