package dev.curfew.examples.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A person at a browser of their own. Whatever the browser complains of fails the test when the person leaves, a
 * violation of the policy for content included. Confined to one thread.
 */
final class Somebody implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");

    /** What the browser itself notes of an answer that is no success, or of none. */
    private static final String NETWORK = "Failed to load resource";

    private final PageHost host;
    private final BrowserContext browser;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();
    private boolean toleratesRefusals;

    Somebody(PageHost host, BrowserContext browser) {
        this.host = host;
        this.browser = browser;
        browser.setDefaultTimeout(45_000);
        browser.addInitScript("addEventListener('securitypolicyviolation',"
                + " (event) => console.error('policy violated: ' + event.violatedDirective + ' ' + event.sample))");
        this.page = browser.newPage();
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
    }

    /** From now on, answers that are no success are to be expected; there was no complaint before. */
    Somebody whoIsRefused() {
        assertThat(complaints).isEmpty();
        toleratesRefusals = true;
        return this;
    }

    Somebody withCookie(String token) {
        browser.addCookies(List.of(
                new Cookie(PageHost.COOKIE, token).setUrl(host.uri().toString()).setHttpOnly(true)));
        return this;
    }

    /** The host's function yields these, the next one when one was refused. */
    Somebody withTokens(String... tokens) {
        browser.addInitScript("sessionStorage.setItem('tokens', '[\"" + String.join("\",\"", tokens) + "\"]')");
        return this;
    }

    Somebody opens() {
        page.navigate(host.uri().toString());
        return this;
    }

    /** … and waits for the list. */
    Somebody opensList() {
        opens();
        page.waitForSelector(".curfew-row");
        return this;
    }

    Page page() {
        return page;
    }

    Locator find(String selector) {
        return page.locator(selector);
    }

    /** What the rows of other devices are called, from the top. */
    List<String> otherNames() {
        return find("section:nth-of-type(2) .curfew-name").allTextContents();
    }

    /** Waits until a part says that. */
    void reads(String selector, String text) {
        page.waitForSelector(selector + ":has-text(\"" + text + "\")");
    }

    /** Waits until a part has gone, or says nothing. */
    void readsNoMore(String selector) {
        page.waitForFunction(
                "(selector) => [...document.querySelectorAll(selector)]"
                        + ".every((part) => !part.checkVisibility() || !part.textContent)",
                selector);
    }

    /** What is focused, as a screen reader names it. */
    String focused() {
        return (String) page.evaluate("() => { const at = document.activeElement;"
                + " return at.getAttribute('aria-label') ?? at.textContent.trim(); }");
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    /** Goes on with the key until that is focused. */
    void tabTo(String name) {
        for (int i = 0; i < 60 && !focused().equals(name); i++) {
            press("Tab");
        }
        assertThat(focused()).isEqualTo(name);
    }

    /** Keeps a picture for people, and asks axe about what is in it. */
    void look(String name) {
        page.evaluate("document.getAnimations().forEach((animation) => animation.finish())");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
        assertNobodyIsHindered(name);
    }

    void assertNobodyIsHindered(String where) {
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .as("axe, %s", where)
                .allSatisfy(rule ->
                        assertThat(rule.getId() + ": " + rule.getNodes()).isNull());
    }

    void assertNothingOverflows(String where) {
        assertThat(page.evaluate("() => [...document.querySelectorAll('body *')].filter((part) => {"
                        + " const box = part.getBoundingClientRect();"
                        + " return box.width > 1 && (box.right > innerWidth + 0.5 || box.left < -0.5); })"
                        + ".map((part) => part.outerHTML.slice(0, 120))"))
                .as(where)
                .isEqualTo(List.of());
        assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                .as(where)
                .isEqualTo(true);
    }

    /** Waits until the browser complains of that. */
    void complains(String beginning) {
        page.waitForCondition(() -> complaints.stream().anyMatch(complaint -> complaint.startsWith(beginning)));
    }

    /** What the browser has complained of so far fails no test. */
    void isContent() {
        complaints.clear();
    }

    @Override
    public void close() {
        page.evaluate("new Promise((resolve) => setTimeout(resolve))"); // what is violated is told a task later
        browser.close();
        assertThat(complaints)
                .filteredOn(complaint -> !toleratesRefusals || !complaint.startsWith(NETWORK))
                .isEmpty();
    }
}
