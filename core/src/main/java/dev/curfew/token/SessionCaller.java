package dev.curfew.token;

import dev.curfew.atrest.ProvenSession;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Evidence;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Optional;

/**
 * Who calls with the current secret of a session of ours: with a session token, and without a JWT. Immutable; only
 * authentication makes one.
 *
 * <p>It knows the session as it stood when it was last read.
 */
public final class SessionCaller implements Caller {
    private final ProvenSession proven;

    /**
     * For this library alone: nobody else has what it takes.
     *
     * @param proven the session whose secret was presented
     */
    @SuppressWarnings("exports") // what hosts cannot name they cannot forge
    public SessionCaller(ProvenSession proven) {
        this.proven = proven;
    }

    /** {@return the session, as it stood when it was last read} */
    public Session currentSession() {
        return proven.session();
    }

    @Override
    public Realm realm() {
        return proven.session().subject().realm();
    }

    @Override
    public Optional<SubjectId> subject() {
        return Optional.of(proven.session().subject());
    }

    @Override
    public Optional<SessionRef> session() {
        return Optional.of(proven.session().ref());
    }

    @Override
    public TokenFacts facts() {
        return proven.facts();
    }

    /** The session's absolute end: its secret opens nothing after it. */
    @Override
    public Instant forgetAfter() {
        return proven.session().expiresAt();
    }

    @Override
    public Optional<SessionRef> sessionNamed(String handle) {
        return SessionId.parse(handle).map(id -> SessionRef.of(realm(), id));
    }

    @Override
    public Optional<Evidence> evidence() {
        return Optional.of(proven.session().evidence());
    }

    @Override
    public Optional<SenderKey> senderKey() {
        return proven.session().senderKey();
    }

    /** A pseudonym only. */
    @Override
    public String toString() {
        return "SessionCaller[" + proven.session().ref() + "]";
    }
}
