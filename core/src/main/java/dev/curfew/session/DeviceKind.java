package dev.curfew.session;

/** What sort of device a session is on, as far as its label says. */
public enum DeviceKind {
    /** A computer. */
    DESKTOP,
    /** A phone. */
    MOBILE,
    /** A tablet. */
    TABLET,
    /** An app or a program that is no browser, on whatever device. */
    CLIENT,
    /**
     * Not known: nobody said, the host chose a label of its own, or several sorts say the same, as Safari on a Mac and
     * on an iPad.
     */
    UNKNOWN
}
