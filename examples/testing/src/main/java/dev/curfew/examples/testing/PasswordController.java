package dev.curfew.examples.testing;

import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.Caller;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Changes passwords, which ends all other sessions. */
@RestController
public class PasswordController {
    private final SessionService sessions;

    /** Of the beans of the host. */
    public PasswordController(SessionService sessions) {
        this.sessions = sessions;
    }

    /** 204, or 503 if the other sessions are not known to have ended. */
    @PostMapping("/password")
    public ResponseEntity<Void> changePassword(Caller caller) {
        try {
            sessions.revokeOtherSessions(caller, RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED));
            return ResponseEntity.noContent().build();
        } catch (StoreUnavailableException e) {
            return ResponseEntity.status(503).build();
        }
    }
}
