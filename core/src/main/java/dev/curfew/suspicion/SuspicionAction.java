package dev.curfew.suspicion;

/** What a host wants to happen to a subject under suspicion. */
public enum SuspicionAction {
    /** Nothing more than the event. */
    NONE,
    /** Ends everything of the subject that began until the action, its logins under way included. */
    END_ALL_SESSIONS,
    /**
     * Ends everything of the subject that began until the suspicion was raised: whoever has logged in since has done
     * what is demanded, and stays. Hosts that verify foreign tokens are told to ask for a new authentication.
     */
    REQUIRE_REAUTHENTICATION
}
