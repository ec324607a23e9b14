package dev.curfew.http;

/** How much a caller learns about a session id that is not one of theirs. */
public enum SessionIdErrors {
    /** One and the same 404 for unknown, foreign and malformed ids: the default. */
    MASKED,
    /**
     * 404 for an unknown id and 403 for another subject's, so that a caller can find out which ids exist. Costs one
     * more round trip, for unknown and foreign ids alike.
     */
    DESCRIPTIVE
}
