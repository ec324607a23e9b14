package dev.curfew.redis.codec;

import dev.curfew.session.CurfewException;
import dev.curfew.session.LookupKey;

/**
 * A row of a session cannot be read: damaged, or written by a newer version. Only that row is concerned, and it can be
 * revoked.
 */
public final class UndecodableSessionException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Names the session by its key.
     *
     * @param how why the row cannot be read, as the end of a sentence; without content of the row
     * @param session the key of the session
     */
    public UndecodableSessionException(String how, LookupKey session) {
        super("the row of session " + session + " is " + how, null);
    }
}
