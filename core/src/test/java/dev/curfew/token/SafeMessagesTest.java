package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.jose.ParsedToken;
import dev.curfew.jose.UnreadableTokenException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** No exception and no {@code toString} shows a token, a claim's value, a key or a key id. */
class SafeMessagesTest {
    private static final String CANARY = "canary7Q";

    @Test
    void no_refusal_shows_anything_that_came_with_the_token() {
        int refusals = 0;
        for (TokenPolicyBuilder policy : List.of(
                TestIssuer.policy(),
                TestIssuer.policy().acceptPlainJwt(),
                TestIssuer.policy().sessionIds(SessionIds.OURS),
                TestIssuer.policy().maxTokenLength(700))) {
            TokenVerifier verifier = TestIssuer.verifier(policy);
            for (String token : tokens()) {
                try {
                    verifier.verify(token);
                } catch (InvalidTokenException e) {
                    refusals++;
                    assertSafe(trace(e), token);
                }
            }
        }
        assertThat(refusals).isGreaterThan(100);
    }

    @Test
    void what_was_verified_shows_pseudonyms_only() throws UnreadableTokenException {
        TokenVerifier verifier = TestIssuer.verifier();
        Map<String, Object> claims = new LinkedHashMap<>();
        TestIssuer.claims().forEach((name, value) -> claims.put(name, value));
        for (String name : List.of("sub", "jti", "sid", "client_id")) {
            claims.put(name, CANARY + name);
        }
        String token = TestIssuer.token(claims);

        VerifiedToken verified = verifier.verify(token);
        ParsedToken parsed = ParsedToken.parse(token, 10_000);

        assertSafe(verified.toString(), token);
        assertSafe(new ExpiredToken(content(verifier, token)).toString(), token);
        assertSafe(parsed.toString(), token);
        assertThat(verified.toString()).contains(verified.facts().subjectKey().toString());
    }

    @Test
    void no_refused_key_is_shown() {
        String secret = "secret-" + CANARY + "-0123456789-" + CANARY;
        for (Runnable refused : List.<Runnable>of(
                () -> TokenKeys.ofSecret("s", secret.getBytes(StandardCharsets.UTF_8)),
                () -> TokenKeys.ofJwkSet("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"" + CANARY + "\",\"e\":\"AQAB\"}]}"),
                () -> TokenKeys.ofJwkSet(
                        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" + CANARY + "\",\"y\":\"AQ\"}]}"),
                () -> TokenKeys.ofJwkSet("{\"keys\":[{\"kty\":\"oct\",\"k\":\"" + CANARY + "\"}]}"),
                () -> TokenKeys.ofJwkSet(CANARY))) {
            try {
                refused.run();
                throw new AssertionError("accepted");
            } catch (IllegalArgumentException e) {
                assertThat(trace(e)).doesNotContain(CANARY);
            }
        }
        assertThat(TokenKeys.ofSecret(CANARY, TestIssuer.SECRET).toString()).doesNotContain(CANARY);
    }

    private static TokenContent content(TokenVerifier verifier, String token) throws UnreadableTokenException {
        ParsedToken parsed = ParsedToken.parse(token, 10_000);
        return new ClaimRules(verifier.policy()).check(parsed.claims(), parsed.signingInput(), "key");
    }

    private static List<String> tokens() {
        List<String> tokens = new ArrayList<>();
        for (String claim :
                List.of("iss", "aud", "sub", "client_id", "jti", "sid", "iat", "exp", "nbf", "auth_time", "events")) {
            tokens.add(TestIssuer.token(TestIssuer.claimsWith(claim, CANARY)));
            tokens.add(TestIssuer.token(TestIssuer.claimsWith(claim, List.of(CANARY, 1))));
            tokens.add(TestIssuer.token(TestIssuer.claimsWith(claim, Map.of(CANARY, CANARY))));
            tokens.add(TestIssuer.token(TestIssuer.claimsWith(claim, CANARY.repeat(60))));
        }
        for (String member : List.of("alg", "typ", "kid", "crit", "jwk")) {
            tokens.add(TestIssuer.tokenWithHeader("{\"" + member + "\":\"" + CANARY + "\"}"));
            tokens.add(
                    TestIssuer.tokenWithHeader("{\"alg\":\"RS256\",\"x\":1,\"" + member + "\":[\"" + CANARY + "\"]}"));
        }
        for (String payload : List.of(
                CANARY, "{\"" + CANARY, "{\"x\":" + CANARY + "}", "{\"" + CANARY + "\":1,\"" + CANARY + "\":2}")) {
            tokens.add(TestIssuer.tokenWithPayload(payload));
        }
        tokens.add(CANARY);
        tokens.add(CANARY + "." + CANARY + "." + CANARY);
        tokens.addAll(Respellings.all(TestIssuer.token()));
        return tokens;
    }

    private static void assertSafe(String shown, String token) {
        assertThat(shown)
                .doesNotContain(CANARY, "alice", "idp-session-1", "t-1", TestIssuer.ISSUER, TestIssuer.AUDIENCE);
        for (String part : token.split("\\.", -1)) {
            if (part.length() >= 8) {
                assertThat(shown).doesNotContain(part.substring(0, 8));
            }
        }
    }

    private static String trace(Throwable failure) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        return trace.toString();
    }
}
