package dev.curfew.token;

import static dev.curfew.token.TestMessages.LOGOUT_EVENT;
import static dev.curfew.token.TestMessages.NOW;
import static dev.curfew.token.TestMessages.isRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** BCL-02 to BCL-06 and the steps of Back-Channel Logout 1.0, section 2.6, as far as the token alone shows them. */
class LogoutTokenTest {
    private final EventTokenVerifier verifier = TestMessages.verifier(Profile.LOGOUT);

    @Test
    void a_good_logout_token_says_what_it_says() {
        EventToken token = verifier.verify(TestMessages.message(Profile.LOGOUT));

        assertThat(token.profile()).isEqualTo(Profile.LOGOUT);
        assertThat(token.realm()).isEqualTo(TestIssuer.REALM);
        assertThat(token.issuer()).isEqualTo(TestIssuer.ISSUER);
        assertThat(token.id()).isEqualTo("m-1");
        assertThat(token.subject()).contains("alice");
        assertThat(token.sessionId()).contains("idp-session-1");
        assertThat(token.issuedAt()).isEqualTo(Instant.ofEpochSecond(NOW - 10));
        assertThat(token.expiresAt()).contains(Instant.ofEpochSecond(NOW + 110));
        assertThat(token.event().type()).isEqualTo(LOGOUT_EVENT);
        assertThat(token.event().members()).isEmpty();
        assertThat(token.subjectIdentifier()).isEmpty();
        assertThat(token.claims()).containsEntry("aud", TestMessages.CLIENT);
    }

    @Test
    void nothing_of_a_token_is_shown_by_what_was_made_of_it() {
        EventToken token = verifier.verify(TestMessages.message(Profile.LOGOUT));

        assertThat(token + " " + token.event() + " " + verifier.policy())
                .doesNotContain("alice", "idp-session-1", "m-1", LOGOUT_EVENT);
    }

    /** Section 2.4: the published example, at the time of which it speaks. */
    @Test
    void the_published_example_is_accepted() {
        String published = """
                {
                  "iss": "https://server.example.com",
                  "sub": "248289761001",
                  "aud": "s6BhdRkqt3",
                  "iat": 1471566154,
                  "exp": 1471569754,
                  "jti": "bWJq",
                  "sid": "08a5019c-17e1-4977-8f42-65a12843ea02",
                  "events": {
                    "http://schemas.openid.net/event/backchannel-logout": {}
                    }
                 }
                """;
        EventTokenVerifier theirs = EventTokenVerifier.of(
                EventTokenPolicy.of(Profile.LOGOUT, TestIssuer.REALM, "https://server.example.com")
                        .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()))
                        .audience("s6BhdRkqt3")
                        .strict()
                        .build(),
                new SettableClock(Instant.ofEpochSecond(1471566160)));

        EventToken token =
                theirs.verify(TestIssuer.token("RS256", "{\"typ\":\"logout+jwt\",\"alg\":\"RS256\"}", published));

        assertThat(token.subject()).contains("248289761001");
        assertThat(token.sessionId()).contains("08a5019c-17e1-4977-8f42-65a12843ea02");
    }

    @ParameterizedTest
    @CsvSource({"iss, ISSUER", "aud, AUDIENCE", "iat, TIMES", "exp, TIMES", "jti, CLAIM", "events, EVENT"})
    void each_required_claim_is_required(String claim, Reason reason) {
        isRefused(verifier, TestMessages.without(Profile.LOGOUT, claim), reason);
        isRefused(verifier, TestMessages.withRaw(Profile.LOGOUT, claim, "null"), reason);
    }

    @Test
    void step_1_an_encrypted_token_is_no_logout_token_where_none_was_agreed() {
        isRefused(verifier, TestMessages.message(Profile.LOGOUT) + ".AAAA.AAAA", Reason.MALFORMED);
    }

    @Test
    void step_2_the_signature_must_be_one_of_the_issuers() {
        byte[] header = "{\"alg\":\"RS256\",\"typ\":\"logout+jwt\"}".getBytes(StandardCharsets.UTF_8);
        byte[] payload = TestIssuer.json(TestMessages.claims(Profile.LOGOUT)).getBytes(StandardCharsets.UTF_8);

        isRefused(verifier, TestIssuer.sign("RS256", header, payload, TestIssuer.OTHER_RSA), Reason.SIGNATURE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS384", "RS512", "PS256"})
    void step_3_the_algorithm_must_be_the_registered_one(String algorithm) {
        String token = TestIssuer.token(algorithm, "logout+jwt", TestMessages.claims(Profile.LOGOUT));

        isRefused(verifier, token, Reason.ALGORITHM);
        assertThat(TestMessages.verifier(Profile.LOGOUT, policy -> policy.algorithms(algorithm))
                        .verify(token))
                .isNotNull();
    }

    @Test
    void step_3_no_signature_is_never_enough() {
        String[] parts = TestMessages.message(Profile.LOGOUT).split("\\.", -1);
        for (String none : new String[] {"none", "None", "nOnE", "NONE"}) {
            String header = TestIssuer.base64("{\"alg\":\"" + none + "\",\"typ\":\"logout+jwt\"}");

            isRefused(verifier, header + "." + parts[1] + ".", Reason.MALFORMED);
            isRefused(verifier, header + "." + parts[1] + "." + parts[2], Reason.ALGORITHM);
        }
    }

    @Test
    void step_3_the_public_key_is_no_secret_to_sign_with() throws Exception {
        byte[] header = "{\"alg\":\"HS256\",\"typ\":\"logout+jwt\"}".getBytes(StandardCharsets.UTF_8);
        byte[] payload = TestIssuer.json(TestMessages.claims(Profile.LOGOUT)).getBytes(StandardCharsets.UTF_8);
        String input = TestIssuer.base64(header) + "." + TestIssuer.base64(payload);
        String mac = new MACSigner(TestIssuer.RSA.getPublic().getEncoded())
                .sign(new JWSHeader(JWSAlgorithm.HS256), input.getBytes(StandardCharsets.US_ASCII))
                .toString();

        isRefused(verifier, input + "." + mac, Reason.ALGORITHM);
    }

    @Test
    void step_4_another_issuer_or_audience_is_refused() {
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iss", TestIssuer.ISSUER + "/"), Reason.ISSUER);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iss", List.of(TestIssuer.ISSUER)), Reason.ISSUER);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "aud", "another"), Reason.AUDIENCE);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "aud", List.of()), Reason.AUDIENCE);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "aud", List.of(TestMessages.CLIENT, 7)), Reason.AUDIENCE);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "aud", Map.of(TestMessages.CLIENT, 7)), Reason.AUDIENCE);
        assertThat(verifier.verify(TestMessages.with(Profile.LOGOUT, "aud", List.of("another", TestMessages.CLIENT))))
                .isNotNull();
    }

    @Test
    void step_4_a_token_is_good_until_just_before_its_end_and_the_skew() {
        SettableClock clock = new SettableClock(TestIssuer.NOW);
        EventTokenVerifier timed =
                EventTokenVerifier.of(TestMessages.policy(Profile.LOGOUT).build(), clock);
        String token = TestMessages.message(Profile.LOGOUT);

        clock.set(Instant.ofEpochSecond(NOW + 110 + 10).minusNanos(1));
        assertThat(timed.verify(token)).isNotNull();
        clock.set(Instant.ofEpochSecond(NOW + 110 + 10));
        isRefused(timed, token, Reason.EXPIRED);
    }

    @Test
    void step_4_signed_times_of_the_future_are_refused_and_milliseconds_too() {
        assertThat(verifier.verify(TestMessages.with(Profile.LOGOUT, "iat", NOW + 10)))
                .isNotNull();
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iat", NOW + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iat", NOW * 1000), Reason.TIMES);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "exp", NOW * 1000), Reason.TIMES);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "nbf", NOW + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "iat", "1"), Reason.TIMES);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "exp", -1), Reason.TIMES);
    }

    @Test
    void step_4_a_token_lives_for_an_hour_at_most() {
        assertThat(verifier.verify(TestMessages.with(Profile.LOGOUT, "exp", NOW - 10 + 3600 + 10)))
                .isNotNull();
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "exp", NOW - 10 + 3600 + 11), Reason.TIMES);
        isRefused(verifier, TestMessages.with(Profile.LOGOUT, "exp", NOW - 11), Reason.TIMES);
        assertThat(TestMessages.verifier(Profile.LOGOUT, policy -> policy.maxLifetime(Duration.ofHours(24)))
                        .verify(TestMessages.with(Profile.LOGOUT, "exp", NOW + 80_000)))
                .isNotNull();
    }

    @Test
    void step_5_a_session_or_a_subject_is_enough_and_one_of_them_is_needed() {
        EventToken sessionOnly = verifier.verify(TestMessages.without(Profile.LOGOUT, "sub"));
        EventToken subjectOnly = verifier.verify(TestMessages.without(Profile.LOGOUT, "sid"));
        Map<String, Object> neither = TestMessages.claims(Profile.LOGOUT);
        neither.keySet().removeAll(List.of("sub", "sid"));

        assertThat(sessionOnly.subject()).isEmpty();
        assertThat(sessionOnly.sessionId()).contains("idp-session-1");
        assertThat(subjectOnly.subject()).contains("alice");
        assertThat(subjectOnly.sessionId()).isEmpty();
        isRefused(verifier, TestMessages.message(Profile.LOGOUT, neither), Reason.SUBJECT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "7", "[\"alice\"]", "{}", "true"})
    void step_5_a_name_that_is_none_is_no_missing_one(String json) {
        isRefused(verifier, TestMessages.withRaw(Profile.LOGOUT, "sub", json), Reason.CLAIM);
        isRefused(verifier, TestMessages.withRaw(Profile.LOGOUT, "sid", json), Reason.CLAIM);
        isRefused(verifier, TestMessages.withRaw(Profile.LOGOUT, "jti", json), Reason.CLAIM);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "\"http://schemas.openid.net/event/backchannel-logout\"",
                "{}",
                "{\"http://schemas.openid.net/event/backchannel-logout\":null}",
                "{\"http://schemas.openid.net/event/backchannel-logout\":true}",
                "{\"http://schemas.openid.net/event/backchannel-logout\":\"x\"}",
                "{\"http://schemas.openid.net/event/backchannel-logout\":[]}",
                "{\"https://schemas.openid.net/event/backchannel-logout\":{}}",
                "{\"http://schemas.openid.net/event/backchannel-logout/\":{}}",
                "{\"HTTP://schemas.openid.net/event/backchannel-logout\":{}}"
            })
    void step_6_without_the_event_as_an_object_it_is_no_logout_token(String events) {
        isRefused(verifier, TestMessages.withRaw(Profile.LOGOUT, "events", events), Reason.EVENT);
    }

    @Test
    void step_6_the_event_twice_is_refused() {
        isRefused(
                verifier,
                TestMessages.withRaw(
                        Profile.LOGOUT, "events", "{\"" + LOGOUT_EVENT + "\":{},\"" + LOGOUT_EVENT + "\":{}}"),
                Reason.MALFORMED);
    }

    @Test
    void step_6_the_event_may_have_members() {
        EventToken token = verifier.verify(
                TestMessages.with(Profile.LOGOUT, "events", Map.of(LOGOUT_EVENT, Map.of("reason", "idle"))));

        assertThat(token.event().members()).containsExactlyEntriesOf(Map.of("reason", "idle"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "\"n-0S6_WzA2Mj\"", "7", "{}"})
    void step_7_a_nonce_is_refused_whatever_it_is(String nonce) {
        isRefused(verifier, TestMessages.withRaw(Profile.LOGOUT, "nonce", nonce), Reason.CLAIM);
    }

    /** BCL-06; the comparison is one of media types (RFC 7515 section 4.1.9). */
    @Test
    void the_type_may_be_missing_or_plain_unless_the_policy_is_strict() {
        EventTokenVerifier strict = TestMessages.verifier(Profile.LOGOUT, EventTokenPolicy.Builder::strict);

        for (String type : new String[] {"logout+jwt", "application/logout+jwt", "Logout+JWT"}) {
            assertThat(strict.verify(TestMessages.typed(Profile.LOGOUT, type))).isNotNull();
            assertThat(verifier.verify(TestMessages.typed(Profile.LOGOUT, type)))
                    .isNotNull();
        }
        for (String type : new String[] {null, "JWT", "jwt", "application/jwt"}) {
            isRefused(strict, TestMessages.typed(Profile.LOGOUT, type), Reason.TYPE);
            assertThat(verifier.verify(TestMessages.typed(Profile.LOGOUT, type)))
                    .isNotNull();
        }
    }

    /** BCL-05: what was signed by the same key for another purpose. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "at+jwt",
                "secevent+jwt",
                "statuslist+jwt",
                "global-token-revocation+jwt",
                "token-introspection+jwt",
                "client-authentication+jwt",
                "dpop+jwt",
                "JOSE",
                "",
                "logout+jwt ",
                "logout"
            })
    void another_type_is_refused(String type) {
        isRefused(verifier, TestMessages.typed(Profile.LOGOUT, type), Reason.TYPE);
    }

    /** BCL-05: their claims, under a type that lets them pass. */
    @Test
    void the_other_tokens_of_the_issuer_are_refused_by_their_claims() {
        Map<String, Object> idToken = TestMessages.claims(Profile.LOGOUT);
        idToken.remove("events");
        idToken.put("nonce", "n-0S6_WzA2Mj");
        Map<String, Object> accessToken = TestIssuer.claimsWith("aud", TestMessages.CLIENT);
        Map<String, Object> securityEvent = TestMessages.claims(Profile.SECURITY_EVENT);
        securityEvent.put("exp", NOW + 100);
        securityEvent.put("sub", "alice");

        isRefused(verifier, TestIssuer.token("RS256", "JWT", idToken), Reason.CLAIM);
        isRefused(verifier, TestIssuer.token("RS256", "JWT", accessToken), Reason.EVENT);
        isRefused(verifier, TestIssuer.token("RS256", "JWT", securityEvent), Reason.EVENT);
    }

    /** The reverse: TOK-22. */
    @Test
    void a_logout_token_is_no_access_token() {
        TokenVerifier accessTokens = TestIssuer.verifier(TestIssuer.policy()
                .audience(TestMessages.CLIENT)
                .acceptPlainJwt()
                .beganAt(BeganAt.ISSUED_AT));

        for (String type : new String[] {"logout+jwt", "JWT", null}) {
            TokenAssertions.isRefused(
                    accessTokens, TestMessages.typed(Profile.LOGOUT, type), InvalidTokenException.Reason.TYPE);
        }
    }

    /** Keycloak writes {@code typ: JWT}, and beside the event one about offline tokens. */
    @Test
    void a_token_as_keycloak_sends_it_is_accepted() {
        Map<String, Object> claims = TestMessages.claims(Profile.LOGOUT);
        claims.put("events", Map.of(LOGOUT_EVENT, Map.of(), "revoke_offline_access", true));

        EventToken token = verifier.verify(TestIssuer.token("RS256", "JWT", claims));

        assertThat(token.event().type()).isEqualTo(LOGOUT_EVENT);
        assertThat(token.claims()).containsKey("events");
    }

    /** Ory Hydra leaves {@code exp} out. */
    @Test
    void a_token_without_an_end_is_accepted_where_the_policy_says_so_while_it_is_young() {
        SettableClock clock = new SettableClock(TestIssuer.NOW);
        EventTokenVerifier patient = EventTokenVerifier.of(
                TestMessages.policy(Profile.LOGOUT).acceptMissingExp().build(), clock);
        String token = TestMessages.without(Profile.LOGOUT, "exp");

        assertThat(patient.verify(token).expiresAt()).isEmpty();
        clock.set(Instant.ofEpochSecond(NOW - 10 + 120 + 10).minusNanos(1));
        assertThat(patient.verify(token)).isNotNull();
        clock.set(Instant.ofEpochSecond(NOW - 10 + 120 + 10));
        isRefused(patient, token, Reason.EXPIRED);
        // One that has an end is judged by it.
        clock.set(TestIssuer.NOW);
        isRefused(patient, TestMessages.with(Profile.LOGOUT, "exp", NOW - 10), Reason.EXPIRED);
        isRefused(patient, TestMessages.withRaw(Profile.LOGOUT, "exp", "null"), Reason.TIMES);
    }

    @Test
    void a_token_may_have_sixteen_kib_and_not_a_byte_more() {
        Map<String, Object> claims = TestMessages.claims(Profile.LOGOUT);
        claims.put("padding", "");
        int room = 16 * 1024 - TestMessages.message(Profile.LOGOUT, claims).length();
        // Three bytes are four letters.
        claims.put("padding", "x".repeat(room / 4 * 3));
        String full = TestMessages.message(Profile.LOGOUT, claims);
        claims.put("padding", "x".repeat(room / 4 * 3 + 3));

        assertThat(full.length()).isBetween(16 * 1024 - 3, 16 * 1024);
        assertThat(verifier.verify(full)).isNotNull();
        isRefused(verifier, TestMessages.message(Profile.LOGOUT, claims), Reason.TOO_LONG);
    }

    @Test
    void nesting_ends_at_thirty_two() {
        assertThat(verifier.verify(TestMessages.withRaw(Profile.LOGOUT, "x", "[".repeat(31) + "]".repeat(31))))
                .isNotNull();
        isRefused(
                verifier, TestMessages.withRaw(Profile.LOGOUT, "x", "[".repeat(32) + "]".repeat(32)), Reason.MALFORMED);
    }

    @Test
    void a_key_in_the_header_is_not_even_read_and_an_extension_is_refused() {
        byte[] payload = TestIssuer.json(TestMessages.claims(Profile.LOGOUT)).getBytes(StandardCharsets.UTF_8);
        for (String more :
                List.of("\"jku\":\"http://127.0.0.1:1/k\"", "\"x5u\":\"http://127.0.0.1:1/c\"", "\"jwk\":17")) {
            byte[] header =
                    ("{\"alg\":\"RS256\",\"typ\":\"logout+jwt\"," + more + "}").getBytes(StandardCharsets.UTF_8);
            isRefused(verifier, TestIssuer.sign("RS256", header, payload, TestIssuer.OTHER_RSA), Reason.SIGNATURE);
            assertThat(verifier.verify(TestIssuer.sign("RS256", header, payload, TestIssuer.RSA)))
                    .isNotNull();
        }
        byte[] critical = "{\"alg\":\"RS256\",\"typ\":\"logout+jwt\",\"crit\":[\"exp\"],\"exp\":1}"
                .getBytes(StandardCharsets.UTF_8);
        isRefused(verifier, TestIssuer.sign("RS256", critical, payload, TestIssuer.RSA), Reason.ALGORITHM);
    }

    @Test
    void a_secret_alone_may_sign_if_the_policy_says_so() {
        EventTokenVerifier shared = TestMessages.verifier(
                Profile.LOGOUT,
                policy -> policy.keys(TokenKeys.ofSecret("client", TestIssuer.SECRET))
                        .algorithms("HS256"));

        assertThat(shared.verify(TestIssuer.token("HS256", "logout+jwt", TestMessages.claims(Profile.LOGOUT))))
                .isNotNull();
        isRefused(shared, TestMessages.message(Profile.LOGOUT), Reason.ALGORITHM);
    }
}
