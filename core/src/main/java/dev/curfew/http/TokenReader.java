package dev.curfew.http;

import org.jspecify.annotations.Nullable;

/** Tells what a text is worth that came as a credential. Thread-safe. */
interface TokenReader {
    /** What a credential is wanted for. */
    enum Purpose {
        /** To act for whoever it belongs to. */
        USE,
        /** To end its session, which nobody is kept from by what others did. */
        LOGOUT
    }

    /**
     * Answers an authentic credential, or null for a text that is none.
     *
     * @throws Rejection if that is not to be found out now, or if the store was asked and the text was counted as a bad
     *     one
     */
    @Nullable
    Presented read(EndpointRequest request, String text, Purpose purpose) throws Rejection;

    /**
     * Reads the same for event loops: throws {@link MustWaitException} where this one would wait, and so do the
     * {@link Presented} that it answers when they are asked whether they are active.
     */
    TokenReader withoutWaiting();
}
