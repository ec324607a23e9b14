package dev.curfew.oauth;

import dev.curfew.client.RegisteredClient;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.token.SigningKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Answers with a JWT in which what is said of a token is one member (RFC 9701), for callers that must be able to prove
 * what they were told. It has neither {@code sub} nor {@code exp}, so that nobody takes it for an access token.
 * Immutable.
 *
 * @param issuer that callers know
 * @param key that signs
 * @param clock for the instant of the answer
 */
record SignedIntrospection(String issuer, SigningKey key, Clock clock) {
    private static final String TYPE = "token-introspection+jwt";
    private static final String MEDIA_TYPE = "application/" + TYPE;

    /** Whether the caller asks for it by its name; nobody gets it who accepts anything. */
    boolean isWanted(EndpointRequest request) {
        return request.headers("Accept").stream()
                .flatMap(line -> List.of(line.split(",", -1)).stream())
                .anyMatch(SignedIntrospection::isSigned);
    }

    private static boolean isSigned(String accepted) {
        String[] parts = accepted.toLowerCase(Locale.ROOT).split(";", -1);
        if (!parts[0].strip().equals(MEDIA_TYPE)) {
            return false;
        }
        for (int i = 1; i < parts.length; i++) {
            // RFC 9110 §12.4.2: not acceptable.
            if (parts[i].strip().matches("q=0(\\.0{0,3})?")) {
                return false;
            }
        }
        return true;
    }

    EndpointResponse answer(RegisteredClient caller, Optional<ActiveMembers> found) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("aud", caller.id().value());
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("token_introspection", found.isPresent() ? found.get().members() : ActiveMembers.ofNone());
        return EndpointAnswers.body(
                200,
                new HeaderField("Content-Type", MEDIA_TYPE),
                key.sign(TYPE, claims).getBytes(StandardCharsets.US_ASCII),
                List.of());
    }
}
