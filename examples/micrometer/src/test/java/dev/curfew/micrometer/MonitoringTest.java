package dev.curfew.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.contract.TestTokens;
import dev.curfew.deliver.Deliveries;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.oidc.BackChannelLogoutEndpoint;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.ssf.PollReceiver;
import dev.curfew.ssf.PushEndpoint;
import dev.curfew.ssf.SecurityEventReceiver;
import dev.curfew.status.StatusListIssuer;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SessionIds;
import dev.curfew.token.SigningKey;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The dashboard and the alerts name what a node really exports, and the dashboard shows all of it. */
final class MonitoringTest {
    private static final Path DASHBOARD = Path.of("monitoring/curfew-dashboard.json");
    private static final Path ALERTS = Path.of("monitoring/curfew-alerts.yml");
    private static final Path TESTS_OF_ALERTS = Path.of("monitoring/curfew-alerts-test.yml");
    private static final Pattern METER = Pattern.compile("(?m)^\\| `(curfew(?:\\.[a-z]+)+)` \\|");
    private static final Pattern PARTS = Pattern.compile("_(total|seconds_count|seconds_sum|seconds_max|seconds)$");

    private static SessionService sessions;
    private static Scrape scrape;

    @BeforeAll
    static void scrape() {
        TestTokens tokens = TestTokens.ours(Realm.of("shop"), Clock.systemUTC());
        // An issuer whose keys are loaded has a meter of its own; nobody listens there, and nobody asks.
        Realm partner = Realm.of("partner");
        String issuer = "https://partner.example.com";
        TokenKeys keys = TokenKeys.remote(URI.create("http://localhost:9/jwks.json"));
        TokenPolicy remote = TokenPolicy.forIssuer(partner, issuer)
                .keys(keys)
                .audience("shop-api")
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
        sessions = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy(), remote)
                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(10))))
                .build();
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new CurfewMetrics(sessions.meters()).bindTo(registry);
        new CurfewMetrics(TokenVerifier.of(tokens.policy(), remote).meters()).bindTo(registry);
        new CurfewMetrics(logouts(remote, keys).meters()).bindTo(registry);
        new CurfewMetrics(Deliveries.of(sessions).build().meters()).bindTo(registry);
        SecurityEventReceiver signals = signals(remote, keys);
        new CurfewMetrics(PushEndpoint.of(signals).build().meters()).bindTo(registry);
        OutgoingHttp http = OutgoingHttp.to(List.of("partner.example.com")).build();
        URI poll = URI.create("https://partner.example.com/ssf/poll");
        new CurfewMetrics(PollReceiver.of(signals, http, poll).build().meters()).bindTo(registry);
        new CurfewMetrics(lists().meters()).bindTo(registry);
        scrape = Scrape.of(registry.scrape());
    }

    private static StatusListIssuer lists() {
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        SigningKey key = SigningKey.of("lists", "EdDSA", pair.getPrivate(), pair.getPublic());
        URI base = URI.create("https://shop.example.com/statuslists/");
        return StatusListIssuer.of(sessions, "https://shop.example.com", key, base)
                .build();
    }

    private static SecurityEventReceiver signals(TokenPolicy accessTokens, TokenKeys keys) {
        EventTokenPolicy sets = EventTokenPolicy.of(
                        EventTokenPolicy.Profile.SECURITY_EVENT, accessTokens.realm(), accessTokens.issuer())
                .keys(keys)
                .audience("shop")
                .build();
        Upstream transmitter = Upstream.of(accessTokens.realm(), accessTokens.issuer())
                .tokensCheckedHere(accessTokens)
                .build();
        return SecurityEventReceiver.of(sessions, transmitter, EventTokenVerifier.of(sets))
                .build();
    }

    private static BackChannelLogoutEndpoint logouts(TokenPolicy accessTokens, TokenKeys keys) {
        EventTokenPolicy logoutTokens = EventTokenPolicy.of(
                        EventTokenPolicy.Profile.LOGOUT, accessTokens.realm(), accessTokens.issuer())
                .keys(keys)
                .audience("shop")
                .build();
        Upstream provider = Upstream.of(accessTokens.realm(), accessTokens.issuer())
                .tokensCheckedHere(accessTokens)
                .build();
        return BackChannelLogoutEndpoint.of(sessions, provider, EventTokenVerifier.of(logoutTokens))
                .build();
    }

    @AfterAll
    static void close() {
        sessions.close();
    }

    @Test
    void each_query_of_the_dashboard_names_what_is_exported() throws IOException {
        assertThat(queries()).hasSizeGreaterThan(30).allSatisfy(query -> PromQl.metricsOf(query, scrape));
        for (Object variable : listOf(mapOf(dashboard().get("templating")).get("list"))) {
            if ("query".equals(mapOf(variable).get("type"))) {
                PromQl.metricsOf((String) mapOf(variable).get("definition"), scrape);
            }
        }
    }

    @Test
    void the_dashboard_shows_every_meter_of_the_document() throws IOException {
        Set<String> shown = new HashSet<>();
        for (String query : queries()) {
            PromQl.metricsOf(query, scrape)
                    .forEach(metric -> shown.add(PARTS.matcher(metric).replaceFirst("")));
        }
        List<String> documented = METER.matcher(Files.readString(Path.of("../../docs/metrics.md")))
                .results()
                .map(name -> name.group(1).replace('.', '_'))
                .toList();

        assertThat(documented).hasSizeGreaterThan(35);
        assertThat(shown).containsExactlyInAnyOrderElementsOf(documented);
    }

    @Test
    void the_places_of_panels_do_not_overlap_and_their_ids_differ() throws IOException {
        Set<List<Integer>> cells = new HashSet<>();
        Set<Object> ids = new HashSet<>();
        for (Object panel : listOf(dashboard().get("panels"))) {
            Map<String, Object> place = mapOf(mapOf(panel).get("gridPos"));
            assertThat(ids.add(mapOf(panel).get("id"))).isTrue();
            for (int x = 0; x < (Integer) place.get("w"); x++) {
                for (int y = 0; y < (Integer) place.get("h"); y++) {
                    assertThat(cells.add(List.of((Integer) place.get("x") + x, (Integer) place.get("y") + y)))
                            .as("%s at %s", mapOf(panel).get("title"), place)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void each_alert_names_what_is_exported_and_a_runbook_that_is_there() throws IOException {
        List<String> runbooks = Files.readString(Path.of("../../docs/operating.md"))
                .lines()
                .filter(line -> line.startsWith("### "))
                .map(line ->
                        line.substring(4).toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9 -]", ""))
                .map(heading -> heading.replace(' ', '-'))
                .toList();

        assertThat(alerts()).hasSizeGreaterThan(15).allSatisfy(alert -> {
            PromQl.metricsOf((String) alert.get("expr"), scrape);
            assertThat(mapOf(alert.get("labels")).get("severity")).isIn("page", "ticket");
            assertThat(runbooks)
                    .contains((String) mapOf(alert.get("annotations")).get("runbook"));
        });
        assertThat(alerts()).extracting(alert -> alert.get("alert")).doesNotHaveDuplicates();
    }

    @Test
    void each_alert_has_a_test_in_which_it_fires() throws IOException {
        Set<Object> fired = new HashSet<>();
        for (Object test : listOf(mapOf(read(TESTS_OF_ALERTS)).get("tests"))) {
            for (Object expected : listOf(mapOf(test).get("alert_rule_test"))) {
                if (!listOf(mapOf(expected).get("exp_alerts")).isEmpty()) {
                    fired.add(mapOf(expected).get("alertname"));
                }
            }
        }
        assertThat(fired)
                .containsExactlyInAnyOrderElementsOf(
                        alerts().stream().map(alert -> alert.get("alert")).toList());
    }

    @Test
    void promtool_accepts_the_alerts_and_runs_their_tests() throws Exception {
        assumeTrue(
                isInstalled("promtool") || "true".equals(System.getenv("CI")),
                "promtool is missing (Debian's package prometheus): names and brackets"
                        + " of the alerts were looked at, but no Prometheus has read them");
        run("promtool", "check", "rules", ALERTS.toString());
        run("promtool", "test", "rules", TESTS_OF_ALERTS.toString());
    }

    @Test
    void mistakes_in_a_query_are_found() {
        PromQl.mistakes()
                .forEach((query, why) -> assertThatExceptionOfType(AssertionError.class)
                        .isThrownBy(() -> PromQl.metricsOf(query, scrape))
                        .withMessageContaining(why));
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static List<String> queries() throws IOException {
        List<String> queries = new ArrayList<>();
        for (Object panel : listOf(dashboard().get("panels"))) {
            for (Object target : listOf(mapOf(panel).getOrDefault("targets", List.of()))) {
                queries.add((String) mapOf(target).get("expr"));
            }
        }
        return queries;
    }

    private static List<Map<String, Object>> alerts() throws IOException {
        List<Map<String, Object>> alerts = new ArrayList<>();
        for (Object group : listOf(mapOf(read(ALERTS)).get("groups"))) {
            listOf(mapOf(group).get("rules")).forEach(rule -> alerts.add(mapOf(rule)));
        }
        return alerts;
    }

    private static Map<String, Object> dashboard() throws IOException {
        return mapOf(read(DASHBOARD));
    }

    private static Object read(Path file) throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
    }

    private static List<?> listOf(Object value) {
        return (List<?>) value;
    }

    @SuppressWarnings("unchecked") // keys of these files are texts
    private static Map<String, Object> mapOf(Object value) {
        return (Map<String, Object>) value;
    }
}
