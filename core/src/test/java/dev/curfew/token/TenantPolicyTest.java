package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Issuers that differ in the name of a tenant: strictly matched, allowed by name, each in a realm of its own. */
class TenantPolicyTest {
    private static final String ENTRA = "https://login.example.com/{tenant}/v2.0";
    private static final String AUTH0 = "https://{tenant}.eu.auth.example/";

    private final Set<String> known = ConcurrentHashMap.newKeySet();

    private static TokenPolicyBuilder tokens(TokenPolicyBuilder tokens) {
        return tokens.audience(TestIssuer.AUDIENCE)
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(TestIssuer.LIFETIME);
    }

    private static TenantPolicyBuilder entra() {
        return TenantPolicy.forIssuers(ENTRA)
                .realms("entra")
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .tokens(TenantPolicyTest::tokens);
    }

    private static TokenVerifier verifier(TenantPolicyBuilder policy) {
        return TokenVerifier.builder(policy.build()).clock(TestIssuer.CLOCK).build();
    }

    private static String token(String issuer) {
        return TestIssuer.token(TestIssuer.claimsWith("iss", issuer));
    }

    private static String entraToken(String tenant) {
        return token("https://login.example.com/" + tenant + "/v2.0");
    }

    @Test
    void each_allowed_tenant_has_a_realm_of_its_own() {
        TokenVerifier verifier = verifier(entra().tenants("acme", "globex"));

        VerifiedToken acme = verifier.verify(entraToken("acme"));
        VerifiedToken globex = verifier.verify(entraToken("globex"));

        assertThat(acme.realm()).isEqualTo(Realm.of("entra:acme"));
        assertThat(globex.realm()).isEqualTo(Realm.of("entra:globex"));
        assertThat(acme.subject()).contains(new SubjectId(Realm.of("entra:acme"), "alice"));
        assertThat(acme.facts().tokenKey()).isNotEqualTo(globex.facts().tokenKey());
        isRefused(verifier, entraToken("initech"), Reason.ISSUER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.example.com//v2.0",
                "https://login.example.com/v2.0",
                "https://login.example.com/acme/v2.0/",
                "https://login.example.com/acme/x/v2.0",
                "https://login.example.com/acme%2Fx/v2.0",
                "https://login.example.com/../v2.0",
                "https://login.example.com/./v2.0",
                "https://login.example.com/a.b/v2.0",
                "https://login.example.com/-a/v2.0",
                "https://login.example.com/_a/v2.0",
                "https://login.example.com/a:b/v2.0",
                "https://login.example.com/a@b/v2.0",
                "https://login.example.com/a b/v2.0",
                "https://login.example.com/a\n/v2.0",
                "https://login.example.com/\u00e4/v2.0",
                "https://login.example.com/a?x=/v2.0",
                "https://login.example.com/a#/v2.0",
                "http://login.example.com/acme/v2.0",
                "HTTPS://login.example.com/acme/v2.0",
                "xhttps://login.example.com/acme/v2.0",
                "https://evil.example/https://login.example.com/acme/v2.0"
            })
    void what_does_not_match_exactly_is_refused_even_where_any_tenant_is_accepted(String issuer) {
        isRefused(verifier(entra().anyTenant()), token(issuer), Reason.ISSUER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://.eu.auth.example/",
                "https://a.b.eu.auth.example/",
                "https://a/.eu.auth.example/",
                "https://evil.example/.eu.auth.example/",
                "https://evil.example#.eu.auth.example/",
                "https://evil.example?.eu.auth.example/",
                "https://user@x.eu.auth.example/",
                "https://x:1.eu.auth.example/",
                "https://ACME.eu.auth.example/",
                "https://a_b.eu.auth.example/",
                "https://-a.eu.auth.example/",
                "https://a-.eu.auth.example/",
                "https://acme.eu.auth.example",
                "https://acme.eu.auth.example/x"
            })
    void a_place_in_a_host_name_is_one_label_and_nothing_else(String issuer) {
        TenantPolicyBuilder any = TenantPolicy.forIssuers(AUTH0)
                .realms("auth0")
                .anyTenant()
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .tokens(TenantPolicyTest::tokens);

        TokenVerifier verifier = verifier(any);
        isRefused(verifier, token(issuer), Reason.ISSUER);
        assertThat(verifier.verify(token("https://acme-1.eu.auth.example/")).realm())
                .isEqualTo(Realm.of("auth0:acme-1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://login.example.com/v2.0",
                "https://login.example.com/{a}/{b}",
                "https://login.example.com/x{tenant}/v2.0",
                "https://login.example.com/{tenant}x",
                "http://login.example.com/{tenant}",
                "https://{tenant}/",
                "https://{tenant}.com/",
                "https://x{tenant}.auth.example/",
                "https://api.{tenant}/",
                "https://a@{tenant}.auth.example/",
                "https://auth.example/?t={tenant}",
                "https://auth.example/#{tenant}",
                "https://auth.example:{tenant}/",
                "{tenant}",
                ""
            })
    void a_pattern_that_is_not_safe_is_refused(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TenantPolicy.forIssuers(pattern))
                .withMessageContaining("forIssuers");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> entra().keysOfEach(pattern))
                .withMessageContaining("keysOfEach");
    }

    @Test
    void each_missing_decision_is_named() {
        assertThatIllegalStateException().isThrownBy(() -> entra().build()).withMessageContaining("anyTenant()");
        assertThatIllegalStateException()
                .isThrownBy(() -> TenantPolicy.forIssuers(ENTRA).anyTenant().build())
                .withMessageContaining("realms(String)");
        assertThatIllegalStateException()
                .isThrownBy(() -> TenantPolicy.forIssuers(ENTRA)
                        .anyTenant()
                        .realms("entra")
                        .build())
                .withMessageContaining("keysOfEach(String)");
        assertThatIllegalStateException()
                .isThrownBy(() -> entra().tenants("acme")
                        .keysOfEach("https://login.example.com/{tenant}/keys")
                        .build())
                .withMessageContaining("either");
        assertThatIllegalStateException()
                .isThrownBy(() -> entra().tenants("acme").anyTenant());
        assertThatIllegalStateException()
                .isThrownBy(() -> entra().tenants("acme")
                        .tokens(tokens -> tokens.keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic())))
                        .build())
                .withMessageContaining("must not set keys");
        assertThatIllegalArgumentException().isThrownBy(() -> entra().tenants("a/b"));
        assertThatIllegalArgumentException().isThrownBy(() -> entra().tenantsAtMost(0));
    }

    @Test
    void addresses_of_keys_that_a_forger_could_choose_are_refused() {
        assertThatIllegalStateException()
                .isThrownBy(() -> TenantPolicy.forIssuers(AUTH0)
                        .realms("auth0")
                        .anyTenant()
                        .keysOfEach("https://{tenant}.eu.auth.example/jwks.json")
                        .tokens(TenantPolicyTest::tokens)
                        .build())
                .withMessageContaining("anyTenant()");
        assertThatIllegalStateException()
                .isThrownBy(() -> TenantPolicy.forIssuers(ENTRA)
                        .realms("entra")
                        .tenants("acme")
                        .keysOfEach("https://{tenant}.eu.auth.example/jwks.json")
                        .tokens(TenantPolicyTest::tokens)
                        .build())
                .withMessageContaining("host name");
    }

    @Test
    void a_tenant_that_the_host_knows_no_more_is_refused_at_once() {
        TokenVerifier verifier = verifier(entra().tenantsWhere(known::contains));
        String token = entraToken("acme");

        isRefused(verifier, token, Reason.ISSUER);
        known.add("acme");
        assertThat(verifier.verify(token)).isNotNull();
        assertThat(verifier.verify(token)).as("from the cache").isNotNull();
        known.remove("acme");
        isRefused(verifier, token, Reason.ISSUER);
        isRefused(() -> verifier.alreadyVerified(token, "key"), Reason.ISSUER);
    }

    @Test
    void all_tenants_have_one_realm_where_the_host_says_so() {
        TokenVerifier verifier = verifier(entra().oneRealm(Realm.of("people")).anyTenant());

        assertThat(verifier.verify(entraToken("acme")).facts().subjectKey())
                .isEqualTo(verifier.verify(entraToken("globex")).facts().subjectKey());
    }

    @Test
    void a_policy_knows_the_realms_of_the_tenants_that_are_allowed() {
        TenantPolicy policy = entra().tenantsWhere(known::contains).build();
        known.add("acme");

        assertThat(policy.hasRealm(Realm.of("entra:acme"))).isTrue();
        for (String other : new String[] {"entra", "entra:", "entra:globex", "entra:acme:x", "Entra:acme", "acme"}) {
            assertThat(policy.hasRealm(Realm.of(other))).as(other).isFalse();
        }
    }

    @Test
    void removing_a_pattern_refuses_its_tokens_also_those_that_were_verified() {
        TenantPolicy policy = entra().tenants("acme").build();
        TokenPolicies policies = TokenPolicies.of(policy, TestIssuer.policy().build());
        TokenVerifier verifier =
                TokenVerifier.builder(policies).clock(TestIssuer.CLOCK).build();
        String token = entraToken("acme");
        assertThat(verifier.verify(token)).isNotNull();

        policies.remove(policy);
        isRefused(verifier, token, Reason.ISSUER);
        policies.add(entra().tenants("acme")
                .tokens(tokens -> tokens(tokens).allowedClients("app"))
                .build());
        isRefused(verifier, token, Reason.CLIENT);
    }

    @Test
    void an_issuer_belongs_to_one_policy_only() {
        TenantPolicy pattern = entra().tenants("acme").build();
        TokenPolicy inside =
                TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("x"), "https://login.example.com/acme/v2.0"));

        assertThatIllegalArgumentException().isThrownBy(() -> TokenPolicies.of(pattern, inside));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenPolicies.of(inside, pattern));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicies.of(
                        pattern,
                        TenantPolicy.forIssuers(ENTRA)
                                .realms("y")
                                .tenants("globex")
                                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                                .tokens(TenantPolicyTest::tokens)
                                .build()));
        assertThatCode(() -> TokenPolicies.of(
                        pattern,
                        TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("x"), "https://login.example.com/v2.0"))))
                .doesNotThrowAnyException();
    }

    @Test
    void a_realm_belongs_to_one_policy_unless_all_share_it() {
        TenantPolicyBuilder first = TenantPolicy.forIssuers("https://sts.example/{tenant}/")
                .tenants("acme")
                .realms("entra")
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()));
        UnaryOperator<TokenPolicyBuilder> sharing = tokens -> tokens(tokens).sharesRealm();
        TokenPolicy fixed = TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("entra:acme"), "https://x.example"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicies.of(
                        first.tokens(TenantPolicyTest::tokens).build(),
                        entra().tenants("acme").build()))
                .withMessageContaining("sharesRealm()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicies.of(entra().tenants("acme").build(), fixed));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicies.of(
                        fixed, entra().tenants("acme").oneRealm(fixed.realm()).build()));
        TokenVerifier both = TokenVerifier.builder(TokenPolicies.of(
                        first.tokens(sharing).build(),
                        entra().tenants("acme").tokens(sharing).build()))
                .clock(TestIssuer.CLOCK)
                .build();
        assertThat(both.verify(entraToken("acme")).facts().subjectKey())
                .isEqualTo(
                        both.verify(token("https://sts.example/acme/")).facts().subjectKey());
    }

    @Test
    void nothing_of_a_forged_tenant_is_kept() {
        TokenVerifier verifier = verifier(entra().anyTenant());

        for (int i = 0; i < 2_000; i++) {
            Map<String, Object> claims = TestIssuer.claimsWith("iss", "https://login.example.com/t" + i + "/v2.0");
            String forged = TestIssuer.base64("{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}") + "."
                    + TestIssuer.base64(TestIssuer.json(claims)) + "." + TestIssuer.base64("x".repeat(256));
            isRefused(() -> verifier.verify(forged), Reason.SIGNATURE);
        }
        assertThat(verifier.meters())
                .extracting(meter -> meter.tags().values())
                .noneMatch(values -> values.toString().contains("t1999"));
        assertThat(verifier.policies().all()).hasSize(1);
    }
}
