package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.revocation.Actor;
import dev.curfew.session.Realm;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class UpstreamTest {
    private static final Realm REALM = Realm.of("partner");
    private static final String ISSUER = "https://partner.example.com";

    @Test
    void an_upstream_says_what_it_reaches() {
        assertThatIllegalStateException()
                .isThrownBy(() -> Upstream.of(REALM, ISSUER).build())
                .withMessageContaining("tokensCheckedHere");
    }

    @Test
    void its_policy_is_of_the_same_realm_issuer_and_subjects() {
        assertThatIllegalStateException()
                .isThrownBy(() -> of(policy(Realm.of("other"), ISSUER).sessionIds(SessionIds.FOREIGN)))
                .withMessageContaining("realm");
        assertThatIllegalStateException()
                .isThrownBy(() -> of(policy(REALM, ISSUER + "/").sessionIds(SessionIds.FOREIGN)))
                .withMessageContaining("issuer");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        of(policy(REALM, ISSUER).sessionIds(SessionIds.FOREIGN).subjectClaims("oid", "sub")))
                .withMessageContaining("[oid, sub]")
                .withMessageContaining("by sub");
        Upstream upstream =
                of(policy(REALM, ISSUER).sessionIds(SessionIds.FOREIGN).subjectClaims("sub", "oid"));
        assertThat(upstream.subjectIssuers()).containsExactly(ISSUER);
    }

    @Test
    void its_tokens_carry_its_own_session_ids_or_each_message_ends_all_of_its_subject() {
        assertThatIllegalStateException()
                .isThrownBy(() -> of(policy(REALM, ISSUER).sessionIds(SessionIds.OURS)))
                .withMessageContaining("FOREIGN");
        assertThatIllegalStateException()
                .isThrownBy(() -> of(policy(REALM, ISSUER).sessionIds(SessionIds.NONE)))
                .withMessageContaining("endsAllOfSubject()");
        Upstream upstream = Upstream.of(REALM, ISSUER)
                .tokensCheckedHere(
                        policy(REALM, ISSUER).sessionIds(SessionIds.NONE).build())
                .endsAllOfSubject()
                .build();
        TestHost host = TestHost.start();
        try (SessionService service = host.service) {
            UpstreamSignal signal = UpstreamSignal.of(upstream, "m-1")
                    .session("sid-1")
                    .endedAt(host.now())
                    .build();
            assertThat(service.upstreams().end(signal))
                    .isEqualTo(new UpstreamOutcome.Ignored(UpstreamOutcome.Cause.UNREACHABLE_SESSION));
        }
    }

    @Test
    void a_signal_names_whom_it_is_about_and_when() {
        Upstream upstream = Upstream.of(REALM, ISSUER)
                .tokensCheckedHere(
                        TestTokens.foreign(REALM, ManualClock.at(Instant.EPOCH)).policy())
                .build();

        assertThatIllegalStateException()
                .isThrownBy(() -> UpstreamSignal.of(upstream, "m-1")
                        .endedAt(Instant.EPOCH)
                        .build())
                .withMessageContaining("subject(...), session(...)");
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        UpstreamSignal.of(upstream, "m-1").subject("alice").build())
                .withMessageContaining("endedAt");
    }

    @Test
    void two_upstreams_are_two_actors() {
        Upstream one = of(policy(REALM, ISSUER).sessionIds(SessionIds.FOREIGN));
        Upstream other = Upstream.of(REALM, ISSUER + "/2")
                .tokensCheckedHere(policy(REALM, ISSUER + "/2")
                        .sessionIds(SessionIds.FOREIGN)
                        .build())
                .build();

        assertThat(one.name().actor(Actor.Kind.USER))
                .isEqualTo(of(policy(REALM, ISSUER).sessionIds(SessionIds.FOREIGN))
                        .name()
                        .actor(Actor.Kind.USER))
                .isNotEqualTo(other.name().actor(Actor.Kind.USER));
        assertThat(one.name().act("m-1")).isNotEqualTo(other.name().act("m-1"));
    }

    private static Upstream of(TokenPolicyBuilder policy) {
        return Upstream.of(REALM, ISSUER).tokensCheckedHere(policy.build()).build();
    }

    private static TokenPolicyBuilder policy(Realm realm, String issuer) {
        return TokenPolicy.forIssuer(realm, issuer)
                .keys(TokenKeys.verifiedElsewhere())
                .maxTokenLifetime(Duration.ofMinutes(5))
                .audience("https://api.example.com");
    }
}
