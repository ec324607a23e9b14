package dev.curfew.status;

import dev.curfew.session.LookupKey;
import dev.curfew.token.SigningKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Makes status list tokens (Token Status List, section 5.1). Immutable.
 *
 * @param issuer their {@code iss}
 * @param key that signs
 * @param base in front of the name of each list
 * @param ttl how long a verifier may hold one
 * @param validFor how long one is believed at most
 */
record ListSigner(String issuer, SigningKey key, URI base, Duration ttl, Duration validFor) {
    private static final String TYPE = "statuslist+jwt";

    URI uri(LookupKey id) {
        return URI.create(base + ListState.name(id));
    }

    SignedList sign(LookupKey id, StatusList statuses, Instant now) {
        Instant issuedAt = now.truncatedTo(ChronoUnit.SECONDS);
        Instant expiresAt = issuedAt.plus(validFor);
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer);
        claims.put("sub", uri(id).toString());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", expiresAt.getEpochSecond());
        claims.put("ttl", ttl.toSeconds());
        claims.put("status_list", Map.of("bits", statuses.bits(), "lst", statuses.encode()));
        return new SignedList(key.sign(TYPE, claims), expiresAt);
    }
}
