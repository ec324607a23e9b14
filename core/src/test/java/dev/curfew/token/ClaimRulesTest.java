package dev.curfew.token;

import static dev.curfew.token.TestIssuer.NOW;
import static dev.curfew.token.TestIssuer.claimsWith;
import static dev.curfew.token.TestIssuer.claimsWithout;
import static dev.curfew.token.TestIssuer.policy;
import static dev.curfew.token.TestIssuer.token;
import static dev.curfew.token.TestIssuer.verifier;
import static dev.curfew.token.TokenAssertions.isRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.jose.KeyReader;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOK-12, TOK-13, TOK-21 to TOK-25, TOK-32, REV-01, REV-03, REV-05. */
class ClaimRulesTest {
    private static final SubjectId ALICE = new SubjectId(TestIssuer.REALM, "alice");
    private static final SessionId OURS = SessionId.mint(ALICE, NOW.minusSeconds(7200), new SecureRandom());

    @ParameterizedTest
    @ValueSource(
            strings = {"https://login.example.com/", "HTTPS://login.example.com", "https://login.example.com ", "evil"})
    void another_issuer_is_refused(String issuer) {
        isRefused(verifier(), token(claimsWith("iss", issuer)), Reason.ISSUER);
    }

    @Test
    void an_issuer_that_is_missing_or_no_string_is_refused() {
        isRefused(verifier(), token(claimsWithout("iss")), Reason.ISSUER);
        isRefused(verifier(), token(claimsWith("iss", List.of(TestIssuer.ISSUER))), Reason.ISSUER);
        isRefused(verifier(), token(claimsWith("iss", null)), Reason.ISSUER);
    }

    @Test
    void the_audience_may_be_a_string_or_an_array_that_names_us() {
        assertThat(verifier().verify(token(claimsWith("aud", List.of("other", TestIssuer.AUDIENCE)))))
                .isNotNull();
        assertThat(verifier(policy().audience("second")).verify(token(claimsWith("aud", "second"))))
                .isNotNull();
    }

    @Test
    void any_other_audience_is_refused() {
        for (Object aud :
                new Object[] {"other", "", List.of(), List.of("other"), 5, null, Map.of(TestIssuer.AUDIENCE, 1)}) {
            isRefused(verifier(), token(claimsWith("aud", aud)), Reason.AUDIENCE);
        }
        isRefused(verifier(), token(claimsWith("aud", Arrays.asList(TestIssuer.AUDIENCE, 7))), Reason.AUDIENCE);
        isRefused(verifier(), token(claimsWith("aud", TestIssuer.AUDIENCE + "/")), Reason.AUDIENCE);
        isRefused(verifier(), token(claimsWithout("aud")), Reason.AUDIENCE);
    }

    @Test
    void any_audience_will_do_when_the_policy_says_so_loudly() {
        TokenPolicyBuilder any = TokenPolicy.forIssuer(TestIssuer.REALM, TestIssuer.ISSUER)
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .anyAudience()
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(TestIssuer.LIFETIME);

        assertThat(verifier(any).verify(token(claimsWith("aud", "whoever")))).isNotNull();
        isRefused(verifier(any), token(claimsWithout("aud")), Reason.CLAIM);
        isRefused(verifier(any), token(claimsWith("aud", List.of())), Reason.CLAIM);
        assertThat(verifier(any.acceptPlainJwt()).verify(token(claimsWithout("aud"))))
                .isNotNull();
        assertThat(verifier(any).verify(token(claimsWith("aud", List.of()))))
                .as("an empty array names nobody, as if it were not there")
                .isNotNull();
        isRefused(verifier(any), token(claimsWith("aud", Map.of())), Reason.AUDIENCE);
    }

    @Test
    void the_message_says_that_an_audience_is_missing() {
        for (String token : List.of(token(claimsWith("aud", List.of())), token(claimsWithout("aud")))) {
            assertThatExceptionOfType(InvalidTokenException.class)
                    .isThrownBy(() -> verifier().verify(token))
                    .withMessageContaining("aud is missing, or names nobody");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "application/at+jwt", "at+JWT", "AT+JWT", "Application/At+Jwt"})
    void the_type_of_an_access_token_is_accepted_in_any_case(String type) {
        assertThat(verifier().verify(token("RS256", type, TestIssuer.claims()))).isNotNull();
        assertThat(verifier(policy().acceptPlainJwt()).verify(token("RS256", type, TestIssuer.claims())))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logout+jwt",
                "application/logout+jwt",
                "secevent+jwt",
                "statuslist+jwt",
                "dpop+jwt",
                "",
                "at",
                "at+jwt ",
                "token-introspection+jwt",
                "applıcation/at+jwt"
            })
    void the_type_of_another_token_is_refused_in_both_modes(String type) {
        isRefused(verifier(), token("RS256", type, TestIssuer.claims()), Reason.TYPE);
        isRefused(verifier(policy().acceptPlainJwt()), token("RS256", type, TestIssuer.claims()), Reason.TYPE);
    }

    @Test
    void a_plain_jwt_is_accepted_only_when_the_policy_says_so() {
        for (String type : new String[] {null, "JWT", "jwt"}) {
            isRefused(verifier(), token("RS256", type, TestIssuer.claims()), Reason.TYPE);
            assertThat(verifier(policy().acceptPlainJwt()).verify(token("RS256", type, TestIssuer.claims())))
                    .isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "at_hash", "c_hash", "s_hash", "nonce", "status_list", "token_introspection"})
    void a_claim_of_another_kind_of_token_is_refused_in_both_modes(String claim) {
        isRefused(verifier(), token(claimsWith(claim, Map.of())), Reason.TYPE);
        isRefused(verifier(policy().acceptPlainJwt()), token("RS256", "JWT", claimsWith(claim, "x")), Reason.TYPE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "client_id", "jti"})
    void a_claim_that_rfc_9068_requires_may_be_missing_only_in_a_plain_jwt(String claim) {
        TokenPolicyBuilder lenient = policy().allowMissingSubject().allowMissingClient();

        isRefused(verifier(), token(claimsWithout(claim)), Reason.CLAIM);
        isRefused(verifier(lenient), token(claimsWithout(claim)), Reason.CLAIM);
        assertThat(verifier(lenient.acceptPlainJwt()).verify(token(claimsWithout(claim))))
                .isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "client_id", "jti", "azp"})
    void an_identifier_that_is_empty_or_no_string_is_refused_in_both_modes(String claim) {
        for (Object value : new Object[] {"", 7, null, true, List.of("a"), Map.of()}) {
            Map<String, Object> claims = claimsWith(claim, value);
            if (claim.equals("azp")) {
                claims.remove("client_id");
                isRefused(verifier(policy().acceptPlainJwt()), token(claims), Reason.CLAIM);
            } else {
                isRefused(verifier(), token(claims), Reason.CLAIM);
                isRefused(verifier(policy().acceptPlainJwt()), token(claims), Reason.CLAIM);
            }
        }
    }

    @Test
    void a_token_id_has_at_most_256_characters() {
        assertThat(verifier().verify(token(claimsWith("jti", "x".repeat(256))))).isNotNull();
        isRefused(verifier(), token(claimsWith("jti", "x".repeat(257))), Reason.CLAIM);
    }

    @Test
    void the_client_is_client_id_else_azp() {
        Map<String, Object> claims = claimsWith("azp", "other");
        TokenVerifier plain = verifier(policy().acceptPlainJwt());

        assertThat(plain.verify(token(claims)).client()).contains(new ClientId(TestIssuer.REALM, "web"));
        claims.remove("client_id");
        assertThat(plain.verify(token(claims)).client()).contains(new ClientId(TestIssuer.REALM, "other"));
    }

    @Test
    void the_facts_are_those_of_the_claims_and_of_the_verifying_key() {
        TokenFacts facts = verifier().verify(token()).facts();

        assertThat(facts.realmKey()).isEqualTo(TestIssuer.REALM.key());
        assertThat(facts.tokenKey()).isEqualTo(TokenId.ofJti("t-1").key(TestIssuer.REALM));
        assertThat(facts.subjectKey()).isEqualTo(ALICE.key());
        assertThat(facts.clientKey()).isEqualTo(new ClientId(TestIssuer.REALM, "web").key());
        assertThat(facts.began()).contains(NOW.minusSeconds(3600 + 10));
        String thumbprint =
                KeyReader.ofPublicKey(TestIssuer.RSA.getPublic(), null, null).thumbprint();
        assertThat(facts.signingKeyKey())
                .isEqualTo(RevocationTarget.signingKey(thumbprint).key());
    }

    @Test
    void a_token_without_id_is_known_by_what_was_signed() {
        String token = token(claimsWithout("jti"));
        String signed = token.substring(0, token.lastIndexOf('.'));

        assertThat(verifier(policy().acceptPlainJwt()).verify(token).facts().tokenKey())
                .isEqualTo(TokenId.ofSigningInput(signed).key(TestIssuer.REALM));
    }

    @Test
    void the_same_id_in_another_realm_is_another_token() {
        TokenPolicy other = TokenPolicy.forIssuer(Realm.of("other"), TestIssuer.ISSUER)
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                .audience(TestIssuer.AUDIENCE)
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(TestIssuer.LIFETIME)
                .build();

        TokenFacts there = TokenVerifier.builder(other)
                .clock(TestIssuer.CLOCK)
                .build()
                .verify(token())
                .facts();
        TokenFacts here = verifier().verify(token()).facts();

        assertThat(there.tokenKey()).isNotEqualTo(here.tokenKey());
        assertThat(there.subjectKey()).isNotEqualTo(here.subjectKey());
        assertThat(there.sessionKey()).isNotEqualTo(here.sessionKey());
    }

    @Test
    void a_session_id_of_ours_proves_when_the_session_began() {
        Map<String, Object> claims = claimsWith("sid", OURS.value());
        claims.remove("auth_time");

        VerifiedToken token = verifier(policy().sessionIds(SessionIds.OURS)).verify(token(claims));

        assertThat(token.session().map(SessionRef::handle)).contains(OURS);
        assertThat(token.sessionIdsAreOurs()).isTrue();
        assertThat(token.facts().began()).contains(NOW.minusSeconds(7200));
        assertThat(token.facts().sessionKey())
                .isEqualTo(SessionRef.of(TestIssuer.REALM, OURS).key());
    }

    @Test
    void a_session_id_that_is_missing_or_not_one_of_ours_is_refused() {
        TokenVerifier ours = verifier(policy().sessionIds(SessionIds.OURS));

        isRefused(ours, token(claimsWithout("sid")), Reason.SESSION_ID);
        for (Object sid : new Object[] {
            "idp-session-1", "", null, 7, OURS.value() + "A", OURS.value().substring(1)
        }) {
            isRefused(ours, token(claimsWith("sid", sid)), Reason.SESSION_ID);
        }
    }

    @Test
    void a_session_id_of_ours_with_another_subjects_bucket_is_refused() {
        isRefused(
                verifier(policy().sessionIds(SessionIds.OURS)),
                token(claimsWith("sid", ofAnotherBucket().value())),
                Reason.SESSION_ID);
    }

    @Test
    void a_missing_session_id_may_be_allowed_and_a_wrong_one_never() {
        TokenVerifier lenient = verifier(policy().sessionIds(SessionIds.OURS).allowMissingSessionId());

        assertThat(lenient.verify(token(claimsWithout("sid"))).session()).isEmpty();
        isRefused(lenient, token(claimsWith("sid", "idp-session-1")), Reason.SESSION_ID);
        Map<String, Object> neither = claimsWithout("sid");
        neither.remove("auth_time");
        isRefused(lenient, token(neither), Reason.AUTH_TIME_MISSING);
    }

    @Test
    void a_foreign_session_id_is_any_text() {
        assertThat(verifier()
                        .verify(token(claimsWith("sid", OURS.value())))
                        .facts()
                        .began())
                .as("it proves no instant, whatever it looks like")
                .contains(NOW.minusSeconds(3600 + 10));
        isRefused(verifier(), token(claimsWith("sid", "")), Reason.SESSION_ID);
        isRefused(verifier(), token(claimsWith("sid", 7)), Reason.SESSION_ID);
    }

    @Test
    void without_auth_time_a_foreign_token_is_refused_unless_iat_shall_do() {
        String token = token(claimsWithout("auth_time"));

        isRefused(verifier(), token, Reason.AUTH_TIME_MISSING);
        assertThat(verifier(policy().beganAt(BeganAt.ISSUED_AT))
                        .verify(token)
                        .facts()
                        .began())
                .contains(NOW.minusSeconds(60 + 10));
        assertThat(verifier(policy().beganAt(BeganAt.ISSUED_AT))
                        .verify(token())
                        .facts()
                        .began())
                .as("auth_time still counts where there is one")
                .contains(NOW.minusSeconds(3600 + 10));
    }

    private static SessionId ofAnotherBucket() {
        for (int i = 0; ; i++) {
            SubjectId other = new SubjectId(TestIssuer.REALM, "mallory-" + i);
            if (other.key().bucket() != ALICE.key().bucket()) {
                return SessionId.mint(other, NOW, new SecureRandom());
            }
        }
    }
}
