package dev.curfew.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.http.AuthenticationResult;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** That each benchmark measures what it says, once, on real servers; no test looks at a time. */
final class BenchmarksTest {
    @Test
    void the_check_finds_what_is_revoked_and_nothing_else() {
        CheckBenchmark check = new CheckBenchmark();
        check.live = 10_000;
        check.load();
        assertThat(check.miss(new Turn()).outcome()).isEqualTo(Outcome.ACTIVE);
        assertThat(check.hit(new Turn()).outcome()).isEqualTo(Outcome.REVOKED);
        check.close();
    }

    @Test
    void a_bearer_is_accepted_whatever_signed_it() throws Exception {
        for (String algorithm : List.of("HS256", "RS256", "ES256", "EdDSA")) {
            BearerBenchmark bearer = new BearerBenchmark();
            bearer.algorithm = algorithm;
            bearer.live = 1_000;
            bearer.load();
            assertThat(bearer.warm(new Turn()).outcome()).isEqualTo(Outcome.ACTIVE);
            assertThat(bearer.cold(new Turn()).outcome()).isEqualTo(Outcome.ACTIVE);
            bearer.close();
            BareBearerBenchmark bare = new BareBearerBenchmark();
            bare.algorithm = algorithm;
            bare.sign();
            assertThat(bare.bare(new Turn()).getSubject()).startsWith("bearer-");
        }
    }

    @Test
    void a_token_is_introspected_as_it_is_accepted() {
        IntrospectionBenchmark introspection = new IntrospectionBenchmark();
        introspection.load();
        assertThat(introspection.bearer(new Turn())).isInstanceOf(AuthenticationResult.Authenticated.class);
        assertThat(introspection.introspection(new Turn()).bodyText()).startsWith("{\"active\":true,");
        introspection.close();
    }

    @Test
    void a_status_list_is_rendered_anew_once_time_has_passed() {
        StatusListBenchmark lists = new StatusListBenchmark();
        lists.tokens = 1_000;
        lists.load();
        StatusListBenchmark.Later later = new StatusListBenchmark.Later();
        String before = lists.answered().bodyText();
        assertThat(lists.answered().bodyText()).isEqualTo(before);
        later.pass(lists);
        assertThat(lists.rendered(later).bodyText()).isNotEqualTo(before);
        lists.close();
    }

    @Test
    void tokens_have_700_characters() {
        for (String token : new TokenIssuer(SigningKey.of("RS256")).compact("long-", 3)) {
            assertThat(token.length()).isBetween(TokenIssuer.LENGTH, TokenIssuer.LENGTH + 1);
        }
    }

    @Test
    void both_servers_answer_a_look_up() throws Exception {
        LookupBenchmark lookup = new LookupBenchmark();
        lookup.connect();
        assertThat(lookup.exists(new Turn())).isZero();
        assertThat(lookup.select(new Turn())).isFalse();
        lookup.close();
    }

    @Test
    void peers_know_their_sessions() {
        for (String peer : List.of("sa-token-redis", "spring-session-redis", "spring-session-jdbc")) {
            PeerCheckBenchmark check = new PeerCheckBenchmark();
            check.peer = peer;
            check.begin();
            assertThat(check.live(new Turn())).isTrue();
            check.close();
        }
    }

    @Test
    void a_session_that_is_at_work_is_known() {
        SessionBenchmark sessions = new SessionBenchmark();
        sessions.begin();
        assertThat(sessions.warm(new Turn())).isTrue();
        sessions.close();
    }

    @Test
    void credentials_are_exchanged_and_found_on_both_servers() {
        Report report = new Report();
        RefreshMeasurement.run(report, 3);
        assertThat(report.names())
                .containsExactly("refresh.postgres", "session.find.postgres", "refresh.redis", "session.find.redis");
    }

    @Test
    void verbs_of_both_stores_are_compared_with_bare_commands() {
        Report report = new Report();
        VerbMeasurement.run(report, 3, 1);
        assertThat(report.names())
                .containsExactly(
                        "covering.postgres",
                        "find.postgres",
                        "revokeall.1000.postgres",
                        "covering.redis",
                        "find.redis",
                        "revokeall.1000.redis");
    }

    @Test
    void all_sessions_end_everywhere() {
        List<Supplier<SessionKeeper>> keepers = List.of(
                CurfewStores::keeperOnPostgres,
                CurfewStores::keeperOnRedis,
                SpringSessions::onPostgres,
                SpringSessions::onRedis,
                SaTokenKeeper::connect);
        for (Supplier<SessionKeeper> opened : keepers) {
            try (SessionKeeper keeper = opened.get()) {
                keeper.begin("somebody", 2);
                assertThat(keeper.hasAny("somebody")).isTrue();
                RevokeAllMeasurement.shots(keeper, 2, 1);
            }
        }
    }

    @Test
    void a_fleet_on_each_store_learns_what_is_revoked_while_people_come_and_go() {
        Report report = new Report();
        ScaleMeasurement.run(report, ScaleMeasurement.Form.TINY);
        for (String store : List.of("postgres", "redis", "cluster")) {
            assertThat(report.names())
                    .contains(
                            "scale." + store + ".2.reads_per_node_s",
                            "scale." + store + ".2.bytes_per_node_s",
                            "scale." + store + ".2.propagation_p50",
                            "scale." + store + ".2.propagation_p99",
                            "scale." + store + ".2.staleness_p99",
                            "scale." + store + ".2.store_cpu",
                            "scale." + store + ".2.max_rate",
                            "scale." + store + ".2.20.propagation_p99",
                            "scale." + store + ".2.outage_reads",
                            "scale." + store + ".deploy.login_p99",
                            "mix." + store + ".max_rate",
                            "mix." + store + ".refresh.p99");
        }
    }

    @Test
    void a_subject_and_a_realm_with_many_sessions_are_compared_with_few() {
        Report report = new Report();
        SizesMeasurement.run(report, SizesMeasurement.Form.TINY);
        for (String act : List.of("check", "list.middle", "login", "busy.end", "end.all", "purge.1000", "count")) {
            assertThat(of(report, "sizes.few." + act).low()).as(act).isPositive();
            assertThat(of(report, "sizes.many." + act).low()).as(act).isPositive();
        }
    }

    @Test
    void revocations_travel_and_nodes_load_them() {
        Report report = new Report();
        PropagationMeasurement.run(report, 3);
        LoadMeasurement.run(report, 2_000, "2k", 1);
        assertThat(report.names())
                .contains("propagation.postgres.p99", "propagation.redis.p99", "load.2k.postgres", "load.2k.redis");
    }

    @Test
    void what_acts_cost_is_counted_on_both_servers() {
        Report report = new Report();
        CostMeasurement.run(report, 10, 200);
        for (String server : List.of("postgres", "redis")) {
            for (String act : List.of(
                    "login", "authoritative", "list", "refresh", "touch.100", "logout", "revokeall", "follow.idle")) {
                String name = "cost." + server + "." + act;
                assertThat(of(report, name + ".trips").low()).as(name).isPositive();
                assertThat(of(report, name + ".sent").low()).as(name).isPositive();
                assertThat(of(report, name + ".received").low()).as(name).isPositive();
            }
            assertThat(of(report, "cost." + server + ".follow.100.first.received")
                            .low())
                    .isGreaterThan(of(report, "cost." + server + ".follow.idle.received")
                            .high());
            assertThat(of(report, "cost." + server + ".load.entry.received").low())
                    .isPositive();
        }
    }

    private static Figure of(Report report, String name) {
        return report.lines().stream()
                .filter(line -> line.name().equals(name))
                .map(Ratio::figure)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name));
    }
}
