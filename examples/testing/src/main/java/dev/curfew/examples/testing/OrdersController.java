package dev.curfew.examples.testing;

import dev.curfew.SessionService;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Shows the orders of who calls. */
@RestController
public class OrdersController {
    private final TokenVerifier verifier;
    private final SessionService sessions;

    /** Of the beans of the host. */
    public OrdersController(TokenVerifier verifier, SessionService sessions) {
        this.verifier = verifier;
        this.sessions = sessions;
    }

    /** 401 without a good token, 503 if nobody can say whether it is one. */
    @GetMapping("/orders")
    public ResponseEntity<String> orders(@RequestHeader("Authorization") String authorization) {
        VerifiedToken token;
        try {
            token = verifier.verify(authorization.substring("Bearer ".length()));
        } catch (InvalidTokenException e) {
            return ResponseEntity.status(401).build();
        }
        RevocationDecision decision = sessions.checker().check(token);
        if (!decision.permits()) {
            return ResponseEntity.status(decision.outcome() == Outcome.UNKNOWN ? 503 : 401)
                    .build();
        }
        sessions.touchLater(token);
        return ResponseEntity.ok("orders of " + token.subject().orElseThrow().value());
    }
}
