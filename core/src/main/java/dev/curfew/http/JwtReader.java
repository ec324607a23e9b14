package dev.curfew.http;

import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision;
import dev.curfew.token.Authentic;
import dev.curfew.token.Caller;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads access tokens that issuers signed, without a round trip. Thread-safe. */
final class JwtReader implements TokenReader {
    private static final Logger LOG = LoggerFactory.getLogger(JwtReader.class);

    private final TokenVerifier verifier;
    private final SessionService service;

    JwtReader(TokenVerifier verifier, SessionService service) {
        this.verifier = verifier;
        this.service = service;
    }

    @Override
    public @Nullable Presented read(EndpointRequest request, String text, Purpose purpose) {
        try {
            return new Jwt(verifier.verifyForLogout(text), service);
        } catch (InvalidTokenException e) {
            LOG.debug("{}", e.getMessage());
            return null;
        }
    }

    /** One of them. */
    private record Jwt(Authentic token, SessionService service) implements Presented {
        @Override
        public CredentialOwner owner() {
            return CredentialOwner.of(token.facts());
        }

        @Override
        public boolean isUsable() {
            return token instanceof Caller;
        }

        @Override
        public Caller caller() throws Rejection {
            if (token instanceof Caller caller) {
                return caller;
            }
            throw Rejection.of(ProblemType.TOKEN_EXPIRED);
        }

        /** One round trip, or none with an index. */
        @Override
        public void requireActive() throws Rejection {
            RevocationDecision decision = service.checker().check(caller());
            if (!decision.permits()) {
                throw decision.outcome() == RevocationDecision.Outcome.REVOKED
                        ? Rejection.of(ProblemType.TOKEN_INVALID)
                        : Rejection.unavailable();
            }
        }

        /** One round trip. */
        @Override
        public Ending end() {
            return Ending.of(token, service.logout(token), !isUsable());
        }
    }
}
