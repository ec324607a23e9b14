package dev.curfew;

import java.util.Objects;

/** What became of what an upstream said. Immutable. */
public sealed interface UpstreamOutcome {
    /**
     * It is recorded, by this call or an earlier one, whether or not anybody here is concerned.
     *
     * @param localSessions how many sessions that are kept here this message has ended
     * @param changed whether this call wrote anything; false if the message came before, or nothing is left to end
     */
    record Ended(long localSessions, boolean changed) implements UpstreamOutcome {}

    /**
     * It has no effect, and will have none if it comes again.
     *
     * @param cause why
     */
    record Ignored(Cause cause) implements UpstreamOutcome {
        /** Checks that nothing is missing. */
        public Ignored {
            Objects.requireNonNull(cause, "cause");
        }
    }

    /** Why something has no effect. */
    enum Cause {
        /** Its subject is one of an issuer about whose subjects this upstream may not speak. */
        OTHER_ISSUER,
        /** The host knows nobody by the name of its subject. */
        UNKNOWN_SUBJECT,
        /** It names one session alone, and tokens of this upstream name none. */
        UNREACHABLE_SESSION,
        /** It names one token, and no tokens of this upstream are checked here. */
        UNREACHABLE_TOKEN,
        /** It says that something has ended more than five minutes from now: no clock is that far ahead. */
        IN_THE_FUTURE
    }
}
