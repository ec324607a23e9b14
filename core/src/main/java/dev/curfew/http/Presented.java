package dev.curfew.http;

import dev.curfew.http.SenderCheck.Way;
import dev.curfew.token.Caller;

/** An authentic credential that came with a request, of whatever kind; its time may be over. */
interface Presented {
    /** {@return whose it is} */
    CredentialOwner owner();

    /** Whether {@link #caller()} answers. */
    boolean isUsable();

    /** Whether it comes from whom it is bound to, as far as anybody knows to whom that is. */
    default boolean isOfSender(EndpointRequest request, Way way) throws Rejection {
        return !isUsable() || SenderCheck.permits(caller().senderKey(), request, way);
    }

    /** Whether anybody could say what it is worth. */
    default boolean isAnswered() {
        return true;
    }

    /** Answers who calls; its time must not be over. No round trip. */
    Caller caller() throws Rejection;

    /** Refuses what is revoked, or what nobody can say anything about; once {@link #caller()} has answered. */
    void requireActive() throws Rejection;

    /** Ends its session, also if its time is over. */
    Ending end() throws Rejection;
}
