package dev.curfew.spring;

import com.nimbusds.jwt.SignedJWT;
import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision;
import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.text.ParseException;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/**
 * Lets Spring's resource server take what Curfew's verifier takes, {@code at+jwt} included, and refuse what is revoked.
 * A request that passes is a sign of life. Thread-safe.
 */
final class CurfewJwtDecoder implements JwtDecoder {
    private static final String NOT_VALID = "the token is not valid";

    private final TokenVerifier verifier;
    private final SessionService sessions;
    private final OAuth2TokenValidator<Jwt> more;

    /** @param more what else must hold of a good token */
    CurfewJwtDecoder(TokenVerifier verifier, SessionService sessions, OAuth2TokenValidator<Jwt> more) {
        this.verifier = verifier;
        this.sessions = sessions;
        this.more = more;
    }

    @Override
    public Jwt decode(String text) {
        VerifiedToken token;
        try {
            token = verifier.verify(text);
        } catch (InvalidTokenException e) {
            throw new BadJwtException(NOT_VALID, e);
        } catch (KeysUnavailableException e) {
            throw new JwtException("the issuer's keys cannot be had", e);
        }
        Jwt jwt = jwt(text, token);
        Collection<OAuth2Error> errors = more.validate(jwt).getErrors();
        if (!errors.isEmpty()) {
            throw new JwtValidationException(NOT_VALID, errors);
        }
        RevocationDecision decision = sessions.checker().check(token);
        if (!decision.permits()) {
            if (decision.outcome() == RevocationDecision.Outcome.REVOKED) {
                throw new BadJwtException("the token is revoked");
            }
            throw new JwtException("nobody can say whether the token is revoked", new UndecidedException());
        }
        sessions.touchLater(token);
        return jwt;
    }

    private static Jwt jwt(String text, VerifiedToken token) {
        try {
            Map<String, Object> claims = new LinkedHashMap<>(token.claims());
            // What Spring reads as an instant.
            for (String time : new String[] {"iat", "exp", "nbf"}) {
                claims.computeIfPresent(
                        time,
                        (name, value) ->
                                value instanceof Number seconds ? Instant.ofEpochSecond(seconds.longValue()) : value);
            }
            return Jwt.withTokenValue(text)
                    .headers(headers -> headers.putAll(header(text)))
                    .claims(all -> all.putAll(claims))
                    .build();
        } catch (IllegalArgumentException e) {
            throw new BadJwtException(NOT_VALID, e);
        }
    }

    private static Map<String, Object> header(String text) {
        try {
            return SignedJWT.parse(text).getHeader().toJSONObject();
        } catch (ParseException e) {
            throw new IllegalArgumentException("a token that was verified cannot be parsed", e);
        }
    }
}
