package dev.curfew.examples.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.options.ColorScheme;
import dev.curfew.SessionService;
import dev.curfew.http.Profile;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.store.SessionStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** A test of the page in a real browser: what it opens is closed, in the reverse order. */
@Timeout(180)
abstract class PageTest {
    static final String ALICE = "alice";
    static final String FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private static final String EDGE =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                    + " Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0";
    private static final String IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1";
    private static final String ANDROID_TABLET = "Mozilla/5.0 (Linux; Android 15; Tablet) AppleWebKit/537.36"
            + " (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";
    private static final String SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.0 Safari/605.1.15";

    private static Chromium chromium;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeAll
    static void startBrowser() {
        Chromium.requireInstalled();
        chromium = Chromium.start();
    }

    @AfterAll
    static void stopBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    PageHost host(SessionStore store, Profile profile, UnaryOperator<SessionEndpointsBuilder> more) throws IOException {
        return opened(new PageHost(store, profile, more));
    }

    PageHost host(SessionStore store) throws IOException {
        return host(store, Profile.GUIDE, UnaryOperator.identity())
                .with("events sign-in='/login' change-password='/password'");
    }

    Somebody somebody(PageHost host) {
        return somebody(host, new Browser.NewContextOptions().setViewportSize(1100, 800));
    }

    Somebody somebody(PageHost host, Browser.NewContextOptions options) {
        return opened(new Somebody(host, chromium.newContext(options)));
    }

    static Browser.NewContextOptions phone() {
        return new Browser.NewContextOptions()
                .setViewportSize(320, 640)
                .setDeviceScaleFactor(2)
                .setHasTouch(true)
                .setIsMobile(true);
    }

    static Browser.NewContextOptions dark() {
        return new Browser.NewContextOptions().setViewportSize(1100, 800).setColorScheme(ColorScheme.DARK);
    }

    static DeviceInfo laptop() {
        return DeviceInfo.fromRequest(FIREFOX, "192.168.7.20");
    }

    /** Where alice has signed in within the last weeks: one device of each kind, some with names of her own. */
    static SessionStore storeOfAlice() {
        SessionStore store = InMemorySessionStore.create();
        PastClock clock = new PastClock(Duration.ofDays(45));
        try (SessionService before = PageHost.before(store, clock)) {
            clock.setAgo(Duration.ofDays(44));
            PageHost.signIn(before, ALICE, DeviceInfo.of("Unknown device"));
            clock.setAgo(Duration.ofDays(9).plusSeconds(20));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest("curl/8.5.0", "127.0.0.1"));
            clock.setAgo(Duration.ofDays(1).plusHours(2));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest(SAFARI, "2001:db8:17::4"));
            clock.setAgo(Duration.ofHours(5).plusMinutes(10));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest(ANDROID_TABLET, "192.168.7.31"));
            clock.setAgo(Duration.ofMinutes(42).plusSeconds(20));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest(EDGE, "203.0.113.9"));
            clock.setAgo(Duration.ofMinutes(7).plusSeconds(20));
            PageHost.signIn(before, ALICE, DeviceInfo.fromRequest(IPHONE, "").withAddress("Madrid, Spain"));
        }
        return store;
    }
}
