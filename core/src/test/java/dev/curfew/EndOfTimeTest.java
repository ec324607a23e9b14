package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When a revocation may be forgotten, what it covered is refused for its age. SES-01, REV-06. */
class EndOfTimeTest {
    private final TestHost host = TestHost.start(builder -> builder.lifetimes(SessionLifetimes.aal2()));

    @Test
    void a_token_that_is_checked_at_its_very_end_is_refused_without_asking() {
        VerifiedToken token = host.loginToken(host.alice);
        host.clock.set(token.forgetAfter().minusMillis(1));
        host.assertActive(token);
        host.clock.set(token.forgetAfter());
        host.store.takeCalls();

        RevocationDecision decision = host.service.checker().check(token);

        assertThat(decision.outcome()).isEqualTo(Outcome.REVOKED);
        assertThat(decision.permits()).isFalse();
        assertThat(decision.reason()).contains(RevocationReason.EXPIRED);
        assertThat(decision.source()).isEqualTo(Source.TOKEN);
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void tokens_that_an_issuer_goes_on_making_end_with_the_session() {
        Session session = host.login(host.alice);
        host.clock.set(session.expiresAt().minusMillis(1));
        VerifiedToken token = host.tokens.draft(session).verified();
        host.assertActive(token);

        host.clock.set(session.expiresAt());
        host.assertRevoked(token, host.tokens.draft(session).verified());
    }

    @Test
    void a_revoked_session_never_comes_back_however_long_its_issuer_goes_on() {
        Session session = host.login(host.alice);
        host.service.logout(host.tokens.of(session));

        for (int hours = 0; hours < 24 * 150; hours += 7) {
            host.clock.advance(Duration.ofHours(7));
            host.service.purge(1_000);
            host.assertRevoked(host.tokens.draft(session).verified());
        }
    }

    @Test
    void signs_of_life_that_are_rarer_than_the_idle_timeout_are_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TestHost.start(
                        builder -> builder.lifetimes(new SessionLifetimes(Duration.ofHours(1), Duration.ofSeconds(60)))
                                .lastSeenEvery(Duration.ofMinutes(1))))
                .withMessageContaining("lastSeenEvery");
    }
}
