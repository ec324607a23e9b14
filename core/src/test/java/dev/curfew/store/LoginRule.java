package dev.curfew.store;

import dev.curfew.revocation.LoginOrder;
import java.time.Duration;
import java.time.Instant;

/** The rule that orders logins and cut-offs, and weaker forms of it that must not do. */
enum LoginRule {
    /** The rule. */
    AS_DESIGNED,
    /** A login begins at its clock reading, whatever cut-offs are in force. */
    LOGIN_IGNORES_CUT_OFFS,
    /** A cut-off does not look at what is in force already. */
    CUT_OFF_IGNORES_NEWEST,
    /** A cut-off looks at earlier ones of its own target only. */
    CUT_OFF_IGNORES_OTHER_TARGETS,
    /** A cut-off is not ahead of the other nodes' clocks. */
    NO_NODE_SKEW,
    /** A login reads the cut-offs first, then the clock. */
    CUT_OFFS_READ_BEFORE_THE_CLOCK;

    boolean readsClockFirst() {
        return this != CUT_OFFS_READ_BEFORE_THE_CLOCK;
    }

    boolean looksAtOtherTargets() {
        return this != CUT_OFF_IGNORES_OTHER_TARGETS;
    }

    Instant authenticatedAt(Instant clockReading, Instant newestCutOff) {
        return LoginOrder.authenticatedAt(clockReading, this == LOGIN_IGNORES_CUT_OFFS ? Instant.EPOCH : newestCutOff);
    }

    /** Fixes a request's instants; the rule as designed is that of the main code, untouched. */
    StoreSettings settings(Duration nodeSkew) {
        StoreSettings defaults = StoreSettings.defaults();
        return new StoreSettings(
                defaults.retention(),
                this == NO_NODE_SKEW ? Duration.ZERO : nodeSkew,
                defaults.endedSessionsKept(),
                defaults.trustsOlderTokens());
    }

    Instant newestApplicable(Instant newest) {
        return this == CUT_OFF_IGNORES_NEWEST ? Instant.EPOCH : newest;
    }
}
