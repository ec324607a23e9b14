package dev.curfew.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.check.WatchedStore;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.contract.TestTokens;
import dev.curfew.deliver.Deliveries;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidEventTokenException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Logouts of a provider at which our own sessions began. */
class LinkedLogoutTest {
    private static final Realm OURS = Realm.of("shop");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final TestTokens provider = TestTokens.foreign(Realm.of("op"), clock);
    private final Upstream upstream = Upstream.of(
                    provider.realm(), provider.policy().issuer())
            .linksOnly()
            .build();
    private final WatchedStore store = new WatchedStore(
            InMemorySessionStore.builder().ticker(clock.ticker()).build());
    private final List<AutoCloseable> open = new ArrayList<>();
    private final SessionService service = node();
    private final Deliveries deliveries = started(service);
    private final BackChannelLogoutEndpoint endpoint = endpoint(builder -> builder);

    LinkedLogoutTest() {
        clock.advance(Duration.ofMinutes(1));
        // The thread of deliveries is none of these calls.
        deliveries.close();
        store.takeCalls();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private SessionService node() {
        SessionService node = SessionService.builder()
                .store(store)
                .encryption(TestKeys.ring("k1"))
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(TestTokens.ours(OURS, clock).policy(), provider.policy())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .eventExecutor(Runnable::run)
                .build();
        open.add(node);
        return node;
    }

    private static Deliveries started(SessionService node) {
        Deliveries deliveries = Deliveries.of(node).build();
        deliveries.start();
        return deliveries;
    }

    private BackChannelLogoutEndpoint endpoint(UnaryOperator<BackChannelLogoutEndpoint.Builder> settings) {
        return endpoint(deliveries, settings, provider.logoutPolicy());
    }

    private BackChannelLogoutEndpoint endpoint(
            Deliveries of, UnaryOperator<BackChannelLogoutEndpoint.Builder> settings, EventTokenPolicy.Builder policy) {
        return settings.apply(BackChannelLogoutEndpoint.of(of, upstream, EventTokenVerifier.of(policy.build(), clock)))
                .build();
    }

    private Session login(String subject, String sid) {
        return ((LoginResult.LoggedIn) service.beginLogin(new SubjectId(OURS, subject))
                        .upstream(new UpstreamLogin(upstream, subject, Optional.of(sid), Optional.of(now()), now()))
                        .complete(DeviceInfo.unknown()))
                .session();
    }

    private Instant now() {
        return clock.instant();
    }

    private boolean isLive(Session session) {
        return store.find(session.ref(), now())
                .filter(found -> found.isLive(now()))
                .isPresent();
    }

    private static int post(BackChannelLogoutEndpoint endpoint, String token) {
        return RelyingParty.post(endpoint, token).status();
    }

    private String logoutOf(String sid) {
        return provider.logout().with("sid", sid).compact();
    }

    @Test
    void a_logout_ends_our_sessions_of_that_login_before_it_is_answered() {
        Session first = login("alice", "sid-1");
        Session second = login("alice", "sid-1");
        Session other = login("alice", "sid-2");
        store.takeCalls();

        assertThat(post(endpoint, logoutOf("sid-1"))).isEqualTo(200);

        assertThat(store.takeCalls()).containsExactly("revoke", "listRecords", "revoke", "revoke");
        assertThat(List.of(first, second)).noneMatch(this::isLive);
        assertThat(isLive(other)).isTrue();
        assertThat(post(endpoint, provider.logout().with("sub", "alice").compact()))
                .isEqualTo(200);
        assertThat(isLive(other)).isFalse();
    }

    @Test
    void it_is_answered_whether_or_not_deliveries_are_still_at_work_here() {
        Session session = login("alice", "sid-1");
        deliveries.close();

        assertThat(post(endpoint, logoutOf("sid-1"))).isEqualTo(200);

        assertThat(isLive(session)).isFalse();
    }

    @Test
    void an_outage_between_the_entry_and_our_session_is_no_success() {
        Session session = login("alice", "sid-1");
        int[] revocations = {0};
        store.before(verb -> {
            if (verb.equals("revoke") && ++revocations[0] == 2) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        String logout = logoutOf("sid-1");

        assertThat(post(endpoint, logout)).isEqualTo(400);
        assertThat(isLive(session)).isTrue();
        assertThat(post(endpoint, logout)).isEqualTo(200);

        assertThat(isLive(session)).isFalse();
    }

    @Test
    void an_upstream_whose_tokens_are_checked_here_too_may_begin_sessions_of_ours() {
        Upstream both = Upstream.of(provider.realm(), provider.policy().issuer())
                .tokensCheckedHere(provider.policy())
                .build();
        Session session = ((LoginResult.LoggedIn) service.beginLogin(new SubjectId(OURS, "alice"))
                        .upstream(new UpstreamLogin(both, "alice", Optional.of("sid-1"), Optional.of(now()), now()))
                        .complete(DeviceInfo.unknown()))
                .session();
        BackChannelLogoutEndpoint receiving = BackChannelLogoutEndpoint.of(
                        started(service),
                        both,
                        EventTokenVerifier.of(provider.logoutPolicy().build(), clock))
                .build();

        assertThat(post(receiving, logoutOf("sid-1"))).isEqualTo(200);

        assertThat(isLive(session)).isFalse();
    }

    @Test
    void deliveries_that_nobody_has_started_or_that_were_closed_are_refused_and_none_at_all_too() {
        Deliveries idle = Deliveries.of(service).build();
        assertThatIllegalStateException()
                .isThrownBy(() -> endpoint(idle, builder -> builder, provider.logoutPolicy()))
                .withMessageContaining("were not started")
                .withMessageContaining("start() before build()");
        idle.start();
        endpoint(idle, builder -> builder, provider.logoutPolicy());
        idle.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> endpoint(idle, builder -> builder, provider.logoutPolicy()))
                .withMessageContaining("were closed");
        EventTokenVerifier tokens =
                EventTokenVerifier.of(provider.logoutPolicy().build(), clock);
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        BackChannelLogoutEndpoint.of(service, upstream, tokens).build())
                .withMessageContaining("of(deliveries, ...)");
    }

    @Test
    void a_token_that_comes_again_is_200_and_with_refuse_replays_400_on_all_nodes() {
        BackChannelLogoutEndpoint here = refusing(service);
        BackChannelLogoutEndpoint there = refusing(node());
        String logout = logoutOf("sid-1");
        login("alice", "sid-1");
        assertThat(post(endpoint, logout)).isEqualTo(200);
        assertThat(post(endpoint, logout)).isEqualTo(200);
        assertThat(post(here, logout)).as("the first here").isEqualTo(200);
        store.takeCalls();

        EndpointResponse again = RelyingParty.post(there, logout);

        assertThat(again.status()).isEqualTo(400);
        assertThat(again.bodyText()).contains("invalid_request", "received before");
        assertThat(post(here, logout)).isEqualTo(400);
        assertThat(store.takeCalls()).containsExactly("readRecord", "readRecord");
        assertThat(post(there, logoutOf("sid-1"))).as("another one").isEqualTo(200);
    }

    private BackChannelLogoutEndpoint refusing(SessionService node) {
        Deliveries of = started(node);
        BackChannelLogoutEndpoint refusing =
                endpoint(of, BackChannelLogoutEndpoint.Builder::refuseReplays, provider.logoutPolicy());
        of.close();
        return refusing;
    }

    @Test
    void a_token_whose_logout_is_not_known_to_be_recorded_is_not_refused_when_it_comes_again() {
        BackChannelLogoutEndpoint refusing = refusing(service);
        for (String verb : List.of("readRecord", "revoke", "listRecords", "writeRecord")) {
            Session session = login("alice", "sid-" + verb);
            String logout = logoutOf("sid-" + verb);
            store.before(called -> {
                if (called.equals(verb)) {
                    throw new StoreUnavailableException(called, null);
                }
            });
            assertThat(post(refusing, logout)).as(verb).isEqualTo(400);
            store.recover();

            assertThat(post(refusing, logout)).as(verb).isEqualTo(200);

            assertThat(isLive(session)).isFalse();
            assertThat(post(refusing, logout)).as(verb).isEqualTo(400);
        }
    }

    @Test
    void of_two_that_come_at_once_one_is_refused_and_the_logout_is_whole() {
        BackChannelLogoutEndpoint refusing = refusing(service);
        Session session = login("alice", "sid-1");
        String logout = logoutOf("sid-1");
        int[] inner = {0};
        store.before(verb -> {
            if (verb.equals("listRecords")) {
                store.recover();
                inner[0] = post(refusing, logout);
            }
        });

        assertThat(post(refusing, logout)).isEqualTo(400);

        assertThat(inner[0]).isEqualTo(200);
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void it_is_remembered_for_as_long_as_a_verifier_takes_it_and_no_longer() {
        EventTokenPolicy policy = provider.logoutPolicy()
                .skew(Duration.ofSeconds(30))
                .acceptMissingExp()
                .build();
        EventTokenVerifier tokens = EventTokenVerifier.of(policy, clock);
        Deliveries of = started(service);
        BackChannelLogoutEndpoint refusing = BackChannelLogoutEndpoint.of(of, upstream, tokens)
                .refuseReplays()
                .build();
        of.close();
        for (boolean hasExp : new boolean[] {true, false}) {
            TestTokens.Draft draft = provider.logout().with("sid", "sid-1");
            String logout = (hasExp ? draft : draft.without("exp")).compact();
            EventToken token = tokens.verify(logout);
            assertThat(post(refusing, logout)).isEqualTo(200);
            Instant end = token.issuedAt().plusSeconds(120 + 30);

            while (isTaken(tokens, logout)) {
                assertThat(isRemembered(token)).isTrue();
                assertThat(post(refusing, logout)).isEqualTo(400);
                clock.advance(Duration.ofSeconds(1));
            }

            assertThat(now()).isBetween(end, end.plusSeconds(1));
            clock.advance(Duration.ofSeconds(1));
            assertThat(isRemembered(token)).isFalse();
        }
    }

    private boolean isRemembered(EventToken token) {
        return store.ability(SharedRecords.class)
                .orElseThrow()
                .read(SeenLogoutTokens.key(token), now())
                .isPresent();
    }

    private static boolean isTaken(EventTokenVerifier tokens, String logout) {
        try {
            tokens.verify(logout);
            return true;
        } catch (InvalidEventTokenException e) {
            return false;
        }
    }

    @Test
    void to_refuse_replays_the_store_must_keep_records() {
        SessionStore plain = new ForwardingSessionStore(InMemorySessionStore.create()) {
            @Override
            public <T> Optional<T> ability(Class<T> type) {
                return Optional.empty();
            }
        };
        try (SessionService without = SessionService.builder()
                .store(plain)
                .encryption(TestKeys.ring("k1"))
                .lifetimes(SessionLifetimes.aal1())
                .tokenPolicies(provider.policy())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .build()) {
            Upstream checked = Upstream.of(provider.realm(), provider.policy().issuer())
                    .tokensCheckedHere(provider.policy())
                    .build();
            BackChannelLogoutEndpoint.Builder builder = BackChannelLogoutEndpoint.of(
                            without,
                            checked,
                            EventTokenVerifier.of(provider.logoutPolicy().build(), clock))
                    .refuseReplays();

            assertThatIllegalStateException()
                    .isThrownBy(builder::build)
                    .withMessageContaining("refuseReplays() needs a store that implements SharedRecords");
        }
    }
}
