package dev.curfew.issuers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.RevocationCause;
import dev.curfew.RevocationOutcome;
import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.contract.ManualClock;
import dev.curfew.issuers.Issuer.Client;
import dev.curfew.issuers.Issuer.Session;
import dev.curfew.issuers.Issuer.Since;
import dev.curfew.issuers.Issuer.Times;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenPolicies;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each revocation reaches at each known provider: the table of the page about issuers, tried out. */
class IssuersTest {
    private static final RevocationCause CAUSE = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7");

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private Issuer issuer;
    private SessionService service;
    private TokenVerifier verifier;
    private Instant login;

    private void use(Issuer which) {
        issuer = which;
        use(TokenPolicies.of(which.policy()));
    }

    private void use(TokenPolicies policies) {
        service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(policies)
                .clock(clock)
                .authoritativeChecks()
                .withoutAuditLog()
                .eventExecutor(Runnable::run)
                .build();
        verifier = TokenVerifier.builder(policies).clock(clock).build();
        clock.advance(Duration.ofMinutes(2));
        login = clock.instant();
    }

    /** A token that is made now, after the login that is remembered; each is a second apart. */
    private VerifiedToken token() {
        clock.advance(Duration.ofSeconds(1));
        return verifier.verify(issuer.sign(issuer.access(new Times(login, clock.instant()))));
    }

    private Outcome check(VerifiedToken token) {
        return service.checker().check(token).outcome();
    }

    @ParameterizedTest
    @EnumSource
    void the_revocation_of_a_token_reaches_it_and_no_other(Issuer which) {
        use(which);
        VerifiedToken token = token();
        VerifiedToken next = token();
        assertThat(check(token)).isEqualTo(Outcome.ACTIVE);

        assertThat(service.revokeToken(token, CAUSE)).isInstanceOf(RevocationOutcome.Revoked.class);

        assertThat(check(token)).isEqualTo(Outcome.REVOKED);
        assertThat(check(next)).isEqualTo(Outcome.ACTIVE);
    }

    @ParameterizedTest
    @EnumSource
    void the_revocation_of_a_session_reaches_its_tokens_or_says_that_it_does_not(Issuer which) {
        use(which);
        VerifiedToken token = token();

        RevocationOutcome outcome = service.revokeSession(
                token.subject().orElseThrow(),
                token.session().map(SessionRef::handle).orElse(new ForeignSessionId("some-session")),
                CAUSE);

        if (which.session == Session.NONE) {
            assertThat(outcome).isInstanceOf(RevocationOutcome.Unreached.class);
            assertThat(check(token)).isEqualTo(Outcome.ACTIVE);
        } else {
            assertThat(outcome).isInstanceOf(RevocationOutcome.Revoked.class);
            assertThat(check(token)).isEqualTo(Outcome.REVOKED);
            assertThat(check(token())).as("refreshed in the same session").isEqualTo(Outcome.REVOKED);
        }
    }

    static Stream<Issuer> withSessions() {
        return Stream.of(Issuer.values()).filter(each -> each.session != Session.NONE);
    }

    @ParameterizedTest
    @MethodSource("withSessions")
    void a_session_that_is_adopted_is_listed_and_ended(Issuer which) {
        use(which);
        VerifiedToken token = token();

        service.adopt(token, DeviceInfo.unknown());

        assertThat(service.listSessions(token).entries()).singleElement().matches(entry -> entry.isCurrent());
        assertThat(service.logout(token)).isInstanceOf(RevocationOutcome.Revoked.class);
        assertThat(check(token)).isEqualTo(Outcome.REVOKED);
    }

    @ParameterizedTest
    @EnumSource
    void the_end_of_all_sessions_reaches_what_was_issued_and_what_the_same_login_makes_later_where_it_is_told(
            Issuer which) {
        use(which);
        VerifiedToken token = token();

        assertThat(service.revokeAllSessions(token.subject().orElseThrow(), CAUSE))
                .isInstanceOf(RevocationOutcome.Revoked.class);

        assertThat(check(token)).isEqualTo(Outcome.REVOKED);
        clock.advance(Duration.ofMinutes(5));
        assertThat(check(token()))
                .as("refreshed after it")
                .isEqualTo(which.since == Since.LOGIN ? Outcome.REVOKED : Outcome.ACTIVE);
        login = clock.instant();
        clock.advance(Duration.ofMinutes(1));
        assertThat(check(token())).as("a new login").isEqualTo(Outcome.ACTIVE);
    }

    @ParameterizedTest
    @EnumSource
    void the_revocation_of_a_client_reaches_its_tokens_or_says_that_it_does_not(Issuer which) {
        use(which);
        VerifiedToken token = token();
        ClientId client = token.client().orElse(new ClientId(token.realm(), "some-client"));

        RevocationOutcome outcome = service.revokeClient(client, CAUSE);

        if (which.client == Client.NONE) {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            RevocationOutcome.Unreached.class,
                            unreached -> assertThat(unreached.issuers())
                                    .containsExactly(which.policy().issuer()));
            assertThat(check(token)).isEqualTo(Outcome.ACTIVE);
        } else {
            assertThat(outcome).isInstanceOf(RevocationOutcome.Revoked.class);
            assertThat(check(token)).isEqualTo(Outcome.REVOKED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_revocation_of_a_signing_key_reaches_what_it_signed(Issuer which) {
        use(which);
        VerifiedToken token = token();

        service.revokeKey(which.thumbprint(), CAUSE);

        assertThat(check(token)).isEqualTo(Outcome.REVOKED);
    }

    /** Not those whose ID token is their bearer token, or that make none. */
    static Stream<Issuer> withIdTokens() {
        return Stream.of(Issuer.values()).filter(each -> each.id(new Times(Instant.EPOCH, Instant.EPOCH)) != null);
    }

    @ParameterizedTest
    @MethodSource("withIdTokens")
    void an_id_token_of_the_issuer_is_no_access_token(Issuer which) {
        use(which);
        Map<String, Object> id = which.id(new Times(login, clock.instant()));

        assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> verifier.verify(which.sign(id)));
    }

    @ParameterizedTest
    @EnumSource
    void a_token_of_another_audience_client_or_kind_is_refused(Issuer which) {
        use(which);
        Map<String, Object> claims = which.access(new Times(login, clock.instant()));
        claims.remove("aud");
        claims.remove("token_use");
        claims.remove("azp");

        assertThatExceptionOfType(InvalidTokenException.class).isThrownBy(() -> verifier.verify(which.sign(claims)));
    }

    @Test
    void a_person_is_one_person_in_the_tokens_of_both_versions_of_entra() {
        use(TokenPolicies.of(Issuer.ENTRA_V1.policy(), Issuer.ENTRA_V2.policy()));
        issuer = Issuer.ENTRA_V1;
        VerifiedToken one = token();
        issuer = Issuer.ENTRA_V2;
        VerifiedToken two = token();

        service.revokeSession(
                one.subject().orElseThrow(), one.session().orElseThrow().handle(), CAUSE);

        assertThat(check(one)).isEqualTo(Outcome.REVOKED);
        assertThat(check(two)).as("the same session at the other version").isEqualTo(Outcome.REVOKED);
    }

    @Test
    void all_thirteen_stand_side_by_side() {
        TokenPolicies all = TokenPolicies.empty();
        for (Issuer each : Issuer.values()) {
            all.add(each.policy());
        }
        TokenVerifier everybody = TokenVerifier.builder(all).clock(clock).build();

        for (Issuer each : Issuer.values()) {
            String token = each.sign(each.access(new Times(clock.instant(), clock.instant())));
            assertThat(everybody.verify(token).realm()).isEqualTo(each.policy().realm());
        }
    }
}
