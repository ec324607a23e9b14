package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.jose.Algorithm;
import dev.curfew.session.Realm;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** TOK-04, TOK-06, TOK-20, and that nothing unsafe is the default. */
class TokenPolicyTest {
    private static final TokenKeys KEYS = TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic());

    private static TokenPolicyBuilder empty() {
        return TokenPolicy.forIssuer(TestIssuer.REALM, TestIssuer.ISSUER);
    }

    @Test
    void each_missing_decision_is_named() {
        assertThatIllegalStateException()
                .isThrownBy(() -> empty().build())
                .withMessageContaining("audience(String)")
                .withMessageContaining("anyAudience()");
        assertThatIllegalStateException()
                .isThrownBy(() -> empty().anyAudience().build())
                .withMessageContaining("keys(TokenKeys)");
        assertThatIllegalStateException()
                .isThrownBy(() -> empty().anyAudience().keys(KEYS).build())
                .withMessageContaining("sessionIds(SessionIds)");
        assertThatIllegalStateException()
                .isThrownBy(() -> empty().anyAudience()
                        .keys(KEYS)
                        .sessionIds(SessionIds.OURS)
                        .build())
                .withMessageContaining("maxTokenLifetime(Duration)");
        assertThatIllegalStateException()
                .isThrownBy(() -> TestIssuer.policy().anyAudience().build())
                .withMessageContaining("either");
    }

    @Test
    void symmetric_and_asymmetric_algorithms_do_not_mix() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> empty().algorithms("RS256", "HS256"))
                .withMessageContaining("algorithms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> empty().algorithms("HS256").algorithms("EdDSA"))
                .withMessageContaining("algorithms");
    }

    @Test
    void an_unknown_algorithm_is_refused() {
        for (String name : new String[] {"none", "NONE", "", "rs256", "ES256K"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> empty().algorithms(name))
                    .withMessageContaining("algorithms");
        }
    }

    @Test
    void algorithms_must_fit_the_keys() {
        TokenKeys secret = TokenKeys.ofSecret("signing-1", TestIssuer.random(48));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestIssuer.policy().algorithms("ES256").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestIssuer.policy().algorithms("HS256").build());
        assertThatIllegalArgumentException()
                .as("the secret is shorter than the hash")
                .isThrownBy(() ->
                        TestIssuer.policy(secret).algorithms("HS256", "HS512").build());
        assertThat(TestIssuer.policy(secret).algorithms("HS256", "HS384").build())
                .isNotNull();
    }

    @Test
    void keys_from_elsewhere_never_allow_secrets_by_default() {
        TokenPolicy remote = TestIssuer.policy(TokenKeys.remote(URI.create("https://login.example.com/jwks")))
                .build();
        TokenPolicy elsewhere = TestIssuer.policy(TokenKeys.verifiedElsewhere()).build();

        for (TokenPolicy policy : new TokenPolicy[] {remote, elsewhere}) {
            assertThat(policy.allows(Algorithm.RS256)).isTrue();
            assertThat(policy.allows(Algorithm.HS256)).isFalse();
        }
        assertThat(TestIssuer.policy(TokenKeys.verifiedElsewhere())
                        .algorithms("HS256")
                        .build()
                        .allows(Algorithm.HS256))
                .isTrue();
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> empty().skew(Duration.ofSeconds(301)));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().skew(Duration.ofNanos(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().maxTokenLifetime(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().maxTokenLifetime(Duration.ofDays(3651)));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().maxTokenLength(63));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().audience(""));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenPolicy.forIssuer(TestIssuer.REALM, ""));
        assertThat(TestIssuer.policy().skew(Duration.ofMinutes(5)).build().skew())
                .isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void claims_that_identify_nothing_are_refused_when_they_are_named() {
        for (String claim : new String[] {"", " ", "exp", "iat", "nbf", "auth_time", "iss", "aud", "nonce"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> empty().sessionIdClaims("sid", claim))
                    .withMessageContaining("sessionIdClaims");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> empty().subjectClaims(claim))
                    .withMessageContaining("subjectClaims");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> empty().clientClaims(claim))
                    .withMessageContaining("clientClaims");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> empty().tokenIdClaims(claim))
                    .withMessageContaining("tokenIdClaims");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> empty().subjectClaims("oid", "oid"))
                .withMessageContaining("twice");
    }

    @Test
    void settings_that_contradict_each_other_are_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TestIssuer.policy()
                        .sessionIds(SessionIds.NONE)
                        .sessionIdClaims("sid")
                        .build())
                .withMessageContaining("sessionIds(NONE)");
        assertThatIllegalStateException()
                .isThrownBy(() -> TestIssuer.policy()
                        .sessionIds(SessionIds.NONE)
                        .allowMissingSessionId()
                        .build())
                .withMessageContaining("allowMissingSessionId()");
        assertThatIllegalStateException()
                .isThrownBy(() -> TestIssuer.policy()
                        .allowedClients("web")
                        .withoutClients()
                        .build())
                .withMessageContaining("withoutClients()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> empty().require("token_use", "access").require("token_use", "id"))
                .withMessageContaining("token_use");
        assertThatIllegalArgumentException().isThrownBy(() -> empty().require("", "access"));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().require("token_use", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> empty().allowedClients("web", ""));
    }

    @Test
    void the_settings_that_others_need_can_be_read() {
        TokenPolicy policy = TestIssuer.policy().build();

        assertThat(policy.realm()).isEqualTo(TestIssuer.REALM);
        assertThat(policy.issuer()).isEqualTo(TestIssuer.ISSUER);
        assertThat(policy.skew()).isEqualTo(Duration.ofSeconds(10));
        assertThat(policy.maxTokenLifetime()).isEqualTo(TestIssuer.LIFETIME);
        assertThat(policy.sessionIds()).isEqualTo(SessionIds.FOREIGN);
    }

    @Test
    void a_verifier_refuses_two_policies_of_one_issuer_or_of_one_realm() {
        TokenPolicy policy = TestIssuer.policy().build();
        TokenPolicy sameIssuer = TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("other"), TestIssuer.ISSUER));
        TokenPolicy sameRealm = TestIssuer.complete(TokenPolicy.forIssuer(TestIssuer.REALM, "https://other.example"));

        assertThatIllegalArgumentException().isThrownBy(() -> TokenVerifier.of(policy, sameIssuer));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenVerifier.of(policy, sameRealm));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenVerifier.of(policy, policy));
    }

    @Test
    void a_verifier_tells_its_policies() {
        TokenPolicy policy = TestIssuer.policy().build();
        TokenPolicy other = TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("other"), "https://other.example"));

        assertThat(TokenVerifier.of(policy).policy()).isSameAs(policy);
        assertThat(TokenVerifier.of(policy, other).policies().all()).containsExactly(policy, other);
        assertThatIllegalStateException()
                .isThrownBy(() -> TokenVerifier.of(policy, other).policy());
    }
}
