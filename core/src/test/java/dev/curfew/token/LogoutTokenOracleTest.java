package dev.curfew.token;

import static dev.curfew.token.TestMessages.LOGOUT_EVENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import dev.curfew.token.EventTokenPolicy.Profile;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Another implementation as a judge: whatever it refuses, we refuse, except for one thing that is named here. It asks
 * the system's clock, so that these tokens are of today.
 */
class LogoutTokenOracleTest {
    private static final int TOKENS = 3_000;

    private final long now = Instant.now().getEpochSecond();
    private final RSAKey key = new RSAKey.Builder((RSAPublicKey) TestIssuer.RSA.getPublic())
            .keyID("k1")
            .build();
    private final EventTokenVerifier ours = EventTokenVerifier.of(TestMessages.policy(Profile.LOGOUT)
            .keys(TokenKeys.ofJwkSet(new JWKSet(key).toString()))
            .build());
    private final LogoutTokenValidator theirs = new LogoutTokenValidator(
            new Issuer(TestIssuer.ISSUER), new ClientID(TestMessages.CLIENT), JWSAlgorithm.RS256, new JWKSet(key));

    /** A token in the making. */
    private static final class Draft {
        private final Map<String, Object> header = new LinkedHashMap<>();
        private final Map<String, Object> claims = new LinkedHashMap<>();
        private KeyPair key = TestIssuer.RSA;
        private boolean prefixed;
    }

    @Test
    void nothing_that_another_implementation_refuses_is_accepted_but_the_prefix_of_a_type() {
        Random random = new Random(17);
        int bothAccept = 0;
        int bothRefuse = 0;
        int weAreStricter = 0;
        int prefixed = 0;
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < TOKENS; i++) {
            Draft draft = draft(random);
            String token = sign(draft);
            boolean weAccept = weAccept(token);
            boolean theyAccept = theyAccept(token);
            if (weAccept && theyAccept) {
                bothAccept++;
            } else if (!weAccept && !theyAccept) {
                bothRefuse++;
            } else if (theyAccept) {
                weAreStricter++;
            } else if (draft.prefixed) {
                prefixed++;
            } else {
                faults.add(draft.header + " " + draft.claims);
            }
        }

        assertThat(faults.stream().limit(5)).as("refused by them alone").isEmpty();
        assertThat(bothAccept).as("accepted by both").isGreaterThan(500);
        assertThat(bothRefuse).as("refused by both").isGreaterThan(1_000);
        assertThat(weAreStricter).as("refused by us alone").isGreaterThan(100);
        assertThat(prefixed)
                .as("the prefix of RFC 7515 section 4.1.9, which it does not know")
                .isPositive();
    }

    /** A good token with none, one or two things changed. */
    private Draft draft(Random random) {
        Draft draft = new Draft();
        draft.header.put("alg", "RS256");
        draft.header.put("typ", "logout+jwt");
        draft.claims.put("iss", TestIssuer.ISSUER);
        draft.claims.put("aud", TestMessages.CLIENT);
        draft.claims.put("iat", now - random.nextInt(60));
        draft.claims.put("exp", now + 600 + random.nextInt(600));
        draft.claims.put("jti", "j" + random.nextInt());
        draft.claims.put("events", new LinkedHashMap<>(Map.of(LOGOUT_EVENT, Map.of())));
        switch (random.nextInt(3)) {
            case 0 -> draft.claims.put("sub", "alice");
            case 1 -> draft.claims.put("sid", "s-1");
            default -> {
                draft.claims.put("sub", "alice");
                draft.claims.put("sid", "s-1");
            }
        }
        for (int changes = random.nextInt(3); changes > 0; changes--) {
            mutations().get(random.nextInt(mutations().size())).accept(draft, random);
        }
        return draft;
    }

    private List<BiConsumer<Draft, Random>> mutations() {
        return List.of(
                (draft, random) ->
                        draft.claims.remove(any(random, "iss", "aud", "iat", "exp", "jti", "events", "sub", "sid")),
                (draft, random) -> draft.claims.put(
                        any(random, "iss", "aud", "iat", "exp", "jti", "events", "sub", "sid"), any(random, JUNK)),
                (draft, random) -> draft.claims.put("iss", any(random, "https://login.example.com/", "x", "")),
                (draft, random) -> draft.claims.put(
                        "aud", any(random, "x", List.of(), List.of("x"), List.of(TestMessages.CLIENT, "x"))),
                (draft, random) -> draft.claims.put("iat", now + any(random, -7_200L, -3_000L, 30L, 300L, 90_000L)),
                (draft, random) -> draft.claims.put("exp", now + any(random, -7_200L, -300L, 5L, 3_000L, 90_000L)),
                (draft, random) -> draft.claims.put(any(random, "iat", "exp"), now * 1000),
                (draft, random) -> draft.claims.put("nbf", now + any(random, -5L, 3_600L)),
                (draft, random) -> draft.claims.put("nonce", any(random, "n", "", 7)),
                (draft, random) -> draft.claims.put(
                        "events",
                        any(
                                random,
                                Map.of(),
                                Map.of("https://schemas.openid.net/event/backchannel-logout", Map.of()),
                                Map.of(LOGOUT_EVENT, "x"),
                                Map.of(LOGOUT_EVENT, List.of()),
                                Map.of(LOGOUT_EVENT, true),
                                Map.of(LOGOUT_EVENT, Map.of("a", 1)),
                                Map.of(LOGOUT_EVENT, Map.of(), "other", Map.of()))),
                (draft, random) -> {
                    String type =
                            any(random, "JWT", "jwt", "LOGOUT+JWT", "application/logout+jwt", "at+jwt", "secevent+jwt");
                    draft.header.put("typ", type);
                    draft.prefixed = type.startsWith("application/");
                },
                (draft, random) -> {
                    draft.header.remove("typ");
                    draft.prefixed = false;
                },
                (draft, random) -> draft.header.put("alg", any(random, "RS384", "PS256", "HS256")),
                (draft, random) -> draft.header.put("kid", any(random, "k1", "")),
                (draft, random) -> draft.header.put("crit", List.of("exp")),
                (draft, random) -> draft.key = TestIssuer.OTHER_RSA,
                (draft, random) -> draft.claims.put("more", Map.of("a", List.of(1, 2))));
    }

    private static final Object[] JUNK = {7, "", "x", true, List.of(), Map.of(), -1, 1.5};

    @SafeVarargs
    private static <T> T any(Random random, T... of) {
        return of[random.nextInt(of.length)];
    }

    private static String sign(Draft draft) {
        return TestIssuer.sign(
                String.valueOf(draft.header.get("alg")),
                TestIssuer.json(draft.header).getBytes(StandardCharsets.UTF_8),
                TestIssuer.json(draft.claims).getBytes(StandardCharsets.UTF_8),
                draft.key);
    }

    private boolean weAccept(String token) {
        try {
            ours.verify(token);
            return true;
        } catch (InvalidEventTokenException e) {
            return false;
        }
    }

    private boolean theyAccept(String token) {
        try {
            theirs.validate(JWTParser.parse(token));
            return true;
        } catch (ParseException | BadJOSEException | JOSEException e) {
            return false;
        }
    }
}
