package dev.curfew.contract;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.token.AuthenticToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.ExpiredToken;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An issuer that signs real tokens with a real key, and the verifier that trusts it. Thread-safe. */
public final class TestTokens {
    public static final Duration LIFETIME = Duration.ofMinutes(15);
    public static final Duration SKEW = Duration.ofSeconds(10);

    /** To whom logout tokens are addressed. */
    public static final String RELYING_PARTY = "s6BhdRkqt3";

    private static final ECKey KEY = newKey();
    private static final AtomicInteger JTI = new AtomicInteger();

    private final Realm realm;
    private final Clock clock;
    private final TokenPolicy policy;
    private final TokenVerifier verifier;

    private TestTokens(Realm realm, SessionIds sessionIds, Clock clock) {
        this.realm = realm;
        this.clock = clock;
        this.policy = TokenPolicy.forIssuer(realm, "https://" + realm.name() + ".example.com")
                .keys(keys())
                .audience("https://api.example.com")
                .sessionIds(sessionIds)
                .allowMissingSessionId()
                .allowMissingSubject()
                .allowMissingClient()
                .acceptPlainJwt()
                .maxTokenLifetime(LIFETIME)
                .skew(SKEW)
                .build();
        this.verifier = TokenVerifier.builder(policy).clock(clock).cache(0).build();
    }

    /** The issuer of a realm, which writes our session ids into its tokens. */
    public static TestTokens ours(Realm realm, Clock clock) {
        return new TestTokens(realm, SessionIds.OURS, clock);
    }

    /** The issuer of a realm, which writes session ids of its own into its tokens. */
    public static TestTokens foreign(Realm realm, Clock clock) {
        return new TestTokens(realm, SessionIds.FOREIGN, clock);
    }

    /** The RFC 7638 thumbprint of the key that signs for all issuers. */
    public static String thumbprint() {
        try {
            return KEY.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public Realm realm() {
        return realm;
    }

    public TokenPolicy policy() {
        return policy;
    }

    public SubjectId subject(String name) {
        return new SubjectId(realm, name);
    }

    /** A token of a session, issued now. */
    public VerifiedToken of(Session session) {
        return draft(session).verified();
    }

    /** Starts a token of a session, issued now. */
    public Draft draft(Session session) {
        return draft(session.subject().value()).with("sid", session.handle().value());
    }

    /** Starts a token of a subject, issued now after a login now, that names no session. */
    public Draft draft(String subject) {
        long now = clock.instant().getEpochSecond();
        return new Draft()
                .with("iss", policy.issuer())
                .with("aud", "https://api.example.com")
                .with("sub", subject)
                .with("client_id", "web")
                .with("jti", "jti-" + JTI.incrementAndGet())
                .with("iat", now)
                .with("auth_time", now)
                .with("exp", now + LIFETIME.toSeconds());
    }

    /** Starts a logout token of this issuer, issued now, that names neither a subject nor a session yet. */
    public Draft logout() {
        long now = clock.instant().getEpochSecond();
        return new Draft()
                .typed("logout+jwt")
                .with("iss", policy.issuer())
                .with("aud", RELYING_PARTY)
                .with("iat", now)
                .with("exp", now + 120)
                .with("jti", "logout-" + JTI.incrementAndGet())
                .with("events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of()));
    }

    /** Starts the policy by which logout tokens of this issuer are verified. */
    public EventTokenPolicy.Builder logoutPolicy() {
        return EventTokenPolicy.of(EventTokenPolicy.Profile.LOGOUT, realm, policy.issuer())
                .keys(keys())
                .audience(RELYING_PARTY)
                .algorithms("ES256");
    }

    /** Starts a security event token of this issuer, issued now, about this subject. */
    public Draft event(String type, Map<String, ?> members, Map<String, ?> subject) {
        return new Draft()
                .typed("secevent+jwt")
                .with("iss", policy.issuer())
                .with("aud", RELYING_PARTY)
                .with("iat", clock.instant().getEpochSecond())
                .with("jti", "event-" + JTI.incrementAndGet())
                .with("sub_id", subject)
                .with("events", Map.of(type, members));
    }

    /** Starts the policy by which security event tokens of this issuer are verified. */
    public EventTokenPolicy.Builder eventPolicy() {
        return EventTokenPolicy.of(EventTokenPolicy.Profile.SECURITY_EVENT, realm, policy.issuer())
                .keys(keys())
                .audience(RELYING_PARTY)
                .algorithms("ES256");
    }

    private static TokenKeys keys() {
        return TokenKeys.ofJwkSet("{\"keys\":[" + KEY.toPublicJWK().toJSONString() + "]}");
    }

    public VerifiedToken verify(String compact) {
        return verifier.verify(compact);
    }

    /** Answers an expired token too. */
    public AuthenticToken verifyForLogout(String compact) {
        return verifier.verifyForLogout(compact);
    }

    public ExpiredToken expired(String compact) {
        return (ExpiredToken) verifier.verifyForLogout(compact);
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of a token that is not signed yet. Confined to one thread. */
    public final class Draft {
        private final Map<String, Object> claims = new LinkedHashMap<>();
        private @Nullable String type = "at+jwt";

        private Draft() {}

        /** With this {@code typ}, or without one. */
        public Draft typed(@Nullable String value) {
            type = value;
            return this;
        }

        public Draft with(String claim, @Nullable Object value) {
            claims.put(claim, value);
            return this;
        }

        public Draft without(String claim) {
            claims.remove(claim);
            return this;
        }

        public Draft authenticatedAt(Instant instant) {
            return with("auth_time", instant.getEpochSecond());
        }

        /** Signs. */
        public String compact() {
            try {
                JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(type == null ? null : new JOSEObjectType(type))
                        .build();
                JWSObject token = new JWSObject(header, new Payload(claims));
                token.sign(new ECDSASigner(KEY));
                return token.serialize();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }

        public VerifiedToken verified() {
            return verify(compact());
        }
    }
}
