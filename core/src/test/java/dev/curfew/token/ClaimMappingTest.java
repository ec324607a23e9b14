package dev.curfew.token;

import static dev.curfew.token.TestIssuer.REALM;
import static dev.curfew.token.TestIssuer.claims;
import static dev.curfew.token.TestIssuer.claimsWith;
import static dev.curfew.token.TestIssuer.claimsWithout;
import static dev.curfew.token.TestIssuer.policy;
import static dev.curfew.token.TestIssuer.token;
import static dev.curfew.token.TestIssuer.verifier;
import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a token names stands where the policy says, on every way into the verifier. */
class ClaimMappingTest {
    private static TokenPolicyBuilder mapped() {
        return policy().acceptPlainJwt()
                .sessionIdClaims("session_id", "origin_jti")
                .subjectClaims("oid", "sub")
                .clientClaims("appid", "cid")
                .tokenIdClaims("uti", "jti");
    }

    private static Map<String, Object> mappedClaims() {
        Map<String, Object> claims = claims();
        claims.put("session_id", "s-1");
        claims.put("oid", "person-1");
        claims.put("appid", "app-1");
        claims.put("uti", "u-1");
        return claims;
    }

    @Test
    void the_first_claim_that_is_there_counts() {
        Map<String, Object> claims = mappedClaims();
        claims.put("origin_jti", "other");
        claims.put("cid", "other");

        VerifiedToken token = verifier(mapped()).verify(token(claims));

        assertThat(token.session().map(SessionRef::handle)).contains(new ForeignSessionId("s-1"));
        assertThat(token.subject()).contains(new SubjectId(REALM, "person-1"));
        assertThat(token.client()).contains(new ClientId(REALM, "app-1"));
        assertThat(token.facts().tokenKey()).isEqualTo(TokenId.ofJti("u-1").key(REALM));
    }

    @Test
    void the_next_claim_counts_where_the_first_is_absent() {
        Map<String, Object> claims = claims();
        claims.put("origin_jti", "o-1");
        claims.put("cid", "app-2");

        VerifiedToken token = verifier(mapped()).verify(token(claims));

        assertThat(token.session().map(SessionRef::handle)).contains(new ForeignSessionId("o-1"));
        assertThat(token.subject()).contains(new SubjectId(REALM, "alice"));
        assertThat(token.client()).contains(new ClientId(REALM, "app-2"));
        assertThat(token.facts().tokenKey()).isEqualTo(TokenId.ofJti("t-1").key(REALM));
    }

    @ParameterizedTest
    @CsvSource({"session_id, origin_jti, SESSION_ID", "oid, sub, CLAIM", "appid, cid, CLAIM", "uti, jti, CLAIM"})
    void a_claim_that_is_there_and_malformed_is_refused_and_never_skipped(String first, String next, Reason reason) {
        for (Object value : new Object[] {"", 7, null, true, List.of("a"), Map.of()}) {
            Map<String, Object> claims = mappedClaims();
            claims.put(first, value);
            claims.put(next, "good");
            isRefused(verifier(mapped()), token(claims), reason);
        }
        Map<String, Object> split = mappedClaims();
        split.put(first, "\uD800");
        isRefused(() -> verifier(mapped()).alreadyVerified(split, "key"), Reason.CLAIM);
    }

    @Test
    void every_way_into_the_verifier_reads_the_same_claims() {
        Map<String, Object> claims = mappedClaims();
        String compact = token(claims);
        TokenVerifier verifier = verifier(mapped());
        TokenVerifier later = TokenVerifier.builder(mapped().build())
                .clock(java.time.Clock.offset(TestIssuer.CLOCK, Duration.ofHours(1)))
                .build();

        for (AuthenticToken token : List.of(
                verifier.verify(compact),
                verifier.verifyForLogout(compact),
                verifier.alreadyVerified(compact, "key"),
                verifier.alreadyVerified(claims, "key"),
                later.verifyForLogout(compact))) {
            assertThat(token.session().map(SessionRef::handle)).contains(new ForeignSessionId("s-1"));
            assertThat(token.subject()).contains(new SubjectId(REALM, "person-1"));
            assertThat(token.client()).contains(new ClientId(REALM, "app-1"));
            assertThat(token.facts().tokenKey()).isEqualTo(TokenId.ofJti("u-1").key(REALM));
        }
    }

    @Test
    void a_session_id_of_ours_may_stand_elsewhere_too() {
        SessionId ours =
                SessionId.mint(new SubjectId(REALM, "alice"), TestIssuer.NOW.minusSeconds(60), new SecureRandom());
        TokenVerifier verifier =
                verifier(policy().sessionIds(SessionIds.OURS).sessionIdClaims("https://curfew.example/sid"));

        assertThat(verifier.verify(token(claimsWith("https://curfew.example/sid", ours.value())))
                        .session()
                        .map(SessionRef::handle))
                .contains(ours);
        isRefused(verifier, token(claimsWith("sid", ours.value())), Reason.SESSION_ID);
    }

    @ParameterizedTest
    @CsvSource({"sid, SESSION_ID, FOREIGN_SESSION", "sub, CLAIM, SUBJECT", "client_id, CLAIM, CLIENT"})
    void what_a_revocation_needs_is_missing_only_where_the_policy_says_so(String claim, Reason reason, Kind kind) {
        UnaryOperator<TokenPolicyBuilder> allow = policy -> switch (claim) {
            case "sid" -> policy.allowMissingSessionId();
            case "sub" -> policy.allowMissingSubject();
            default -> policy.allowMissingClient();
        };
        String token = token(claimsWithout(claim));

        isRefused(verifier(policy().acceptPlainJwt()), token, reason);
        assertThat(verifier(allow.apply(policy().acceptPlainJwt())).verify(token))
                .isNotNull();
        assertThat(policy().acceptPlainJwt().build().naming(kind)).isEqualTo(Naming.ALWAYS);
        assertThat(allow.apply(policy().acceptPlainJwt()).build().naming(kind)).isEqualTo(Naming.SOMETIMES);
        assertThatExceptionOfType(InvalidTokenException.class)
                .isThrownBy(() -> verifier(policy().acceptPlainJwt()).verify(token))
                .withMessageContaining(claim);
    }

    @Test
    void what_tokens_never_name_is_not_read() {
        TokenPolicyBuilder bare =
                policy().acceptPlainJwt().sessionIds(SessionIds.NONE).withoutClients();

        VerifiedToken token = verifier(bare).verify(token());

        assertThat(token.session()).isEmpty();
        assertThat(token.client()).isEmpty();
        assertThat(token.facts().sessionKey()).isNull();
        assertThat(token.facts().clientKey()).isNull();
        assertThat(bare.build().naming(Kind.FOREIGN_SESSION)).isEqualTo(Naming.NEVER);
        assertThat(bare.build().naming(Kind.CLIENT)).isEqualTo(Naming.NEVER);
    }

    @Test
    void sessions_of_the_other_sort_are_never_named() {
        TokenPolicy foreign = policy().build();
        TokenPolicy ours = policy().sessionIds(SessionIds.OURS).build();

        assertThat(foreign.naming(Kind.SESSION)).isEqualTo(Naming.NEVER);
        assertThat(ours.naming(Kind.SESSION)).isEqualTo(Naming.ALWAYS);
        assertThat(ours.naming(Kind.FOREIGN_SESSION)).isEqualTo(Naming.NEVER);
        for (Kind kind : List.of(Kind.TOKEN, Kind.REALM, Kind.SIGNING_KEY, Kind.BIRTH)) {
            assertThat(foreign.naming(kind)).isEqualTo(Naming.ALWAYS);
        }
    }
}
