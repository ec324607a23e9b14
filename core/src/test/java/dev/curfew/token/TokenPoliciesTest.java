package dev.curfew.token;

import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.session.Realm;
import dev.curfew.token.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Policies that are added, removed and replaced while tokens are verified. */
class TokenPoliciesTest {
    private static final String OTHER = "https://other.example";

    private final TokenPolicy first = TestIssuer.policy().build();
    private final TokenPolicy other = TestIssuer.complete(TokenPolicy.forIssuer(Realm.of("other"), OTHER));
    private final TokenPolicies policies = TokenPolicies.of(first);
    private final TokenVerifier verifier =
            TokenVerifier.builder(policies).clock(TestIssuer.CLOCK).build();
    private final String token = TestIssuer.token();
    private final String otherToken = signed(TestIssuer.claimsWith("iss", OTHER), TestIssuer.OTHER_RSA);

    @Test
    void a_policy_that_is_added_counts_from_then_on() {
        isRefused(verifier, otherToken, Reason.SIGNATURE);
        policies.add(other);
        assertThat(verifier.verify(otherToken).realm()).isEqualTo(Realm.of("other"));
        assertThat(verifier.verify(token).realm()).isEqualTo(TestIssuer.REALM);
    }

    @Test
    void tokens_of_a_policy_that_is_removed_are_refused_at_once_on_every_way() {
        policies.add(other);
        assertThat(verifier.verify(token)).isNotNull();
        assertThat(verifier.verify(token)).as("from the cache").isNotNull();

        assertThat(policies.remove(first)).isTrue();
        assertThat(policies.remove(first)).isFalse();

        // With one issuer left the signature comes first.
        isRefused(verifier, token, Reason.SIGNATURE);
        isRefused(() -> verifier.alreadyVerified(token, "key"), Reason.ISSUER);
        isRefused(() -> verifier.alreadyVerified(TestIssuer.claims(), "key"), Reason.ISSUER);
        assertThat(verifier.verify(otherToken)).isNotNull();
        policies.add(first);
        assertThat(verifier.verify(token)).isNotNull();
    }

    @Test
    void without_any_policy_every_token_is_refused() {
        assertThat(verifier.verify(token)).isNotNull();
        policies.remove(first);

        isRefused(verifier, token, Reason.ISSUER);
        isRefused(verifier, otherToken, Reason.ISSUER);
        isRefused(TokenVerifier.builder(TokenPolicies.empty()).build(), TestIssuer.token(), Reason.ISSUER);
        isRefused(verifier, "x".repeat(20_000), Reason.TOO_LONG);
    }

    @Test
    void a_policy_that_replaces_another_judges_also_what_was_verified_before() {
        assertThat(verifier.verify(token)).isNotNull();

        policies.replace(first, TestIssuer.policy().allowedClients("app").build());
        isRefused(verifier, token, Reason.CLIENT);

        assertThatIllegalArgumentException().isThrownBy(() -> policies.replace(first, other));
    }

    @Test
    void the_same_issuer_in_another_realm_is_judged_anew() {
        assertThat(verifier.verify(token).realm()).isEqualTo(TestIssuer.REALM);
        TokenPolicy moved = TokenPolicy.forIssuer(Realm.of("moved"), TestIssuer.ISSUER)
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .audience(TestIssuer.AUDIENCE)
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(TestIssuer.LIFETIME)
                .build();

        policies.replace(first, moved);

        assertThat(verifier.verify(token).realm()).isEqualTo(Realm.of("moved"));
    }

    @Test
    void issuers_that_share_a_realm_must_both_say_so() {
        TokenPolicy alone = second().build();
        TokenPolicy sharing = second().sharesRealm().build();
        TokenPolicy willing = TestIssuer.policy().sharesRealm().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> policies.add(alone))
                .withMessageContaining("sharesRealm()");
        assertThatIllegalArgumentException().isThrownBy(() -> policies.add(sharing));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenPolicies.of(willing, alone));
        TokenVerifier both = TokenVerifier.builder(TokenPolicies.of(willing, sharing))
                .clock(TestIssuer.CLOCK)
                .build();
        VerifiedToken one = both.verify(token);
        VerifiedToken two = both.verify(signed(TestIssuer.claimsWith("iss", OTHER), TestIssuer.OTHER_RSA));

        assertThat(one.facts().subjectKey()).isEqualTo(two.facts().subjectKey());
        assertThat(one.facts().sessionKey()).isEqualTo(two.facts().sessionKey());
        assertThat(one.facts().tokenKey()).isEqualTo(two.facts().tokenKey());
        isRefused(both, signed(TestIssuer.claims(), TestIssuer.OTHER_RSA), Reason.SIGNATURE);
    }

    @Test
    void issuers_that_share_a_realm_have_session_ids_of_one_sort() {
        TokenPolicy ours = second().sharesRealm().sessionIds(SessionIds.OURS).build();
        TokenPolicy none = second().sharesRealm().sessionIds(SessionIds.NONE).build();
        TokenPolicy foreign = TestIssuer.policy().sharesRealm().build();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenPolicies.of(foreign, ours))
                .withMessageContaining("sessionIds");
        assertThatCode(() -> TokenPolicies.of(foreign, none)).doesNotThrowAnyException();
    }

    @Test
    void a_demand_is_made_on_all_policies_also_on_those_that_come_later() {
        List<String> seen = new ArrayList<>();
        policies.demand(policy -> {
            seen.add(policy.issuer());
            if (policy.issuer().equals(OTHER)) {
                throw new IllegalArgumentException("not this one");
            }
        });

        assertThatIllegalArgumentException()
                .isThrownBy(() -> policies.add(other))
                .withMessage("not this one");
        assertThat(seen).containsExactly(TestIssuer.ISSUER, OTHER);
        assertThat(policies.all()).containsExactly(first);
    }

    @Test
    @Timeout(60)
    void no_token_is_accepted_after_its_policy_was_removed_and_none_refused_while_it_is_there() throws Exception {
        policies.add(other);
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger removed = new AtomicInteger();
        CountDownLatch running = new CountDownLatch(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> readers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    int wrong = 0;
                    running.countDown();
                    while (!isOver.get()) {
                        int before = removed.get();
                        boolean accepted = accepts(token);
                        boolean steady = before == removed.get();
                        // Odd while it is not there; a count that moved says nothing.
                        wrong += steady && before % 2 == 1 && accepted ? 1 : 0;
                        wrong += accepts(otherToken) ? 0 : 1;
                    }
                    return wrong;
                }));
            }
            assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
            for (int i = 0; i < 300; i++) {
                policies.remove(first);
                removed.incrementAndGet();
                isRefused(verifier, token, Reason.SIGNATURE);
                removed.incrementAndGet();
                policies.add(first);
                assertThat(verifier.verify(token)).isNotNull();
            }
            isOver.set(true);
            for (Future<Integer> reader : readers) {
                assertThat(reader.get(30, TimeUnit.SECONDS)).isZero();
            }
        } finally {
            isOver.set(true);
            threads.shutdownNow();
        }
    }

    private boolean accepts(String compact) {
        try {
            return verifier.verify(compact) != null;
        } catch (InvalidTokenException e) {
            return false;
        }
    }

    private static TokenPolicyBuilder second() {
        return TokenPolicy.forIssuer(TestIssuer.REALM, OTHER)
                .keys(TokenKeys.ofPublicKey(TestIssuer.OTHER_RSA.getPublic()))
                .audience(TestIssuer.AUDIENCE)
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(TestIssuer.LIFETIME);
    }

    private static String signed(Map<String, Object> claims, KeyPair key) {
        return TestIssuer.sign(
                "RS256",
                "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}".getBytes(StandardCharsets.UTF_8),
                TestIssuer.json(claims).getBytes(StandardCharsets.UTF_8),
                key);
    }
}
