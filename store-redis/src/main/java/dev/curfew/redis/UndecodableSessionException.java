package dev.curfew.redis;

import dev.curfew.session.CurfewException;
import dev.curfew.session.LookupKey;

/**
 * A row of a session cannot be read: damaged, or written by a newer version. Only that row is concerned, and it can be
 * revoked.
 */
public final class UndecodableSessionException extends CurfewException {
    private static final long serialVersionUID = 1L;

    UndecodableSessionException(String how, LookupKey session) {
        super("the row of session " + session + " is " + how, null);
    }
}
