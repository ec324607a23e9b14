package dev.curfew.ssf;

/** What a lone subject of the format {@code opaque} is in an event about sessions. */
public enum OpaqueMeaning {
    /** A session, by the id that the transmitter's tokens carry as {@code sid}. */
    SESSION,
    /** A subject, by the name that the transmitter's tokens carry as {@code sub}. */
    SUBJECT
}
