package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.curfew.examples.page.Chromium;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.store.SessionStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Two tabs and a service worker of one browser refresh at the same instant, over a network that loses requests and
 * answers. Whenever it has lost one, the clock goes on by more than siblings are tolerated: then a token that was
 * exchanged is worth nothing but with the attempt key of that exchange, and anything else ends the session.
 */
class BrowserRefreshTest {
    private static final int ROUNDS = 200;
    private static final int SPOILED_ROUNDS = 30;
    private static final long SEED = Long.getLong("curfew.seed", 14);
    private static final Duration BEYOND_SIBLINGS = Duration.ofSeconds(11);
    private static final String PASSWORD = "correct horse battery staple";
    private static final String ROUNDS_SCRIPT = "/browser/rounds.js";
    private static final String COOKIE_RECIPE = "/refresh.js";
    private static final String BODY_RECIPE = "/browser/body-tokens.js";
    private static final Path BODY_RECIPE_FILE =
            Path.of("src/test/resources/dev/curfew/examples/server/browser/body-tokens.js");
    private static final Path DOCUMENTATION = Path.of("../../docs/sessions.md");

    private static Chromium chromium;

    private final MovableClock clock = new MovableClock();
    private final SessionStore store = InMemorySessionStore.create();
    private final RefreshLosses losses = new RefreshLosses(SEED, () -> clock.advance(BEYOND_SIBLINGS));
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

    @Test
    void two_tabs_of_the_demo_and_a_worker_stay_signed_in_with_a_refresh_cookie() throws IOException {
        URI origin = demo();
        BrowserContext browser = browser();
        Page first = browser.newPage();
        first.navigate(origin + "/");
        first.fill("#username", "alice");
        first.fill("#password", PASSWORD);
        first.selectOption("#stay", "refresh");
        first.check("#remember");
        first.click("#signin-form button");
        first.waitForSelector(".curfew-row[aria-current]");
        String session = (String) first.evaluate("signedIn.session");
        Page second = browser.newPage();
        second.navigate(origin + "/");
        second.waitForSelector(".curfew-row[aria-current]");

        List<Report> reports = play(ROUNDS, List.of(COOKIE_RECIPE), first, second);

        assertNobodyIsSignedOut(reports, session);
        assertThat(losses.statuses().keySet()).as("%s", losses).containsOnly(200, 400);
        assertThat(losses.repeatedKeysHeard())
                .as("only where the cookie has come and half of the body: %s", losses)
                .isLessThanOrEqualTo(losses.answersCut());
        first.reload();
        first.waitForSelector(".curfew-row[aria-current]");
        assertThat(first.evaluate("signedIn.session")).isEqualTo(session);
    }

    @Test
    void two_tabs_and_a_worker_stay_signed_in_with_a_refresh_token_in_the_body() throws IOException {
        BodyHost host = opened(new BodyHost(store, clock));
        clock.advance(Duration.ofMinutes(1)); // beyond the birth of the store
        Page[] pages = tabs(network(host.uri()), browser());
        List<String> recipe = List.of(BODY_RECIPE);
        addTo(pages[0], recipe);
        String session = (String) pages[0].evaluate("signIn()");
        addTo(pages[1], recipe);

        List<Report> reports = play(ROUNDS, recipe, pages[0], pages[1]);

        assertNobodyIsSignedOut(reports, session);
        assertThat(losses.statuses().keySet()).as("%s", losses).containsOnly(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/browser/own-keys.js", "/browser/no-memory.js"})
    void whoever_spoils_the_recipe_is_signed_out(String spoiling) throws IOException {
        Page[] pages = tabs(demo(), browser());
        String session = (String) pages[0].evaluate("""
                async (password) => {
                  const body = JSON.stringify({ username: "alice", password, stay: "refresh", remember: true });
                  const headers = { "Content-Type": "application/json" };
                  return (await (await fetch("/api/v1/auth/login", { method: "POST", headers, body })).json()).session;
                }
                """, PASSWORD);
        List<String> recipe = List.of(COOKIE_RECIPE, spoiling);
        for (Page page : pages) {
            addTo(page, recipe);
        }

        List<Report> reports = play(SPOILED_ROUNDS, recipe, pages[0], pages[1]);

        assertThat(reports)
                .as("%s", losses)
                .anyMatch(report -> report.statuses().contains(401));
        assertThat(endOf(session)).as("%s", losses).contains(RevocationReason.TOKEN_REUSE);
    }

    @Test
    void the_documentation_shows_the_recipe_for_the_body_as_it_runs() throws IOException {
        String recipe = Files.readString(BODY_RECIPE_FILE);
        int begin = recipe.indexOf("// docs begin\n") + "// docs begin\n".length();
        String shown = recipe.substring(begin, recipe.indexOf("// docs end\n"));
        assertThat(Files.readString(DOCUMENTATION)).contains("```js\n" + shown + "```\n");
    }

    private void assertNobodyIsSignedOut(List<Report> reports, String session) {
        System.out.println("Refreshes of " + ROUNDS + " rounds, " + losses);
        assertThat(reports).hasSize(3 * ROUNDS).allSatisfy(report -> {
            assertThat(report.statuses()).as("%s", report).doesNotContain(401).endsWith(200);
            assertThat(report.isNew()).as("%s", report).isTrue();
            assertThat(report.me()).as("%s", report).isEqualTo(200);
            assertThat(report.session()).as("%s", report).isEqualTo(session);
        });
        assertThat(reports.stream().map(Report::name)).contains("first", "second", "worker");
        assertThat(endOf(session)).isEmpty();
        assertThat(losses.statuses()).as("%s", losses).doesNotContainKey(401);
        assertThat(losses.exchangesLost()).as("%s", losses).isGreaterThanOrEqualTo(40);
        assertThat(losses.replays()).as("%s", losses).isGreaterThanOrEqualTo(40);
        assertThat(reports.stream()
                        .filter(report -> report.statuses().contains(0))
                        .count())
                .as("how many have noticed a loss: %s", losses)
                .isGreaterThanOrEqualTo(40);
    }

    /** Why the session is over, if it is. */
    private Optional<RevocationReason> endOf(String session) {
        SessionRef ref =
                SessionRef.of(CurfewSetup.REALM, SessionId.parse(session).orElseThrow());
        return store.find(ref, clock.instant()).orElseThrow().endedBy().map(Revocation::reason);
    }

    /** The demo as it is, behind the network. */
    private URI demo() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        DemoStorage storage = new DemoStorage(store, DemoKey.none(), DemoStorage.newSecret(), "", () -> {});
        DemoServer server = opened(DemoServer.start(anyPort, storage, clock, Map.of("alice", PASSWORD)));
        clock.advance(Duration.ofMinutes(1)); // beyond the birth of the store
        return network(server.uri());
    }

    private URI network(URI server) throws IOException {
        return opened(new LossyNetwork(server, losses)).uri();
    }

    private BrowserContext browser() {
        return opened(chromium.newContext());
    }

    /** Empty ones. */
    private static Page[] tabs(URI origin, BrowserContext browser) {
        Page[] pages = {browser.newPage(), browser.newPage()};
        for (Page page : pages) {
            page.navigate(origin + "/browser/page.html");
        }
        return pages;
    }

    private static void addTo(Page page, List<String> scripts) {
        scripts.forEach(script -> page.addScriptTag(new Page.AddScriptTagOptions().setUrl(script)));
    }

    /** The first tab leads. The scripts are those that the tabs have already. */
    private static List<Report> play(int rounds, List<String> scripts, Page first, Page second) {
        addTo(first, List.of(ROUNDS_SCRIPT));
        addTo(second, List.of(ROUNDS_SCRIPT));
        first.evaluate("join('first')");
        second.evaluate("join('second')");
        Object reports = first.evaluate("([rounds, scripts]) => lead(rounds, 2, scripts)", List.of(rounds, scripts));
        return ((List<?>) reports).stream().map(Report::of).toList();
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    /**
     * What one of them has seen in one round.
     *
     * @param statuses of its refreshes, 0 for none, the last one that of success
     * @param isNew whether it has another access token than before
     * @param me the status of a call with that token, and whose session that is
     */
    private record Report(String name, List<Object> statuses, boolean isNew, int me, String session) {
        static Report of(Object value) {
            Map<?, ?> report = (Map<?, ?>) value;
            return new Report(
                    (String) report.get("name"),
                    List.copyOf((List<?>) report.get("statuses")),
                    (Boolean) report.get("isNew"),
                    (Integer) report.get("me"),
                    (String) report.get("session"));
        }
    }
}
