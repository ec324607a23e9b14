package dev.curfew;

/** What became of a step-up that comes back from a redirect. Immutable. */
public sealed interface StepUpResult {
    /**
     * It goes on.
     *
     * @param stepUp as it was begun
     */
    record Resumed(StepUp stepUp) implements StepUpResult {}

    /**
     * It does not: begin another one.
     *
     * @param why for the log
     */
    record Refused(Why why) implements StepUpResult {
        /** Why a step-up cannot be taken up. */
        public enum Why {
            /** Nothing that this service has sealed as a step-up: damaged, forged, or sealed with another key. */
            UNREADABLE,
            /** Of another session than the caller's: another login, or somebody else's link. */
            OTHER_SESSION,
            /** Begun an hour ago, or longer. */
            TOO_OLD
        }
    }
}
