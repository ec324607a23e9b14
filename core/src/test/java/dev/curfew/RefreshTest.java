package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.MissingKeyException;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent.RefreshDenied;
import dev.curfew.event.SessionEvent.RefreshReplayed;
import dev.curfew.event.SessionEvent.RefreshTokenReused;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult;
import dev.curfew.refresh.RefreshResult.Conflict;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.refresh.RefreshResult.Refused;
import dev.curfew.refresh.RefreshResult.Reused;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.ListQuery;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionRenewal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens: who gets a successor, who gets it again, and who ends the session. RFT. */
class RefreshTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FIRST_KEY = "attempt-number-0001";
    private static final String SECOND_KEY = "attempt-number-0002";

    private final TestHost host = start(RefreshPolicy.withoutKey(RetryRule.strict()));

    private static TestHost start(RefreshPolicy policy) {
        return TestHost.start(builder -> builder.refreshTokens(policy));
    }

    private static String login(TestHost host) {
        return login(host, RefreshBinding.none(), attempt -> attempt);
    }

    private static String login(TestHost host, RefreshBinding binding, UnaryOperator<LoginAttempt> terms) {
        LoginResult result = terms.apply(host.service.beginLogin(host.alice).withRefreshToken(binding))
                .complete(DeviceInfo.of("Firefox on Linux"));
        return ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
    }

    private static RefreshRequest request(String token) {
        return RefreshRequest.of(TestHost.REALM, token);
    }

    private static RefreshResult refresh(TestHost host, RefreshRequest request) {
        return host.service.credentials().refresh(request);
    }

    private static Refreshed refreshed(RefreshResult result) {
        assertThat(result).isInstanceOf(Refreshed.class);
        return (Refreshed) result;
    }

    private static String next(TestHost host, RefreshRequest request) {
        return refreshed(refresh(host, request)).refreshToken().reveal();
    }

    private static void assertRefused(RefreshResult result, CredentialRefusal why) {
        assertThat(result).isEqualTo(Refused.because(why));
    }

    private void loseAnswersOf(String verb) {
        host.store.after(called -> {
            if (called.equals(verb)) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
    }

    private void assertLives() {
        assertThat(host.handlesOf(host.alice)).hasSize(1);
    }

    @Test
    void a_refresh_token_is_exchanged_for_its_successor() {
        String first = login(host);

        Refreshed refreshed = refreshed(refresh(host, request(first)));

        assertThat(refreshed.isReplay()).isFalse();
        assertThat(refreshed.refreshToken().reveal()).startsWith("cfr1_").isNotEqualTo(first);
        assertThat(refreshed.session().subject()).isEqualTo(host.alice);
        assertThat(refreshed.session().credential()).contains(CredentialKind.REFRESH_TOKEN);
        assertThat(refreshed.notAfter()).isEqualTo(refreshed.session().expiresAt());
        assertThat(refreshed.refreshToken().session())
                .isEqualTo(refreshed.session().handle());
        next(host, request(refreshed.refreshToken().reveal()));
        assertLives();
    }

    @Test
    void a_refresh_takes_two_round_trips_and_leaves_no_notice_on_the_feed() {
        String token = login(host);
        host.store.takeCalls();

        refresh(host, request(token));

        assertThat(host.store.takeCalls()).containsExactly("find", "rotate");
    }

    @Test
    void who_repeats_the_attempt_gets_the_same_successor_until_it_is_used() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        String successor = next(host, attempt);
        host.clock.advance(Duration.ofMinutes(59));

        Refreshed again = refreshed(refresh(host, attempt));

        assertThat(again.isReplay()).isTrue();
        assertThat(again.refreshToken().reveal()).isEqualTo(successor);
        assertThat(host.events(RefreshReplayed.class)).hasSize(1);
        next(host, request(successor).attempt(SECOND_KEY));
        assertThat(refresh(host, attempt)).isInstanceOf(Reused.class);
    }

    @Test
    void a_replay_is_answered_by_the_store_itself() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        next(host, attempt);
        host.store.takeCalls();

        refresh(host, attempt);

        assertThat(host.store.takeCalls())
                .as("what is not on enough replicas yet, or not committed, must not be handed out")
                .containsExactly("find", "rotate");
    }

    @Test
    void a_replay_is_refused_if_the_session_ends_meanwhile() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        next(host, attempt);
        SessionService admin = host.node(host.clock, builder -> builder);
        boolean[] ended = {false};
        host.store.before(verb -> {
            if (verb.equals("rotate") && !ended[0]) {
                ended[0] = true;
                admin.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
            }
        });

        assertThat(refresh(host, attempt))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.REVOKED_BY_ADMIN)));
    }

    @Test
    void after_its_window_the_successor_is_not_answered_again() {
        Duration window = Duration.ofMinutes(30);
        TestHost brief = start(RefreshPolicy.withoutKey(RetryRule.strict())
                .withKey(RetryRule.sameAttempt().keepSuccessor(window)));
        RefreshRequest attempt = request(login(brief)).attempt(FIRST_KEY);
        String successor = next(brief, attempt);
        brief.clock.advance(window);
        assertThat(next(brief, attempt)).isEqualTo(successor);

        brief.clock.advance(TestHost.NODE_SKEW.plusMillis(1));

        assertThat(refresh(brief, attempt)).isInstanceOf(Reused.class);
    }

    @Test
    void a_used_token_without_a_key_ends_the_session_by_the_strict_rule() {
        String first = login(host);
        String second = next(host, request(first));
        host.clock.advance(Duration.ofSeconds(5));

        RefreshResult result = refresh(host, request(first));

        assertThat(result)
                .isInstanceOfSatisfying(
                        Reused.class,
                        reused -> assertThat(reused.generationsBehind()).isEqualTo(1));
        assertThat(host.handlesOf(host.alice)).isEmpty();
        assertThat(host.events(RefreshTokenReused.class)).singleElement().satisfies(event -> {
            assertThat(event.generation()).isEqualTo(1);
            assertThat(event.age()).isEqualTo(Duration.ofSeconds(5));
        });
        assertThat(host.events(SessionEnded.class))
                .singleElement()
                .satisfies(event -> assertThat(event.by().reason()).isEqualTo(RevocationReason.TOKEN_REUSE));
        assertThat(refresh(host, request(second)))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.TOKEN_REUSE)));
    }

    @Test
    void who_has_the_token_and_not_the_attempt_key_is_detected() {
        String first = login(host);
        next(host, request(first).attempt(FIRST_KEY));

        assertThat(refresh(host, request(first).attempt(SECOND_KEY))).isInstanceOf(Reused.class);
    }

    @Test
    void who_sends_no_key_is_detected_although_the_client_sent_one() {
        String first = login(host);
        next(host, request(first).attempt(FIRST_KEY));

        assertThat(refresh(host, request(first))).isInstanceOf(Reused.class);
    }

    @Test
    void a_token_that_was_exchanged_long_ago_ends_the_session() {
        String first = login(host);
        next(host, request(next(host, request(first))));

        assertThat(refresh(host, request(first)))
                .isInstanceOfSatisfying(
                        Reused.class,
                        reused -> assertThat(reused.generationsBehind()).isEqualTo(2));
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void the_key_of_the_last_exchange_is_refused_for_the_next_one_and_nothing_changes() {
        String second = next(host, request(login(host)).attempt(FIRST_KEY));

        assertRefused(refresh(host, request(second).attempt(FIRST_KEY)), CredentialRefusal.ATTEMPT_REPEATED);

        assertLives();
        next(host, request(second).attempt(SECOND_KEY));
    }

    @Test
    void siblings_are_told_to_wait_for_a_while_and_the_session_lives() {
        TestHost tolerant = start(RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(10))));
        String first = login(tolerant);
        String second = next(tolerant, request(first));
        tolerant.clock.advance(Duration.ofSeconds(10));

        assertThat(refresh(tolerant, request(first))).isEqualTo(new Conflict(Duration.ofSeconds(1)));

        next(tolerant, request(second));
        assertThat(refresh(tolerant, request(first)))
                .as("a grandparent is no sibling")
                .isInstanceOf(Reused.class);
    }

    @Test
    void siblings_are_not_tolerated_a_moment_later() {
        TestHost tolerant = start(RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(10))));
        String first = login(tolerant);
        next(tolerant, request(first));
        tolerant.clock.advance(TestHost.NODE_SKEW.plusMillis(10_001));

        assertThat(refresh(tolerant, request(first))).isInstanceOf(Reused.class);
    }

    @Test
    void clients_with_keys_may_have_siblings_too() {
        TestHost tolerant = start(RefreshPolicy.withoutKey(RetryRule.strict())
                .withKey(RetryRule.sameAttempt().orSiblings(Duration.ofSeconds(10))));
        String first = login(tolerant);
        String second = next(tolerant, request(first).attempt(FIRST_KEY));

        assertThat(refresh(tolerant, request(first).attempt(SECOND_KEY))).isInstanceOf(Conflict.class);
        assertThat(next(tolerant, request(first).attempt(FIRST_KEY))).isEqualTo(second);
    }

    @Test
    void any_holder_gets_the_same_successor_within_the_window() {
        TestHost lax = start(RefreshPolicy.withoutKey(RetryRule.anyHolder(Duration.ofSeconds(60))));
        String first = login(lax);
        String second = next(lax, request(first));
        lax.clock.advance(Duration.ofSeconds(60));

        assertThat(next(lax, request(first))).isEqualTo(second);
        lax.clock.advance(TestHost.NODE_SKEW.plusMillis(1));
        assertThat(refresh(lax, request(first))).isInstanceOf(Reused.class);
    }

    @Test
    void who_sends_keys_never_rides_on_an_exchange_without_one() {
        TestHost lax = start(RefreshPolicy.withoutKey(RetryRule.anyHolder(Duration.ofSeconds(60))));
        String first = login(lax);
        next(lax, request(first)); // by a thief, who was first

        assertThat(refresh(lax, request(first).attempt(FIRST_KEY))).isInstanceOf(Reused.class);
    }

    @Test
    void a_login_may_have_a_rule_of_its_own() {
        RefreshBinding own = RefreshBinding.none().retry(RetryRule.anyHolder(Duration.ofSeconds(30)));
        String first = login(host, own, attempt -> attempt);
        String second = next(host, request(first));

        assertThat(next(host, request(first))).isEqualTo(second);
    }

    @Test
    void the_rule_is_the_one_of_the_exchange_whatever_is_set_since() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        String successor = next(host, attempt);
        SessionService stricter = host.node(
                host.clock,
                builder -> builder.refreshTokens(
                        RefreshPolicy.withoutKey(RetryRule.strict()).withKey(RetryRule.strict())));

        RefreshResult result = stricter.credentials().refresh(attempt);

        assertThat(refreshed(result).refreshToken().reveal()).isEqualTo(successor);
    }

    @Test
    void a_clock_that_was_set_back_opens_no_window() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        host.clock.advance(Duration.ofMinutes(30));
        next(host, attempt);
        host.clock.advance(Duration.ofSeconds(-3));

        assertThat(refresh(host, attempt)).isInstanceOf(Reused.class);
    }

    @Test
    void clocks_of_two_nodes_may_differ_by_the_node_skew() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        host.clock.advance(Duration.ofMinutes(30));
        String successor = next(host, attempt);
        host.clock.advance(Duration.ofSeconds(-2));

        assertThat(next(host, attempt)).isEqualTo(successor);
    }

    @Test
    void who_knows_the_public_id_and_no_secret_changes_nothing() {
        String token = login(host);
        SessionId id = SecretToken.parse(token).orElseThrow().session();
        String forged =
                SecretToken.mint(CredentialKind.REFRESH_TOKEN, id, RANDOM).reveal();

        assertRefused(refresh(host, request(forged)), CredentialRefusal.INVALID);

        assertThat(host.events(RefreshDenied.class)).isEmpty();
        next(host, request(token));
    }

    @Test
    void a_forged_secret_with_the_right_family_comes_from_a_stolen_token() {
        SecretToken token = SecretToken.parse(login(host)).orElseThrow();

        assertThat(refresh(host, request(token.successor(new byte[32]).reveal())))
                .isInstanceOf(Reused.class);
    }

    @Test
    void an_old_token_is_told_no_more_than_a_stranger_unless_it_ends_the_session() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        String first = login(host, RefreshBinding.none(), attempt -> attempt.client(web));
        next(host, request(next(host, request(first).client(web))).client(web));

        assertRefused(refresh(host, request(first)), CredentialRefusal.INVALID);
        assertLives();
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);
        assertRefused(refresh(host, request(first).client(web)), CredentialRefusal.INVALID);
    }

    @Test
    void a_renewal_whose_answer_was_lost_is_no_theft() {
        String first = login(host);
        host.service.credentials().renew(TestHost.REALM, first, SessionRenewal.ofSecret());

        host.clock.advance(RetryRule.LONGEST_TOLERANCE.plus(TestHost.NODE_SKEW).plusMillis(1));
        assertRefused(refresh(host, request(first)), CredentialRefusal.SUPERSEDED);

        assertLives();
        assertThat(host.events(RefreshTokenReused.class)).isEmpty();
    }

    @Test
    void a_refresh_beside_a_renewal_looks_again_for_ten_seconds_whatever_the_policy_is() {
        String first = login(host);
        RenewResult renewed = host.service.credentials().renew(TestHost.REALM, first, SessionRenewal.ofSecret());
        host.clock.advance(RetryRule.LONGEST_TOLERANCE.plus(TestHost.NODE_SKEW));

        assertThat(refresh(host, request(first))).isInstanceOf(Conflict.class);
        assertThat(refresh(host, request(first).attempt(FIRST_KEY))).isInstanceOf(Conflict.class);

        String next = ((RenewResult.Renewed) renewed).token().reveal();
        assertThat(refresh(host, request(next))).isInstanceOf(Refreshed.class);
        assertThat(host.events(RefreshTokenReused.class)).isEmpty();
    }

    @Test
    void a_refresh_is_not_answered_as_a_renewal_and_a_renewal_not_as_a_refresh() {
        String first = login(host);
        next(host, request(first).attempt(FIRST_KEY));
        assertThat(host.service
                        .credentials()
                        .renew(TestHost.REALM, first, SessionRenewal.ofSecret().attempt(FIRST_KEY)))
                .isEqualTo(RenewResult.Refused.because(CredentialRefusal.SUPERSEDED));

        String other = login(host);
        host.service
                .credentials()
                .renew(TestHost.REALM, other, SessionRenewal.ofSecret().attempt(FIRST_KEY));
        assertThat(refresh(host, request(other).attempt(FIRST_KEY))).isInstanceOf(Conflict.class);
        host.clock.advance(Duration.ofSeconds(13));
        assertRefused(refresh(host, request(other).attempt(FIRST_KEY)), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void a_renewal_demands_the_client_and_the_key_that_a_refresh_demands() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
        String token = login(host, RefreshBinding.none().sender(key), attempt -> attempt.client(web));
        SessionCredentials credentials = host.service.credentials();
        SessionRenewal bare = SessionRenewal.ofSecret();

        assertThat(credentials.renew(TestHost.REALM, token, bare))
                .isEqualTo(RenewResult.Refused.because(CredentialRefusal.WRONG_CLIENT));
        assertThat(credentials.renew(TestHost.REALM, token, bare.client(web)))
                .isEqualTo(RenewResult.Refused.because(CredentialRefusal.WRONG_SENDER));
        assertThat(credentials.renew(TestHost.REALM, token, bare.client(web).sender(key)))
                .isInstanceOf(RenewResult.Renewed.class);
    }

    @Test
    void a_refresh_that_names_scopes_names_one_at_least() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> request("token").scopes(Set.of()));
    }

    @Test
    void a_damaged_token_makes_no_store_call() {
        String token = login(host);
        host.store.takeCalls();

        assertRefused(refresh(host, request(token.substring(1))), CredentialRefusal.MALFORMED);
        assertRefused(refresh(host, request("")), CredentialRefusal.MALFORMED);
        assertRefused(refresh(host, request(token.replace(token.charAt(60), '='))), CredentialRefusal.MALFORMED);

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_token_that_is_older_than_any_session_makes_no_store_call() {
        String token = login(host);
        host.clock.advance(TestHost.LIFETIMES.absolute());
        host.store.takeCalls();

        assertRefused(refresh(host, request(token)), CredentialRefusal.INVALID);

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_token_is_unknown_in_another_realm() {
        String token = login(host);

        assertRefused(refresh(host, RefreshRequest.of(TestHost.SIBLING, token)), CredentialRefusal.INVALID);
        assertLives();
    }

    @Test
    void a_token_of_a_client_is_good_for_this_client_only() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        ClientId other = new ClientId(TestHost.REALM, "other");
        String token = login(host, RefreshBinding.none(), attempt -> attempt.client(web));

        assertRefused(refresh(host, request(token)), CredentialRefusal.WRONG_CLIENT);
        assertRefused(refresh(host, request(token).client(other)), CredentialRefusal.WRONG_CLIENT);
        String second = next(host, request(token).client(web));
        assertRefused(refresh(host, request(token).client(other)), CredentialRefusal.WRONG_CLIENT);

        assertLives();
        next(host, request(second).client(web));
        assertThat(host.events(RefreshDenied.class))
                .extracting(RefreshDenied::why)
                .containsOnly(CredentialRefusal.WRONG_CLIENT);
    }

    @Test
    void a_bound_token_is_refused_without_its_key_and_the_session_lives() {
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
        SenderKey certificate = SenderKey.of(SenderKey.Kind.X5T_S256, new byte[32]);
        String token = login(host, RefreshBinding.none().sender(key), attempt -> attempt);

        assertRefused(refresh(host, request(token)), CredentialRefusal.WRONG_SENDER);
        assertRefused(refresh(host, request(token).sender(certificate)), CredentialRefusal.WRONG_SENDER);

        assertLives();
        assertThat(refreshed(refresh(host, request(token).sender(key))).senderKey())
                .contains(key);
    }

    @Test
    void a_key_that_is_proven_without_need_binds_the_access_token() {
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);

        assertThat(refreshed(refresh(host, request(login(host)).sender(key))).senderKey())
                .contains(key);
    }

    @Test
    void scopes_only_become_narrower() {
        String token = login(host, RefreshBinding.none().scopes(Set.of("read", "write")), attempt -> attempt);

        assertRefused(refresh(host, request(token).scopes(Set.of("read", "admin"))), CredentialRefusal.WRONG_SCOPE);
        Refreshed narrow = refreshed(refresh(host, request(token).scopes(Set.of("read"))));
        Refreshed all = refreshed(refresh(host, request(narrow.refreshToken().reveal())));

        assertThat(narrow.scopes()).containsExactly("read");
        assertThat(all.scopes()).as("what was granted stands").containsExactlyInAnyOrder("read", "write");
    }

    @Test
    void an_idle_session_is_over_unless_refreshes_count_as_activity() {
        String token = login(host);
        host.clock.advance(TestHost.LIFETIMES.idle().minusSeconds(1));
        String second = next(host, request(token));
        host.clock.advance(Duration.ofSeconds(1));
        assertRefused(refresh(host, request(second)), CredentialRefusal.IDLE);

        TestHost active = start(RefreshPolicy.withoutKey(RetryRule.strict()).countsAsActivity());
        String used = login(active);
        for (int i = 0; i < 10; i++) {
            active.clock.advance(TestHost.LIFETIMES.idle().minusSeconds(1));
            used = next(active, request(used));
        }
    }

    @Test
    void the_absolute_end_never_moves() {
        TestHost active = start(RefreshPolicy.withoutKey(RetryRule.strict()).countsAsActivity());
        String token = login(
                active,
                RefreshBinding.none(),
                attempt -> attempt.lifetimes(SessionLifetimes.of(Duration.ofHours(2), Duration.ofHours(1))));
        active.clock.advance(Duration.ofMinutes(59));
        token = next(active, request(token));
        active.clock.advance(Duration.ofMinutes(59));
        token = next(active, request(token));
        active.clock.advance(Duration.ofMinutes(2));

        assertRefused(refresh(active, request(token)), CredentialRefusal.ABSOLUTE);
    }

    @Test
    void a_revoked_session_is_refused_with_its_reason() {
        String token = login(host);
        host.service.revokeAllSessions(host.alice, TestHost.BY_ADMIN);

        assertThat(refresh(host, request(token)))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.REVOKED_BY_ADMIN)));
    }

    @Test
    void a_session_token_refreshes_nothing_and_a_refresh_token_authenticates_nothing() {
        String refresh = login(host);
        LoginResult.LoggedIn other = (LoginResult.LoggedIn)
                host.service.beginLogin(host.bob).withSessionToken().complete(DeviceInfo.unknown());

        assertRefused(refresh(host, request(other.token().orElseThrow().reveal())), CredentialRefusal.INVALID);
        assertThat(host.service.credentials().authenticate(TestHost.REALM, refresh))
                .isEqualTo(SessionAuthentication.Refused.because(CredentialRefusal.INVALID));
    }

    @Test
    void a_client_whose_answer_is_lost_repeats_its_attempt() {
        RefreshRequest attempt = request(login(host)).attempt(FIRST_KEY);
        loseAnswersOf("rotate");
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> refresh(host, attempt))
                .satisfies(e -> assertThat(e.mayHaveHappened()).isTrue());
        host.store.recover();

        Refreshed again = refreshed(refresh(host, attempt));

        assertThat(again.isReplay()).isTrue();
        next(host, request(again.refreshToken().reveal()).attempt(SECOND_KEY));
    }

    @Test
    void who_loses_to_a_node_with_a_newer_key_is_not_told_that_the_token_is_bad() {
        RefreshPolicy policy = RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(10)));
        TestHost old = TestHost.start(
                builder -> builder.refreshTokens(policy).encryption(KeyRing.of("2026", TestKeys.key(1))));
        SessionService newer = old.node(
                old.clock,
                builder -> builder.refreshTokens(policy)
                        .encryption(KeyRing.builder()
                                .current("2027", TestKeys.key(2))
                                .readable("2026", TestKeys.key(1))
                                .build()));
        RefreshRequest request = request(login(old));
        boolean[] lost = {false};
        old.store.before(verb -> {
            if (verb.equals("rotate") && !lost[0]) {
                lost[0] = true;
                newer.credentials().refresh(request);
            }
        });

        assertThatExceptionOfType(MissingKeyException.class)
                .isThrownBy(() -> refresh(old, request))
                .satisfies(e -> assertThat(e.keyId()).isEqualTo("2027"));
    }

    @Test
    void a_reuse_that_is_not_known_to_have_ended_the_session_is_no_answer() {
        String first = login(host);
        next(host, request(first));
        loseAnswersOf("revoke");

        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> refresh(host, request(first)));
        host.store.recover();

        assertThat(refresh(host, request(first)))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.TOKEN_REUSE)));
        assertThat(host.events(RefreshTokenReused.class))
                .as("told at least once")
                .hasSize(1);
    }

    @Test
    void any_generation_of_a_token_ends_its_session() {
        String first = login(host);
        next(host, request(first));

        RevocationOutcome outcome = host.service.credentials().revokeByToken(TestHost.REALM, first, null);

        assertThat(outcome).isInstanceOf(RevocationOutcome.Revoked.class);
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void a_forged_token_and_another_client_end_nothing() {
        ClientId web = new ClientId(TestHost.REALM, "web");
        String token = login(host, RefreshBinding.none(), attempt -> attempt.client(web));
        SessionId id = SecretToken.parse(token).orElseThrow().session();
        String forged =
                SecretToken.mint(CredentialKind.REFRESH_TOKEN, id, RANDOM).reveal();
        SessionCredentials credentials = host.service.credentials();

        assertThat(credentials.revokeByToken(TestHost.REALM, forged, web))
                .isInstanceOf(RevocationOutcome.NotOwned.class);
        assertThat(credentials.revokeByToken(TestHost.REALM, "rubbish", web))
                .isInstanceOf(RevocationOutcome.NotOwned.class);
        assertThat(credentials.revokeByToken(TestHost.REALM, token, new ClientId(TestHost.REALM, "other")))
                .isInstanceOf(RevocationOutcome.NotOwned.class);

        assertLives();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 129})
    void an_attempt_key_of_a_wrong_length_is_refused_before_anything(int length) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> request("token").attempt("k".repeat(length)))
                .withMessageContaining("16 to 128")
                .withMessageContaining(Integer.toString(length));
    }

    @Test
    void a_service_without_refresh_tokens_says_what_is_missing() {
        TestHost without = TestHost.start();

        assertThatIllegalStateException()
                .isThrownBy(() -> refresh(without, request("cfr1_")))
                .withMessageContaining("refreshTokens(...)");
        assertThatIllegalStateException().isThrownBy(() -> login(without)).withMessageContaining("refreshTokens(...)");
    }

    @Test
    void a_session_shows_what_it_was_granted() {
        login(
                host,
                RefreshBinding.none().scopes(Set.of("read")),
                attempt -> attempt.evidence("urn:mfa", Set.of("pwd", "otp")));

        Session listed = host.service
                .listSessions(host.alice, ListQuery.live(10))
                .entries()
                .get(0)
                .session();

        assertThat(listed.scopes()).containsExactly("read");
        assertThat(listed.evidence().acr()).contains("urn:mfa");
        assertThat(listed.evidence().amr()).containsExactlyInAnyOrder("pwd", "otp");
        assertThat(listed.credential()).contains(CredentialKind.REFRESH_TOKEN);
    }
}
