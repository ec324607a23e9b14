package dev.curfew.ssf;

import dev.curfew.token.EventToken;

/**
 * Hears of authentic SETs that end nothing here by themselves. Thread-safe; called on the thread that brought the SET,
 * before it is acknowledged, and must be quick.
 *
 * <p>Called at least once for each delivery, so also for a SET that comes again. What it throws is logged, and the SET
 * is acknowledged all the same.
 */
@FunctionalInterface
public interface SignalListener {
    /**
     * A SET came.
     *
     * @param token what it says
     * @param why why nothing was ended for it
     */
    void onSignal(EventToken token, Why why);

    /** Why a SET ends nothing. New reasons may be added. */
    enum Why {
        /** No reaction is set for the type of its event. */
        OTHER_EVENT,
        /** It names nobody and nothing that could be ended here: of another issuer, of another format, not known. */
        OTHER_SUBJECT,
        /** Its subject has a critical member that cannot be processed here, so that it has to be discarded. */
        CRITICAL_MEMBER,
        /** The transmitter says that the stream has another status now. */
        STREAM_UPDATED,
        /** The transmitter has verified the stream, with the state that was expected or unasked. */
        VERIFIED;

        /** Whether it might have been meant to end something. */
        boolean isIgnored() {
            return this != STREAM_UPDATED && this != VERIFIED;
        }
    }
}
