package dev.curfew.ssf;

/** Up to which instant an event ends logins. Both are the transmitter's own, so that a SET that comes again is none. */
public enum EventTime {
    /**
     * When the event happened: {@code event_timestamp}, else {@code toe}, else {@code iat}. A login between the event
     * and the message lives on.
     */
    OF_EVENT,
    /**
     * When the transmitter signed the message: {@code iat}. For transmitters that tell long afterwards when a
     * credential was stolen: what began since ends as well.
     */
    OF_MESSAGE
}
