package dev.curfew.replica;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Source;
import dev.curfew.revocation.RevocationReason;
import java.time.Duration;

/** The decisions of an index, made beforehand so that a check allocates nothing. Immutable. */
final class RevokedDecisions {
    private static final int CODES = 128;

    private final RevocationDecision active;

    /** By the code of the reason. */
    private final RevocationDecision[] lasting = new RevocationDecision[CODES];

    private final RevocationDecision[] lifted = new RevocationDecision[CODES];

    /** Makes them for an index whose knowledge is at most this old. */
    RevokedDecisions(Duration staleness) {
        this.active = RevocationDecision.active(Source.INDEX, staleness);
        for (RevocationReason reason : RevocationReason.values()) {
            lasting[reason.code()] = RevocationDecision.revoked(Source.INDEX, reason, false, staleness);
            lifted[reason.code()] = RevocationDecision.revoked(Source.INDEX, reason, true, staleness);
        }
    }

    RevocationDecision active() {
        return active;
    }

    RevocationDecision revoked(int reasonCode, boolean isLiftedByReauthentication) {
        return (isLiftedByReauthentication ? lifted : lasting)[reasonCode];
    }
}
