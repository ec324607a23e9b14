package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Signed messages of every profile, right or wrong, of the issuer of {@link TestIssuer}. */
final class TestMessages {
    static final String CLIENT = "s6BhdRkqt3";
    static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";
    static final String SESSION_REVOKED = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
    static final long NOW = TestIssuer.NOW.getEpochSecond();

    private TestMessages() {}

    static EventTokenPolicy.Builder policy(Profile profile) {
        EventTokenPolicy.Builder builder = EventTokenPolicy.of(profile, TestIssuer.REALM, TestIssuer.ISSUER)
                .keys(TokenKeys.ofPublicKey(TestIssuer.RSA.getPublic()));
        return profile == Profile.STATUS_LIST ? builder : builder.audience(CLIENT);
    }

    static EventTokenVerifier verifier(EventTokenPolicy.Builder policy) {
        return EventTokenVerifier.of(policy.build(), TestIssuer.CLOCK);
    }

    static EventTokenVerifier verifier(Profile profile, UnaryOperator<EventTokenPolicy.Builder> settings) {
        return verifier(settings.apply(policy(profile)));
    }

    static EventTokenVerifier verifier(Profile profile) {
        return verifier(policy(profile));
    }

    static String typeOf(Profile profile) {
        return switch (profile) {
            case LOGOUT -> "logout+jwt";
            case SECURITY_EVENT -> "secevent+jwt";
            case STATUS_LIST -> "statuslist+jwt";
            case CLIENT_ASSERTION -> "JWT";
            case REVOCATION_ASSERTION -> "global-token-revocation+jwt";
        };
    }

    /** The claims of a good message, signed ten seconds ago. */
    static Map<String, Object> claims(Profile profile) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", TestIssuer.ISSUER);
        claims.put("iat", NOW - 10);
        if (profile != Profile.STATUS_LIST) {
            claims.put("aud", CLIENT);
            claims.put("jti", "m-1");
        }
        switch (profile) {
            case LOGOUT -> {
                claims.put("sub", "alice");
                claims.put("sid", "idp-session-1");
                claims.put("exp", NOW + 110);
                claims.put("events", Map.of(LOGOUT_EVENT, Map.of()));
            }
            case SECURITY_EVENT -> {
                claims.put("sub_id", Map.of("format", "opaque", "id", "idp-session-1"));
                claims.put("events", Map.of(SESSION_REVOKED, Map.of("event_timestamp", NOW - 20)));
            }
            case STATUS_LIST -> {
                claims.put("sub", "https://example.com/statuslists/1");
                claims.put("status_list", Map.of("bits", 1, "lst", "eNrbuRgAAhcBXQ"));
                claims.put("exp", NOW + 3600);
            }
            case CLIENT_ASSERTION -> {
                claims.put("sub", TestIssuer.ISSUER);
                claims.put("exp", NOW + 110);
            }
            case REVOCATION_ASSERTION -> claims.put("exp", NOW + 290);
        }
        return claims;
    }

    static String message(Profile profile) {
        return message(profile, claims(profile));
    }

    static String message(Profile profile, Map<String, ?> claims) {
        return TestIssuer.token("RS256", typeOf(profile), claims);
    }

    /** With one claim changed, or added. */
    static String with(Profile profile, String name, Object value) {
        Map<String, Object> claims = claims(profile);
        claims.put(name, value);
        return message(profile, claims);
    }

    static String without(Profile profile, String name) {
        Map<String, Object> claims = claims(profile);
        claims.remove(name);
        return message(profile, claims);
    }

    /** With a claim as it is spelled here, which need not be JSON. */
    static String withRaw(Profile profile, String name, String json) {
        Map<String, Object> claims = claims(profile);
        claims.remove(name);
        String payload = TestIssuer.json(claims);
        String added = payload.substring(0, payload.length() - 1) + ",\"" + name + "\":" + json + "}";
        return TestIssuer.token("RS256", "{\"alg\":\"RS256\",\"typ\":\"" + typeOf(profile) + "\"}", added);
    }

    static String typed(Profile profile, String type) {
        return TestIssuer.token("RS256", type, claims(profile));
    }

    /** Refused for this reason, and in words that repeat nothing of what came. */
    static void isRefused(EventTokenVerifier verifier, String compact, Reason reason) {
        InvalidEventTokenException refusal =
                catchThrowableOfType(InvalidEventTokenException.class, () -> verifier.verify(compact));
        assertThat(refusal).as("nothing refused it").isNotNull();
        assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(reason);
        assertThat(refusal.isRetryable()).isFalse();
        assertThat(refusal.getCause()).isNull();
        assertThat(refusal.getMessage())
                .doesNotContain("alice", "idp-session-1", CLIENT, TestIssuer.ISSUER, "m-1", "eyJ");
    }
}
