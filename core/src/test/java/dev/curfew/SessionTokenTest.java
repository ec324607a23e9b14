package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.TestKeys;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionCredentialRenewed;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.FoundSession;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import dev.curfew.token.ReauthenticationRequiredException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionAuthentication.Unanswered;
import dev.curfew.token.SessionCaller;
import dev.curfew.token.SessionRenewal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Session tokens: whose they are, when they are over, and how their secret is exchanged. SES. */
class SessionTokenTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ATTEMPT = "attempt-number-0001";

    private final TestHost host = TestHost.start();

    private static String login(TestHost host) {
        return login(host, attempt -> attempt);
    }

    private static String login(TestHost host, UnaryOperator<LoginAttempt> terms) {
        LoginResult result = terms.apply(host.service.beginLogin(host.alice).withSessionToken())
                .complete(DeviceInfo.unknown());
        return ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
    }

    private SessionAuthentication authenticate(String token) {
        return host.service.credentials().authenticate(TestHost.REALM, token);
    }

    private SessionCaller caller(String token) {
        SessionAuthentication answer = authenticate(token);
        assertThat(answer).isInstanceOf(Authenticated.class);
        return ((Authenticated) answer).caller();
    }

    private RenewResult.Renewed renewed(String token, SessionRenewal renewal) {
        RenewResult result = host.service.credentials().renew(TestHost.REALM, token, renewal);
        assertThat(result).isInstanceOf(RenewResult.Renewed.class);
        return (RenewResult.Renewed) result;
    }

    private void assertRefused(String token, CredentialRefusal why) {
        assertThat(authenticate(token)).isEqualTo(Refused.because(why));
    }

    @Test
    void a_login_hands_out_a_token_that_authenticates_its_session() {
        String token = login(host, attempt -> attempt.attributes(Map.of("role", "buyer")));

        SessionCaller caller = caller(token);

        assertThat(token).startsWith("cfs1_");
        assertThat(caller.subject()).contains(host.alice);
        assertThat(caller.realm()).isEqualTo(TestHost.REALM);
        assertThat(caller.currentSession().attributes()).containsEntry("role", "buyer");
        assertThat(caller.currentSession().credential()).contains(CredentialKind.SESSION_TOKEN);
        assertThat(caller.session()).contains(caller.currentSession().ref());
        assertThat(caller.forgetAfter()).isEqualTo(caller.currentSession().expiresAt());
        assertThat(caller.sessionNamed(caller.currentSession().handle().value()))
                .isEqualTo(caller.session());
        assertThat(caller.sessionNamed("rubbish")).isEmpty();
        assertThat(caller).asString().doesNotContain("alice");
    }

    @Test
    void a_login_without_a_credential_hands_out_none() {
        LoginResult result = host.service.beginLogin(host.alice).complete(DeviceInfo.unknown());

        assertThat(((LoginResult.LoggedIn) result).token()).isEmpty();
    }

    @Test
    void an_authentication_takes_one_round_trip() {
        String token = login(host);
        host.store.takeCalls();

        authenticate(token);

        assertThat(host.store.takeCalls()).containsExactly("find");
    }

    @Test
    void a_damaged_token_and_one_that_is_too_old_make_no_store_call() {
        String token = login(host);
        host.clock.advance(TestHost.LIFETIMES.absolute());
        host.store.takeCalls();

        assertRefused(token + "A", CredentialRefusal.MALFORMED);
        assertRefused("", CredentialRefusal.MALFORMED);
        assertRefused(token, CredentialRefusal.INVALID);

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_wrong_secret_is_refused_alike_whatever_the_session_is() {
        String live = login(host);
        String ended = login(host);
        host.service.logout(caller(ended));
        SessionId unknown = SessionId.mint(host.alice, host.now(), RANDOM);

        assertRefused(forged(SecretToken.parse(live).orElseThrow().session()), CredentialRefusal.INVALID);
        assertRefused(forged(SecretToken.parse(ended).orElseThrow().session()), CredentialRefusal.INVALID);
        assertRefused(forged(unknown), CredentialRefusal.INVALID);
        assertRefused(forged((SessionId) host.login(host.bob).handle()), CredentialRefusal.INVALID);
    }

    private static String forged(SessionId id) {
        return SecretToken.mint(CredentialKind.SESSION_TOKEN, id, RANDOM).reveal();
    }

    @Test
    void a_token_is_unknown_in_another_realm() {
        String token = login(host);

        assertThat(host.service.credentials().authenticate(TestHost.SIBLING, token))
                .isEqualTo(Refused.because(CredentialRefusal.INVALID));
    }

    @Test
    void what_the_endpoints_do_with_a_caller_works_with_a_session_token() {
        String own = login(host);
        String other = login(host);
        SessionCaller caller = caller(own);

        assertThat(host.service.listSessions(caller).entries())
                .filteredOn(entry -> entry.isCurrent())
                .singleElement()
                .satisfies(entry -> assertThat(entry.session().ref())
                        .isEqualTo(caller.session().orElseThrow()));
        host.service.revokeOtherSessions(caller);
        assertThat(authenticate(other))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.REVOKED_BY_USER)));
        host.service.logout(caller(own));

        assertThat(authenticate(own))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.USER_LOGOUT)));
        assertThat(host.service.revokeOtherSessions(caller)).isInstanceOf(RevocationOutcome.CallerRevoked.class);
        assertThat(host.events(RevokedTokenUsed.class))
                .extracting(RevokedTokenUsed::by)
                .containsExactly(RevocationReason.REVOKED_BY_USER, RevocationReason.USER_LOGOUT);
    }

    @Test
    void a_revocation_that_the_store_has_not_acknowledged_counts_on_this_node() {
        TestHost replicated = TestHost.start(builder -> builder.replica(replica -> replica));
        String token = login(replicated);
        replicated.store.before(verb -> {
            if (verb.equals("revoke")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> replicated.service.revokeAllSessions(replicated.alice, TestHost.BY_ADMIN));

        assertThat(replicated.service.credentials().authenticate(TestHost.REALM, token))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.REVOKED_BY_ADMIN)));
        replicated.store.recover();
        replicated.service.close();
    }

    @Test
    void a_store_that_does_not_answer_is_no_refusal() {
        String token = login(host);
        host.store.goDown();

        assertThat(authenticate(token)).isEqualTo(new Unanswered(Optional.empty()));
        host.store.recover();
    }

    @Test
    void time_ends_a_session_and_says_which_end_it_was() {
        String token = login(host);
        host.clock.advance(TestHost.LIFETIMES.idle().minusMillis(1));
        assertThat(authenticate(token)).isInstanceOf(Authenticated.class);
        host.clock.advance(Duration.ofMillis(1));
        assertRefused(token, CredentialRefusal.IDLE);

        String brief = login(
                host,
                attempt -> attempt.lifetimes(SessionLifetimes.of(Duration.ofMinutes(30), Duration.ofMinutes(30))));
        host.clock.advance(Duration.ofMinutes(30));
        assertRefused(brief, CredentialRefusal.ABSOLUTE);
    }

    @Test
    void a_touched_session_goes_on() {
        String token = login(host);
        for (int i = 0; i < 5; i++) {
            host.clock.advance(TestHost.LIFETIMES.idle().minusSeconds(1));
            host.service.touch(caller(token));
        }
    }

    @Test
    void a_login_may_shorten_its_lifetimes_and_never_lengthen_them() {
        LoginAttempt attempt = host.service.beginLogin(host.alice);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> attempt.lifetimes(SessionLifetimes.aal1()))
                .withMessageContaining(SessionLifetimes.aal1().absolute().toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> attempt.lifetimes(SessionLifetimes.of(Duration.ofHours(1), Duration.ofMinutes(1))))
                .withMessageContaining("lastSeenEvery");
    }

    @Test
    void a_renewal_exchanges_the_secret_with_what_the_session_may_do() {
        String token = login(host, attempt -> attempt.attributes(Map.of("role", "buyer")));

        RenewResult.Renewed renewed = renewed(token, SessionRenewal.ofSecret().attributes(Map.of("role", "admin")));

        assertRefused(token, CredentialRefusal.SUPERSEDED);
        SessionCaller caller = caller(renewed.token().reveal());
        assertThat(caller.currentSession().attributes()).containsEntry("role", "admin");
        assertThat(renewed.token().session()).isEqualTo(caller.currentSession().handle());
        assertThat(renewed.session().expiresAt())
                .isEqualTo(caller.currentSession().expiresAt());
        assertThat(host.events(SessionCredentialRenewed.class)).hasSize(1);
        assertThat(host.service.credentials().renew(TestHost.REALM, token, SessionRenewal.ofSecret()))
                .as("a request that was under way ends nothing")
                .isEqualTo(RenewResult.Refused.because(CredentialRefusal.SUPERSEDED));
        assertThat(authenticate(renewed.token().reveal())).isInstanceOf(Authenticated.class);
    }

    @Test
    void who_repeats_a_renewal_gets_the_same_token() {
        String token = login(host);
        SessionRenewal renewal =
                SessionRenewal.ofSecret().attributes(Map.of("role", "admin")).attempt(ATTEMPT);
        RenewResult.Renewed first = renewed(token, renewal);

        RenewResult.Renewed again = renewed(token, renewal);

        assertThat(again.isReplay()).isTrue();
        assertThat(again.token()).isEqualTo(first.token());
        assertThat(again.session().attributes()).containsEntry("role", "admin");
        assertThat(host.events(SessionCredentialRenewed.class)).hasSize(1);
    }

    @Test
    void a_payload_that_changes_while_it_is_renewed_is_read_again() {
        KeyRing old = KeyRing.of("2026", TestKeys.key(1));
        KeyRing both = KeyRing.builder()
                .current("2027", TestKeys.key(2))
                .readable("2026", TestKeys.key(1))
                .build();
        TestHost encrypted = TestHost.start(builder -> builder.encryption(old));
        String token = login(encrypted);
        SessionService walker = encrypted.node(encrypted.clock, builder -> builder.encryption(both));
        boolean[] walked = {false};
        SessionService next = encrypted.node(encrypted.clock, builder -> builder.encryption(both));
        encrypted.store.before(verb -> {
            if (verb.equals("rotate") && !walked[0]) {
                walked[0] = true;
                walker.reencrypt(PayloadCursor.start(), 100);
            }
        });

        RenewResult result = next.credentials()
                .renew(TestHost.REALM, token, SessionRenewal.ofSecret().attributes(Map.of("role", "admin")));

        assertThat(walked[0]).isTrue();
        assertThat(result).isInstanceOf(RenewResult.Renewed.class);
    }

    @Test
    void a_key_may_go_after_a_walk_that_rewrote_the_credentials() {
        TestHost encrypted = TestHost.start(builder -> builder.encryption(KeyRing.of("2026", TestKeys.key(1))));
        String token = login(encrypted);
        SessionService walker = encrypted.node(
                encrypted.clock,
                builder -> builder.encryption(KeyRing.builder()
                        .current("2027", TestKeys.key(2))
                        .readable("2026", TestKeys.key(1))
                        .build()));

        assertThat(walker.reencrypt(PayloadCursor.start(), 100).rewritten()).isEqualTo(1);
        assertThat(walker.reencrypt(PayloadCursor.start(), 100).rewritten()).isZero();

        SessionService after =
                encrypted.node(encrypted.clock, builder -> builder.encryption(KeyRing.of("2027", TestKeys.key(2))));
        assertThat(after.credentials().authenticate(TestHost.REALM, token)).isInstanceOf(Authenticated.class);
        assertThat(encrypted.service.credentials().authenticate(TestHost.REALM, token))
                .as("a node without the key does not know, and does not sign out")
                .isEqualTo(new Unanswered(Optional.empty()));
    }

    @Test
    void a_hash_that_was_planted_into_the_database_opens_nothing() {
        InMemorySessionStore rows = InMemorySessionStore.create();
        TestHost encrypted = TestHost.over(rows);
        SessionService service =
                encrypted.node(encrypted.clock, builder -> builder.encryption(KeyRing.of("2026", TestKeys.key(1))));
        LoginResult.LoggedIn victim = (LoginResult.LoggedIn)
                service.beginLogin(encrypted.alice).withSessionToken().complete(DeviceInfo.unknown());
        SecretToken own = SecretToken.mint(
                CredentialKind.SESSION_TOKEN, (SessionId) victim.session().handle(), RANDOM);
        StoredSession row =
                rows.find(victim.session().ref(), encrypted.now()).orElseThrow().session();
        Rotation planted = Rotation.ofSecret(row.secretHash().orElseThrow(), own.hash(), row.credential());
        rows.rotate(victim.session().ref(), planted, encrypted.now());

        assertThat(service.credentials().authenticate(TestHost.REALM, own.reveal()))
                .isEqualTo(new Unanswered(Optional.empty()));
    }

    @Test
    void a_row_that_was_given_another_id_proves_nothing() {
        InMemorySessionStore rows = InMemorySessionStore.create();
        TestHost encrypted = TestHost.over(rows);
        SessionService service =
                encrypted.node(encrypted.clock, builder -> builder.encryption(KeyRing.of("2026", TestKeys.key(1))));
        LoginResult.LoggedIn login = (LoginResult.LoggedIn)
                service.beginLogin(encrypted.alice).withSessionToken().complete(DeviceInfo.unknown());
        StoredSession row =
                rows.find(login.session().ref(), encrypted.now()).orElseThrow().session();
        SessionId later = SessionId.mint(encrypted.alice, encrypted.now().plusSeconds(60), RANDOM);
        SessionStore damaged = new ForwardingSessionStore(rows) {
            @Override
            public Optional<FoundSession> find(SessionRef session, Instant now) {
                return Optional.of(new FoundSession(
                        row.toBuilder()
                                .id(later)
                                .authenticatedAt(later.authenticatedAt())
                                .build(),
                        List.of()));
            }
        };
        SessionService deceived = SessionService.builder()
                .store(damaged)
                .encryption(KeyRing.of("2026", TestKeys.key(1)))
                .lifetimes(TestHost.LIFETIMES)
                .tokenPolicies(encrypted.tokens.policy())
                .clock(encrypted.clock, encrypted.clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .build();

        assertThat(deceived.credentials()
                        .authenticate(
                                TestHost.REALM, login.token().orElseThrow().reveal()))
                .isEqualTo(new Unanswered(Optional.empty()));
    }

    @Test
    void a_login_that_was_sealed_elsewhere_gets_no_more_than_is_allowed_here() {
        SessionService strict = host.node(
                host.clock,
                builder -> builder.lifetimes(SessionLifetimes.of(Duration.ofHours(1), Duration.ofMinutes(15)))
                        .loginSealingKey(TestKeys.key(3)));
        SessionService lax = host.node(
                host.clock,
                builder -> builder.loginSealingKey(TestKeys.key(3))
                        .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict())));
        LoginAttempt longer =
                lax.beginLogin(host.alice).lifetimes(SessionLifetimes.of(Duration.ofHours(20), Duration.ofMinutes(50)));
        LoginAttempt refreshing = lax.beginLogin(host.alice).withRefreshToken(RefreshBinding.none());

        assertThat(strict.resumeLogin(longer.seal())).isEmpty();
        assertThat(strict.resumeLogin(refreshing.seal())).isEmpty();
        assertThat(lax.resumeLogin(longer.seal())).isPresent();
        assertThat(lax.resumeLogin(refreshing.seal())).isPresent();
    }

    @Test
    void a_step_up_keeps_the_session_and_takes_the_old_secret_its_worth() {
        String token = login(host);
        SessionCaller before = caller(token);
        StepUp stepUp = host.service.credentials().beginStepUp(before);
        Instant begun = host.now();
        host.clock.advance(Duration.ofSeconds(30));

        RenewResult result = stepUp.complete("urn:mfa", Set.of("otp"), token);

        SessionCaller after = caller(((RenewResult.Renewed) result).token().reveal());
        assertThat(after.session()).isEqualTo(before.session());
        assertThat(after.evidence().orElseThrow().at()).isEqualTo(begun);
        assertThat(after.evidence().orElseThrow().acr()).contains("urn:mfa");
        assertThat(after.currentSession().authenticatedAt())
                .as("what cut-offs judge")
                .isEqualTo(before.currentSession().authenticatedAt());
        assertRefused(token, CredentialRefusal.SUPERSEDED);
    }

    @Test
    void a_step_up_is_completed_with_a_token_of_its_session_only() {
        String token = login(host);
        String other = login(host);
        StepUp stepUp = host.service.credentials().beginStepUp(caller(token));

        assertThat(stepUp.complete("urn:mfa", Set.of(), other))
                .isEqualTo(RenewResult.Refused.because(CredentialRefusal.INVALID));
        assertThat(stepUp.complete("urn:mfa", Set.of(), "rubbish"))
                .isEqualTo(RenewResult.Refused.because(CredentialRefusal.INVALID));
        assertThat(authenticate(token)).isInstanceOf(Authenticated.class);
        assertThat(authenticate(other)).isInstanceOf(Authenticated.class);
    }

    @Test
    void a_step_up_exchanges_a_refresh_token_too() {
        TestHost refreshing =
                TestHost.start(builder -> builder.refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict())));
        LoginResult.LoggedIn login = (LoginResult.LoggedIn) refreshing
                .service
                .beginLogin(refreshing.alice)
                .withRefreshToken(RefreshBinding.none())
                .complete(DeviceInfo.unknown());
        StepUp stepUp = refreshing.service.credentials().beginStepUp(refreshing.tokens.of(login.session()));

        RenewResult result =
                stepUp.complete("urn:mfa", Set.of(), login.token().orElseThrow().reveal());

        assertThat(result)
                .isInstanceOfSatisfying(
                        RenewResult.Renewed.class,
                        renewed -> assertThat(renewed.token().kind()).isEqualTo(CredentialKind.REFRESH_TOKEN));
    }

    @Test
    void a_caller_must_have_proven_who_they_are_lately_and_well_enough() {
        SessionCaller caller = caller(login(host, attempt -> attempt.evidence("urn:pwd", Set.of("pwd"))));
        Duration max = Duration.ofMinutes(5);

        assertThatCode(() -> caller.requireAuthenticatedWithin(max, host.now())).doesNotThrowAnyException();
        assertThatCode(() -> caller.requireAuthenticatedWithin(max, host.now().plus(max), "urn:mfa", "urn:pwd"))
                .doesNotThrowAnyException();
        assertThatExceptionOfType(ReauthenticationRequiredException.class)
                .isThrownBy(() -> caller.requireAuthenticatedWithin(max, host.now(), "urn:mfa"))
                .satisfies(e -> assertThat(e.acrValues()).containsExactly("urn:mfa"));
        assertThatExceptionOfType(ReauthenticationRequiredException.class)
                .isThrownBy(() -> caller.requireAuthenticatedWithin(
                        max, host.now().plus(max).plusMillis(1)))
                .satisfies(e -> assertThat(e.maxAge()).isEqualTo(max));
        assertThatExceptionOfType(ReauthenticationRequiredException.class)
                .as("a proof in the future")
                .isThrownBy(
                        () -> caller.requireAuthenticatedWithin(max, host.now().minusSeconds(11)));
    }

    @Test
    void a_login_in_the_place_of_another_session_ends_that_one() {
        TestHost limited = TestHost.start(builder -> builder.sessionLimit(SessionLimit.refuseBeyond(1)));
        String old = login(limited);
        SessionCaller caller =
                ((Authenticated) limited.service.credentials().authenticate(TestHost.REALM, old)).caller();

        String next = login(limited, attempt -> attempt.replacing(caller));

        assertThat(limited.service.credentials().authenticate(TestHost.REALM, old))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.REPLACED)));
        assertThat(limited.service.credentials().authenticate(TestHost.REALM, next))
                .isInstanceOf(Authenticated.class);
        assertThat(limited.events(SessionEnded.class))
                .singleElement()
                .satisfies(event -> assertThat(event.by().reason()).isEqualTo(RevocationReason.REPLACED));
    }

    @Test
    void nobody_replaces_the_session_of_somebody_else() {
        SessionCaller alice = caller(login(host));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.service.beginLogin(host.bob).replacing(alice));
        host.service.beginLogin().replacing(alice).identifiedAs(host.bob).complete(DeviceInfo.unknown());

        assertThat(host.handlesOf(host.alice)).hasSize(1);
    }

    @Test
    void what_a_login_asks_for_travels_across_a_redirect() {
        SessionCaller replaced = caller(login(host));
        LoginAttempt attempt = host.service
                .beginLogin(host.alice)
                .withSessionToken()
                .evidence("urn:mfa", Set.of("otp"))
                .lifetimes(SessionLifetimes.of(Duration.ofHours(2), Duration.ofMinutes(20)))
                .replacing(replaced);

        LoginResult result =
                host.service.resumeLogin(attempt.seal()).orElseThrow().complete(DeviceInfo.unknown());

        LoginResult.LoggedIn loggedIn = (LoginResult.LoggedIn) result;
        assertThat(loggedIn.token()).isPresent();
        assertThat(loggedIn.session().evidence().acr()).contains("urn:mfa");
        assertThat(loggedIn.session().idleTimeout()).isEqualTo(Duration.ofMinutes(20));
        assertThat(loggedIn.ended()).containsExactly(replaced.currentSession().handle());
    }

    @Test
    void an_attempt_key_needs_encryption_for_a_store_outside_of_the_process() {
        TestHost outside = TestHost.over(InMemorySessionStore.create());
        outside.store.outside();
        SessionService plain = outside.node(outside.clock, SessionServiceBuilder::storeSessionsUnencrypted);

        assertThatIllegalStateException()
                .isThrownBy(() -> plain.credentials()
                        .renew(
                                TestHost.REALM,
                                "cfs1_",
                                SessionRenewal.ofSecret().attempt(ATTEMPT)))
                .withMessageContaining("encryption(...)");
        assertThatIllegalStateException()
                .isThrownBy(() -> outside.node(
                        outside.clock,
                        builder -> builder.storeSessionsUnencrypted()
                                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict()))))
                .withMessageContaining("encryption(...)");
        assertThatCode(() -> outside.node(
                        outside.clock,
                        builder -> builder.storeSessionsUnencrypted()
                                .refreshTokens(RefreshPolicy.withoutKey(RetryRule.strict())
                                        .withKey(RetryRule.strict()))))
                .doesNotThrowAnyException();
    }
}
