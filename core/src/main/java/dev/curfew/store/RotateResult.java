package dev.curfew.store;

/** What became of an exchange of a session's secret. */
public enum RotateResult {
    /** The new secret stands in place of the old one. */
    ROTATED,
    /** The session is live, but its secret is another one; nothing was changed. */
    SECRET_MISMATCH,
    /** There is no such live session; nothing was changed. */
    NOT_LIVE
}
