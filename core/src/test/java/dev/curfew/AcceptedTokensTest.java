package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicies;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Nothing is acknowledged that can reach no token, and no session begins that no token can name. */
class AcceptedTokensTest {
    private static final Realm REALM = Realm.of("shop");
    private static final SubjectId ALICE = new SubjectId(REALM, "alice");
    private static final ForeignSessionId FOREIGN = new ForeignSessionId("idp-1");
    private static final ClientId CLIENT = new ClientId(REALM, "web");
    private static final Duration LIVE = Duration.ofMinutes(15).plusSeconds(10);
    private static final PublicKey KEY = key();

    private final ManualClock clock = ManualClock.at(TestHost.BIRTH);
    private final Logger logger = (Logger) LoggerFactory.getLogger(AcceptedTokens.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    @Test
    void a_client_that_no_token_names_is_not_just_revoked() {
        SessionService service =
                service(policy("https://a.example").withoutClients().build());

        RevocationOutcome outcome = service.revokeClient(CLIENT, TestHost.BY_ADMIN);

        assertThat(outcome).isInstanceOf(RevocationOutcome.Unreached.class);
        RevocationOutcome.Unreached unreached = (RevocationOutcome.Unreached) outcome;
        assertThat(unreached.revoked()).isEqualTo(TestHost.revokedUncounted(Kind.CLIENT, true));
        assertThat(unreached.issuers()).containsExactly("https://a.example");
        assertThat(unreached.usableFor()).isEqualTo(LIVE);
        assertThat(outcome.recorded()).contains(unreached.revoked());
    }

    @Test
    void a_session_that_no_token_names_is_not_just_revoked() {
        SessionService none =
                service(policy("https://a.example").sessionIds(SessionIds.NONE).build());
        SessionService foreign = service(policy("https://a.example").build());
        SessionId ours = SessionId.mint(ALICE, TestHost.BIRTH, new SecureRandom());

        for (RevocationOutcome outcome : List.of(
                none.revokeSession(ALICE, FOREIGN, TestHost.BY_ADMIN),
                none.revokeSession(ALICE, ours, TestHost.BY_ADMIN),
                foreign.revokeSession(ALICE, ours, TestHost.BY_ADMIN))) {
            assertThat(outcome).isInstanceOf(RevocationOutcome.Unreached.class);
        }
        assertThat(foreign.revokeSession(ALICE, FOREIGN, TestHost.BY_ADMIN))
                .isInstanceOf(RevocationOutcome.Revoked.class);
    }

    @Test
    void what_tokens_always_name_is_revoked_and_nobody_is_warned() {
        SessionService service = service(policy("https://a.example").build());

        for (RevocationOutcome outcome : List.of(
                service.revokeClient(CLIENT, TestHost.BY_ADMIN),
                service.revokeAllSessions(ALICE, TestHost.BY_ADMIN),
                service.revokeIssuedBefore(ALICE, TestHost.BIRTH, TestHost.BY_ADMIN),
                service.revokeIssuedBefore(RevocationTarget.client(CLIENT), TestHost.BIRTH, TestHost.BY_ADMIN),
                service.revokeRealm(REALM, TestHost.BY_ADMIN),
                service.revokeKey("thumbprint", TestHost.BY_ADMIN))) {
            assertThat(outcome).isInstanceOf(RevocationOutcome.Revoked.class);
        }
        assertThat(log.list).isEmpty();
    }

    @Test
    void a_cut_off_of_a_client_at_an_instant_is_told_in_the_same_way() {
        SessionService service =
                service(policy("https://a.example").withoutClients().build());

        assertThat(service.revokeIssuedBefore(RevocationTarget.client(CLIENT), TestHost.BIRTH, TestHost.BY_ADMIN))
                .isInstanceOf(RevocationOutcome.Unreached.class);
    }

    @Test
    void what_only_some_tokens_name_is_warned_of_once_for_each_policy_and_kind() {
        SessionService service = service(policy("https://a.example")
                .allowMissingClient()
                .allowMissingSessionId()
                .build());

        for (int i = 0; i < 3; i++) {
            assertThat(service.revokeClient(CLIENT, TestHost.BY_ADMIN)).isInstanceOf(RevocationOutcome.Revoked.class);
            assertThat(service.revokeSession(ALICE, FOREIGN, TestHost.BY_ADMIN))
                    .isInstanceOf(RevocationOutcome.Revoked.class);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .hasSize(2)
                .allMatch(line -> line.contains("https://a.example") && line.contains("only some"))
                .noneMatch(line -> line.contains("alice") || line.contains("idp-1") || line.contains("web"));
    }

    @Test
    void only_the_issuer_whose_tokens_do_not_name_it_is_told_where_several_share_a_realm() {
        SessionService service = service(
                policy("https://a.example").sharesRealm().build(),
                policy("https://b.example").sharesRealm().withoutClients().build());

        assertThat(service.revokeClient(CLIENT, TestHost.BY_ADMIN))
                .isInstanceOfSatisfying(
                        RevocationOutcome.Unreached.class,
                        unreached -> assertThat(unreached.issuers()).containsExactly("https://b.example"));
    }

    @Test
    void what_lies_in_a_realm_of_no_policy_reaches_nothing() {
        SessionService service = service(policy("https://a.example").build());
        SubjectId stranger = new SubjectId(Realm.of("shopp"), "alice");

        for (RevocationOutcome outcome : List.of(
                service.revokeAllSessions(stranger, TestHost.BY_ADMIN),
                service.revokeRealm(stranger.realm(), TestHost.BY_ADMIN),
                service.revokeClient(new ClientId(stranger.realm(), "web"), TestHost.BY_ADMIN),
                service.revokeSession(stranger, FOREIGN, TestHost.BY_ADMIN))) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            RevocationOutcome.Unreached.class,
                            unreached -> assertThat(unreached.issuers()).isEmpty());
        }
    }

    @Test
    void a_login_in_a_realm_of_no_policy_is_refused_with_its_name() {
        SessionService service = service(policy("https://a.example").build());
        SubjectId stranger = new SubjectId(Realm.of("shopp"), "alice");
        LoginAttempt unknown = service.beginLogin();
        TestTokens partner = TestTokens.foreign(Realm.of("shopp"), clock);

        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> service.beginLogin(stranger))
                .withMessageContaining("\"shopp\"")
                .withMessageContaining("tokenPolicies(...)");
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> unknown.identifiedAs(stranger).complete(DeviceInfo.unknown()))
                .withMessageContaining("\"shopp\"");
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() ->
                        service.adopt(partner.draft("alice").with("sid", "s").verified(), DeviceInfo.unknown()))
                .withMessageContaining("\"shopp\"");
        assertThat(unknown.identifiedAs(ALICE).complete(DeviceInfo.unknown()).orElseThrow())
                .isNotNull();
    }

    @Test
    void without_policies_nothing_is_known_of_realms() {
        SessionService service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(Duration.ofMinutes(15))
                .clock(clock)
                .authoritativeChecks()
                .withoutAuditLog()
                .build();

        assertThat(service.beginLogin(ALICE).complete(DeviceInfo.unknown()).orElseThrow())
                .isNotNull();
        assertThat(service.revokeClient(CLIENT, TestHost.BY_ADMIN)).isInstanceOf(RevocationOutcome.Revoked.class);
    }

    @Test
    void policies_that_come_and_go_count_at_once_and_within_the_bounds_of_the_service() {
        TokenPolicy first = policy("https://a.example").build();
        TokenPolicy second = other("shop2", Duration.ofMinutes(15));
        TokenPolicy lasting = other("shop3", Duration.ofMinutes(16));
        TokenPolicies policies = TokenPolicies.of(first);
        SessionService service = service(policies);
        SubjectId there = new SubjectId(Realm.of("shop2"), "alice");

        assertThatExceptionOfType(LoginRefusedException.class).isThrownBy(() -> service.beginLogin(there));
        policies.add(second);
        assertThat(service.beginLogin(there)).isNotNull();
        assertThat(policies.remove(second)).isTrue();
        assertThatExceptionOfType(LoginRefusedException.class).isThrownBy(() -> service.beginLogin(there));

        assertThatIllegalStateException()
                .isThrownBy(() -> policies.add(lasting))
                .withMessageContaining("maxTokenLifetime");
        assertThatIllegalStateException().isThrownBy(() -> policies.replace(first, lasting));
        assertThat(policies.all()).containsExactly(first);
    }

    private SessionService service(IssuerPolicy first, IssuerPolicy... more) {
        return service(TokenPolicies.of(first, more));
    }

    private SessionService service(TokenPolicies policies) {
        SessionService service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(policies)
                .clock(clock)
                .authoritativeChecks()
                .withoutAuditLog()
                .eventExecutor(Runnable::run)
                .build();
        // Beyond the birth of the store.
        clock.advance(Duration.ofMinutes(1));
        return service;
    }

    private static TokenPolicyBuilder policy(String issuer) {
        return TokenPolicy.forIssuer(REALM, issuer)
                .keys(TokenKeys.ofPublicKey(KEY))
                .audience("https://api.example.com")
                .sessionIds(SessionIds.FOREIGN)
                .acceptPlainJwt()
                .maxTokenLifetime(Duration.ofMinutes(15));
    }

    private static TokenPolicy other(String realm, Duration lifetime) {
        return TokenPolicy.forIssuer(Realm.of(realm), "https://" + realm + ".example")
                .keys(TokenKeys.ofPublicKey(KEY))
                .audience("https://api.example.com")
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(lifetime)
                .build();
    }

    private static PublicKey key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
