package dev.curfew.examples.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import dev.curfew.SessionService;
import dev.curfew.examples.page.PageHost.SignedIn;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.store.SessionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person sees who opens the page. */
class LooksTest extends PageTest {
    private PageHost host;

    private Somebody alice(Browser.NewContextOptions options) throws IOException {
        host = host(storeOfAlice());
        SignedIn here = host.signIn(ALICE, laptop());
        return somebody(host, options).withCookie(here.token()).opensList();
    }

    @Test
    void each_device_has_a_row_with_kind_name_place_and_time_and_this_one_stands_first() throws IOException {
        Somebody alice = alice(new Browser.NewContextOptions().setViewportSize(1100, 800));

        alice.look("light");

        assertThat(alice.find(".curfew-row").first().textContent())
                .contains("Computer: ", "Firefox on Linux", "This network", "Active now", "Sign out here");
        assertThat(alice.otherNames())
                .containsExactly(
                        "Safari on iPhone",
                        "Edge on Windows",
                        "Chrome on Android",
                        "Safari on macOS or iPadOS",
                        "curl",
                        "Unknown device");
        assertThat(alice.find(".curfew-place").allTextContents())
                .containsExactly(
                        "This network",
                        "Madrid, Spain",
                        "Network 203.0.113.x",
                        "This network",
                        "Network 2001:db8:17::",
                        "Private network",
                        "");
        assertThat(alice.find(".curfew-seen").allTextContents())
                .containsExactly(
                        "Active now",
                        "7 minutes ago",
                        "42 minutes ago",
                        "5 hours ago",
                        "Yesterday",
                        "9 days ago",
                        "1 month ago");
        Locator seen = alice.find(".curfew-seen").nth(1);
        assertThat(seen.getAttribute("datetime")).endsWith("Z");
        assertThat(seen.getAttribute("title")).matches("Last active: \\w+ \\d+, \\d{4} at .*\\. Signed in: .*\\.");
        assertThat(alice.find(".curfew-row").evaluateAll("(rows) => rows.map((row) => row.dataset.kind)"))
                .isEqualTo(List.of("desktop", "mobile", "desktop", "tablet", "unknown", "client", "unknown"));
    }

    @Test
    void it_is_dark_for_those_who_want_that() throws IOException {
        alice(dark()).look("dark");
    }

    @Test
    void it_fits_a_phone() throws IOException {
        Somebody alice = alice(phone());
        alice.look("phone");
        alice.assertNothingOverflows("320 px");
    }

    @Test
    void it_speaks_spanish_to_those_whose_browser_does() throws IOException {
        Somebody alice =
                alice(new Browser.NewContextOptions().setViewportSize(1100, 800).setLocale("es-MX"));
        alice.look("spanish");
    }

    @Test
    void an_address_is_said_in_words_only_where_they_are_true() throws IOException {
        SessionStore store = InMemorySessionStore.create();
        try (SessionService before = PageHost.before(store, new PastClock(Duration.ofHours(1)))) {
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest("curl/8.5.0", "::1"));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest(FIREFOX, "10.1.2.3"));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest(FIREFOX, "fd12:3456:789a::7"));
        }
        host = host(store);
        SignedIn here = host.signIn(ALICE, DeviceInfo.fromRequest(FIREFOX, "127.0.0.1"));
        Somebody alice = somebody(host).withCookie(here.token()).opensList();

        assertThat(alice.find(".curfew-place").allTextContents())
                .containsExactlyInAnyOrder(
                        "This computer",
                        "This computer",
                        "Private network 10.1.2.x",
                        "Private network fd12:3456:789a::");
    }

    @Test
    void hostile_names_are_text_and_stay_in_their_row() throws IOException {
        String markup = "<img src=x onerror=alert(1)>\"'&lt;</li><script>";
        String rightToLeft = "\u0647\u0627\u062a\u0641 \u0623\u0645\u064a (2)";
        String wide = "W".repeat(64);
        SessionStore store = InMemorySessionStore.create();
        host = host(store);
        SignedIn here = host.signIn(ALICE, laptop());
        host.rename(here, host.signIn(ALICE, laptop()).session(), markup);
        host.rename(here, host.signIn(ALICE, laptop()).session(), rightToLeft);
        host.rename(here, host.signIn(ALICE, laptop()).session(), wide);
        host.signIn(ALICE, DeviceInfo.of("<b>bold</b> on <i>system</i>").withAddress("<u>\u202eMadrid</u>"));
        Somebody alice = somebody(host).withCookie(here.token()).opensList();

        assertThat(alice.otherNames())
                .containsExactlyInAnyOrder(markup, rightToLeft, wide, "<b>bold</b> on <i>system</i>");
        assertThat(alice.find("curfew-devices img, curfew-devices b, curfew-devices u, curfew-devices script")
                        .count())
                .isZero();
        alice.look("hostile");
        alice.assertNothingOverflows("hostile names");
        alice.page().setViewportSize(320, 640);
        alice.assertNothingOverflows("hostile names on a phone");
        alice.find(".curfew-row .curfew-rename").nth(1).click();
        alice.assertNothingOverflows("a dialog on a phone");
        alice.look("hostile-phone");
    }

    @Test
    void of_many_devices_a_few_are_shown_and_the_others_come_in_pages() throws IOException {
        SessionStore store = InMemorySessionStore.create();
        PastClock clock = new PastClock(Duration.ofDays(20));
        try (SessionService before = PageHost.before(store, clock)) {
            for (int i = 1; i <= 130; i++) {
                clock.setAgo(Duration.ofHours(400L - 3L * i));
                PageHost.signIn(before, ALICE, DeviceInfo.of("Device " + i));
            }
        }
        host = host(store).with("change-password='/password'"); // with events the list is asked for once more
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody alice = somebody(host).withCookie(here.token()).opensList();
        List<String> asked = new ArrayList<>();
        alice.page().onRequest(request -> asked.add(request.url()));
        assertThat(alice.otherNames()).hasSize(8).startsWith("Device 130", "Device 129");
        alice.look("many");

        alice.tabTo("Show more devices");
        alice.press("Enter");

        assertThat(alice.otherNames()).hasSize(32);
        assertThat(alice.focused()).isEqualTo("Sign out \u2068Device 122\u2069");
        assertThat(asked).as("they are here already").isEmpty();
        for (int i = 0; i < 5; i++) {
            alice.find(".curfew-wide").click();
            alice.page()
                    .waitForFunction(
                            "(rows) => document.querySelectorAll('.curfew-row').length >= rows",
                            Math.min(131, 33 + 24 * (i + 1)));
            if (!alice.find(".curfew-wide").isVisible()) {
                break;
            }
        }
        assertThat(alice.otherNames()).hasSize(130).doesNotHaveDuplicates().endsWith("Device 2", "Device 1");
        assertThat(asked).anyMatch(url -> url.contains("cursor="));
        assertThat(alice.find(".curfew-wide").isVisible()).isFalse();
    }

    @Test
    void it_can_be_enlarged_to_twice_its_size() throws IOException {
        Somebody zoomed =
                alice(new Browser.NewContextOptions().setViewportSize(640, 400).setDeviceScaleFactor(2));
        zoomed.assertNothingOverflows("200 %");
        zoomed.page().evaluate("document.documentElement.style.fontSize = '200%'");
        zoomed.assertNothingOverflows("text of 200 %");
        zoomed.page().setViewportSize(320, 400);
        zoomed.assertNothingOverflows("text of 200 % on a phone");
        zoomed.look("zoomed");
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void borders_and_icons_can_be_told_from_what_is_beside_them(ColorScheme scheme) throws IOException {
        Somebody alice = alice(new Browser.NewContextOptions().setColorScheme(scheme));
        alice.find(".curfew-rename").first().click();

        Object lowest = alice.page().evaluate(CONTRAST);

        assertThat((Map<?, ?>) lowest)
                .hasSizeGreaterThan(10)
                .allSatisfy((part, ratio) -> assertThat(((Number) ratio).doubleValue())
                        .as("%s", part)
                        .isGreaterThanOrEqualTo(3));
        alice.press("Escape");
        alice.find(".curfew-head button").click();
        alice.look("dialog-" + scheme.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @EnumSource(
            value = ReducedMotion.class,
            names = {"REDUCE", "NO_PREFERENCE"})
    void nothing_moves_for_those_who_do_not_want_that(ReducedMotion motion) throws IOException {
        Somebody alice = alice(new Browser.NewContextOptions().setReducedMotion(motion));

        Object moving = alice.page().evaluate("""
                () => {
                  document.querySelector(".curfew-head button").click();
                  return document.querySelector("dialog[open]").getAnimations().length;
                }
                """);

        assertThat(moving).isEqualTo(motion == ReducedMotion.REDUCE ? 0 : 1);
    }

    @Test
    void texts_are_replaced_and_languages_added_by_the_host() throws IOException {
        host = host(storeOfAlice()).with("texts='/texts.json'");
        SignedIn here = host.signIn(ALICE, laptop());
        Somebody english = somebody(host).withCookie(here.token()).opensList();
        assertThat(english.find("h2").first().textContent()).isEqualTo("Where you are now");
        assertThat(english.find("h2").nth(1).textContent()).startsWith("Other devices");

        Somebody french = somebody(host, new Browser.NewContextOptions().setLocale("fr-CA"))
                .withCookie(here.token())
                .opensList();
        assertThat(french.find("h2").first().textContent()).isEqualTo("Cet appareil");
        assertThat(french.find(".curfew-row .curfew-button").nth(1).textContent())
                .isEqualTo("Déconnecter");
        assertThat(french.find(".curfew-seen").nth(1).textContent()).isEqualTo("Il y a 7 minutes");
    }

    @Test
    void a_violation_of_the_policy_would_be_noticed() throws IOException {
        Somebody alice = alice(new Browser.NewContextOptions());

        alice.page().evaluate("document.body.setAttribute('style', 'color: red')");
        alice.page().evaluate("try { document.body.innerHTML = '<p>' } catch {}");

        alice.complains("policy violated: style-src-attr");
        alice.complains("policy violated: require-trusted-types-for");
        alice.isContent();
    }

    /** The lowest contrast of each part with what lies beside it: WCAG 2.2, 1.4.11. */
    private static final String CONTRAST = """
            () => {
              const channels = (color) => color.match(/[\\d.]+/g).map(Number);
              const light = (color) => channels(color).slice(0, 3)
                .map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4))
                .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
              const ground = (part) => {
                for (let at = part; at; at = at.parentElement) {
                  const color = getComputedStyle(at).backgroundColor;
                  if (channels(color)[3] !== 0) return color;
                }
                return "rgb(255, 255, 255)";
              };
              const ratio = (one, other) => {
                const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
                return (high + 0.05) / (low + 0.05);
              };
              const found = {};
              document.querySelectorAll(".curfew-button, .curfew-input, .curfew svg").forEach((part, i) => {
                const style = getComputedStyle(part);
                const color = part.tagName === "svg" ? style.stroke : style.borderTopColor;
                const beside = [ground(part.parentElement)];
                if (part.tagName !== "svg" && style.backgroundColor !== color) beside.push(ground(part));
                found[`${i} ${part.getAttribute("class") ?? "svg"}`] = Math.min(...beside.map((b) => ratio(color, b)));
              });
              return found;
            }
            """;
}
