package dev.curfew.http;

import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.TokenRevocationChecker;
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
    private final boolean mayWait;

    JwtReader(TokenVerifier verifier, SessionService service) {
        this(verifier, service, true);
    }

    private JwtReader(TokenVerifier verifier, SessionService service, boolean mayWait) {
        this.verifier = verifier;
        this.service = service;
        this.mayWait = mayWait;
    }

    @Override
    public TokenReader withoutWaiting() {
        return new JwtReader(verifier, service, false);
    }

    @Override
    public @Nullable Presented read(EndpointRequest request, String text, Purpose purpose) {
        try {
            Authentic token = mayWait
                    ? verifier.verifyForLogout(text)
                    : verifier.tryVerify(text).orElseThrow(MustWaitException::new);
            return new Jwt(token, service, mayWait);
        } catch (InvalidTokenException e) {
            LOG.debug("{}", e.getMessage());
            return null;
        }
    }

    /** One of them. */
    private record Jwt(Authentic token, SessionService service, boolean mayWait) implements Presented {
        @Override
        public CredentialOwner owner() {
            return CredentialOwner.of(token);
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
            TokenRevocationChecker checker = service.checker();
            RevocationDecision decision = mayWait
                    ? checker.check(caller())
                    : checker.tryCheck(caller()).orElseThrow(MustWaitException::new);
            if (!decision.permits()) {
                throw decision.outcome() == RevocationDecision.Outcome.REVOKED
                        ? Rejection.revoked(decision.reason().orElse(null))
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
