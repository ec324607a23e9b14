package dev.curfew.ssf;

import dev.curfew.revocation.RevocationReason;

/**
 * What an event ends. Immutable.
 *
 * @param scope what it is about
 * @param reason of the revocation
 */
record Reaction(Scope scope, RevocationReason reason) {
    /** What the subject of an event names. */
    enum Scope {
        /** A session, or all of a subject, or that session of that subject. */
        LOGINS,
        /** All of a subject, whatever stands beside it. */
        SUBJECT,
        /** One token. */
        TOKEN
    }
}
