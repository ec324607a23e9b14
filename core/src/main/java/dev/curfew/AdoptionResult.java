package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.Session;

/** What became of a foreign issuer's session that was to be listed here. Immutable. */
public sealed interface AdoptionResult {
    /**
     * It stands in the store.
     *
     * @param session the session
     * @param isNew false if it stood there before
     */
    record Adopted(Session session, boolean isNew) implements AdoptionResult {}

    /**
     * The token or its session is revoked.
     *
     * @param by what covers it
     */
    record Revoked(Revocation by) implements AdoptionResult {}

    /**
     * The subject has as many live sessions as it may.
     *
     * @param live how many there are
     */
    record LimitReached(int live) implements AdoptionResult {}

    /**
     * The token names no subject or no foreign session, its session is over by time, or another subject's session has
     * that handle.
     */
    record NotAdoptable() implements AdoptionResult {}
}
