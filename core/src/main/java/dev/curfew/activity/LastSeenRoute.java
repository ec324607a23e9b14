package dev.curfew.activity;

import dev.curfew.token.Caller;

/** The way of signs of life from requests, which do not wait for it, to the store. Implementations are thread-safe. */
interface LastSeenRoute extends AutoCloseable {
    /** Takes that the caller's session is seen now, if that is worth a write. Never throws. */
    void touch(Caller caller);

    /** Writes what waits, for a moment at most. */
    @Override
    void close();
}
