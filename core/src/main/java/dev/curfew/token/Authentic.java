package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Optional;

/**
 * Whoever presented an authentic credential, also one whose time is over: enough to log out, and for nothing else.
 * Immutable; only verification makes one.
 *
 * <p>{@link Caller} is the part of them that may do more.
 */
public sealed interface Authentic permits Caller, AuthenticToken {
    /** {@return the realm of everything that the credential names} */
    Realm realm();

    /** {@return whose credential it is, or nothing if it names no subject} */
    Optional<SubjectId> subject();

    /** {@return the session to which the credential belongs, or nothing if it names none} */
    Optional<SessionRef> session();

    /** {@return what the revocation rule needs to know of it; no claim in clear} */
    TokenFacts facts();

    /**
     * Until when a revocation of this credential must be remembered.
     *
     * @return to the millisecond; at and after this instant nothing accepts the credential any more
     */
    Instant forgetAfter();
}
