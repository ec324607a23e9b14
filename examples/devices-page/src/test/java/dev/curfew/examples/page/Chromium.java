package dev.curfew.examples.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** A real browser without a window: Debian's Chromium, driven by Playwright. Confined to one thread. */
public final class Chromium implements AutoCloseable {
    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Skips the test where the program is not installed, except in CI. */
    public static void requireInstalled() {
        boolean isInstalled = program().isPresent();
        if (!isInstalled && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(
                    "Chromium is not installed, and CI must test with it: install Debian's package chromium");
        }
        if (!isInstalled) {
            System.out.println("Skipped, because Chromium is not installed (Debian's package chromium).");
        }
        Assumptions.assumeTrue(isInstalled, "Chromium is not installed (Debian's package chromium)");
    }

    public static Chromium start() {
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            Browser browser = playwright
                    .chromium()
                    .launch(new BrowserType.LaunchOptions()
                            .setExecutablePath(program().orElseThrow())
                            .setHeadless(true)
                            .setArgs(List.of(
                                    "--no-sandbox",
                                    "--disable-gpu",
                                    "--disable-quic",
                                    "--no-first-run",
                                    "--disable-background-networking",
                                    "--disable-component-update",
                                    "--disable-sync")));
            return new Chromium(playwright, browser);
        } catch (RuntimeException e) {
            playwright.close();
            throw e;
        }
    }

    /** Somebody's browser: its tabs and workers share cookies, locks and databases, and nothing with another one. */
    public BrowserContext newContext() {
        return newContext(new Browser.NewContextOptions());
    }

    /** The same with a language, a size of the window, or what else a person has chosen. */
    public BrowserContext newContext(Browser.NewContextOptions options) {
        return browser.newContext(options);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }

    private static Optional<Path> program() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "chromium"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
