package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.token.EventTokenPolicy.Profile;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a policy of signed messages demands of its host. */
class EventTokenPolicyTest {
    @Test
    void what_has_no_default_is_named() {
        EventTokenPolicy.Builder started = EventTokenPolicy.of(Profile.LOGOUT, TestIssuer.REALM, TestIssuer.ISSUER);

        assertThatIllegalStateException().isThrownBy(started::build).withMessageContaining("needs keys(TokenKeys)");
        started.keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()));
        assertThatIllegalStateException().isThrownBy(started::build).withMessageContaining("needs audience(String)");
        assertThat(started.audience("us").build().issuer()).isEqualTo(TestIssuer.ISSUER);
    }

    /** Each switch belongs to some profiles, and says so at the others. */
    @Test
    void a_switch_of_another_profile_is_refused() {
        Map<String, UnaryOperator<EventTokenPolicy.Builder>> switches = Map.of(
                "strict", EventTokenPolicy.Builder::strict,
                "acceptMissingExp", EventTokenPolicy.Builder::acceptMissingExp,
                "lenient", EventTokenPolicy.Builder::lenient,
                "legacySubject", EventTokenPolicy.Builder::legacySubject,
                "maxLifetime", policy -> policy.maxLifetime(Duration.ofMinutes(1)),
                "audience", policy -> policy.audience("us"));
        Map<String, Set<Profile>> allowed = Map.of(
                "strict", Set.of(Profile.LOGOUT),
                "acceptMissingExp", Set.of(Profile.LOGOUT),
                "lenient", Set.of(Profile.SECURITY_EVENT),
                "legacySubject", Set.of(Profile.SECURITY_EVENT),
                "maxLifetime", Set.of(Profile.LOGOUT, Profile.CLIENT_ASSERTION, Profile.REVOCATION_ASSERTION),
                "audience",
                        Set.of(
                                Profile.LOGOUT,
                                Profile.SECURITY_EVENT,
                                Profile.CLIENT_ASSERTION,
                                Profile.REVOCATION_ASSERTION));
        switches.forEach((name, set) -> {
            for (Profile profile : Profile.values()) {
                EventTokenPolicy.Builder policy = TestMessages.policy(profile);
                if (allowed.get(name).contains(profile)) {
                    assertThat(set.apply(policy).build().profile()).isEqualTo(profile);
                } else {
                    assertThatIllegalStateException()
                            .isThrownBy(() -> set.apply(policy))
                            .withMessageStartingWith(name + "(…) is for ")
                            .withMessageContaining(profile.toString());
                }
            }
        });
    }

    @Test
    void keys_and_algorithms_must_go_together() {
        EventTokenPolicy.Builder ec =
                TestMessages.policy(Profile.LOGOUT).keys(TokenKeys.ofPublicKey(TestIssuer.P256.getPublic()));

        assertThatIllegalArgumentException()
                .isThrownBy(ec::build)
                .withMessageContaining("RS256")
                .withMessageContaining("by default")
                .withMessageContaining("say algorithms(...)");
        assertThat(ec.algorithms("ES256").build()).isNotNull();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestMessages.policy(Profile.LOGOUT).algorithms("none"))
                .withMessageContaining("\"none\" is none that is known");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestMessages.policy(Profile.LOGOUT).algorithms("RS256", "HS256"))
                .withMessageContaining("must not mix");
    }

    @Test
    void numbers_and_texts_have_their_range() {
        EventTokenPolicy.Builder policy = TestMessages.policy(Profile.LOGOUT);

        assertThatIllegalArgumentException().isThrownBy(() -> policy.skew(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.skew(Duration.ofSeconds(301)));
        assertThat(policy.skew(Duration.ofMinutes(5)).build().skew()).isEqualTo(Duration.ofMinutes(5));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.maxLifetime(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.maxLifetime(Duration.ofHours(25)));
        assertThatIllegalArgumentException().isThrownBy(() -> policy.audience(""));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventTokenPolicy.of(Profile.LOGOUT, TestIssuer.REALM, ""));
    }
}
