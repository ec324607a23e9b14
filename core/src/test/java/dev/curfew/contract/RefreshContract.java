package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RefreshResult.Reused;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredSession;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionRenewal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Credentials of sessions over a real store: real threads that present the same one, on two nodes where there are. */
@Tag("Refreshing")
abstract class RefreshContract extends StoreContract {
    private static final int THREADS = 8;
    private static final String KEY = "attempt-number-0001";
    private static final RefreshPolicy POLICY = RefreshPolicy.withoutKey(RetryRule.strict())
            .withKey(RetryRule.sameAttempt().orSiblings(Duration.ofSeconds(10)));

    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final List<SessionService> nodes = new ArrayList<>();
    private final Threads threads = new Threads();

    RefreshContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void build() {
        nodes.add(node(store()));
        if (fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)) {
            nodes.add(node(fixture().secondNode()));
        }
    }

    @AfterEach
    void close() {
        threads.close();
        nodes.forEach(SessionService::close);
    }

    private SessionService node(SessionStore store) {
        return SessionService.builder()
                .store(store)
                .encryption(TestKeys.ring("test"))
                .lifetimes(SessionLifetimes.aal1())
                .refreshTokens(POLICY)
                .tokenPolicies(tokens.policy())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .build();
    }

    private SessionService node(int number) {
        return nodes.get(number % nodes.size());
    }

    private LoginResult.LoggedIn login() {
        return (LoginResult.LoggedIn) node(0).beginLogin(alice)
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.unknown());
    }

    private static RefreshRequest request(SecretToken token) {
        return RefreshRequest.of(Given.REALM, token.reveal());
    }

    private RefreshResult refresh(int number, RefreshRequest request) {
        return node(number).credentials().refresh(request);
    }

    private StoredSession row(LoginResult.LoggedIn login) {
        return store().find(login.session().ref(), now()).orElseThrow().session();
    }

    @Test
    void of_many_that_repeat_one_attempt_at_once_all_get_the_same_successor() {
        LoginResult.LoggedIn login = login();
        RefreshRequest attempt = request(login.token().orElseThrow()).attempt(KEY);

        List<RefreshResult> results = threads.atOnce(THREADS, i -> refresh(i, attempt));

        assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(Refreshed.class));
        assertThat(results.stream()
                        .map(result -> ((Refreshed) result).refreshToken())
                        .distinct())
                .singleElement()
                .satisfies(token -> assertThat(row(login).secretHash()).contains(token.hash()));
        assertThat(results.stream().filter(result -> !((Refreshed) result).isReplay()))
                .hasSize(1);
    }

    @Test
    void of_siblings_that_refresh_at_once_one_gets_a_successor_and_the_others_wait() {
        SecretToken token = login().token().orElseThrow();

        List<RefreshResult> results =
                threads.atOnce(THREADS, i -> refresh(i, request(token).attempt(KEY + i)));

        assertThat(results).filteredOn(Refreshed.class::isInstance).hasSize(1);
        assertThat(results).filteredOn(Conflict.class::isInstance).hasSize(THREADS - 1);
    }

    @Test
    void of_many_strict_refreshes_at_once_the_second_ends_the_session_for_all() {
        LoginResult.LoggedIn login = login();
        SecretToken token = login.token().orElseThrow();

        List<RefreshResult> results = threads.atOnce(THREADS, i -> refresh(i, request(token)));

        assertThat(results).filteredOn(Refreshed.class::isInstance).hasSize(1);
        assertThat(results).filteredOn(Reused.class::isInstance).isNotEmpty();
        assertThat(find(login)).isEqualTo(List.of(RevocationReason.TOKEN_REUSE));
        Refreshed winner = results.stream()
                .filter(Refreshed.class::isInstance)
                .map(Refreshed.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(refresh(1, request(winner.refreshToken()))).isInstanceOf(RefreshResult.Refused.class);
    }

    private List<RevocationReason> find(LoginResult.LoggedIn login) {
        return store().find(login.session().ref(), now()).orElseThrow().coveredBy().stream()
                .map(by -> by.reason())
                .toList();
    }

    @Test
    void a_refresh_that_races_revoke_all_leaves_nothing_that_works() {
        for (int round = 0; round < 8; round++) {
            clock.advance(Duration.ofSeconds(10));
            SecretToken token = login().token().orElseThrow();

            List<Object> answers = threads.atOnce(List.of(
                    () -> refresh(0, request(token)),
                    () -> node(1).revokeAllSessions(
                                    alice, RevocationCause.byAdmin(RevocationReason.ACCOUNT_DISABLED, "admin-1"))));

            SecretToken last = answers.get(0) instanceof Refreshed refreshed ? refreshed.refreshToken() : token;
            assertThat(refresh(round, request(last)))
                    .isInstanceOfSatisfying(
                            RefreshResult.Refused.class,
                            refused -> assertThat(refused.reason()).contains(RevocationReason.ACCOUNT_DISABLED));
        }
    }

    @Test
    void a_chain_of_refreshes_on_both_nodes_keeps_the_session() {
        LoginResult.LoggedIn login = login();
        SecretToken token = login.token().orElseThrow();
        for (int i = 0; i < 20; i++) {
            clock.advance(Duration.ofMinutes(15));
            RefreshResult result = refresh(i, request(token).attempt(KEY + i));
            assertThat(result).isInstanceOf(Refreshed.class);
            token = ((Refreshed) result).refreshToken();
        }
        assertThat(row(login).expiresAt()).isEqualTo(login.session().expiresAt());
    }

    @Test
    void a_renewed_session_token_is_the_only_one_that_works_on_every_node() {
        LoginResult.LoggedIn login = (LoginResult.LoggedIn)
                node(0).beginLogin(alice).withSessionToken().complete(DeviceInfo.unknown());
        String first = login.token().orElseThrow().reveal();

        RenewResult result = node(1).credentials()
                .renew(Given.REALM, first, SessionRenewal.ofSecret().attributes(Map.of("role", "admin")));

        String second = ((RenewResult.Renewed) result).token().reveal();
        for (SessionService node : nodes) {
            assertThat(node.credentials().authenticate(Given.REALM, first))
                    .isInstanceOf(SessionAuthentication.Refused.class);
            assertThat(node.credentials().authenticate(Given.REALM, second))
                    .isInstanceOfSatisfying(
                            SessionAuthentication.Authenticated.class,
                            authenticated -> assertThat(authenticated.session().attributes())
                                    .containsEntry("role", "admin"));
        }
    }
}
