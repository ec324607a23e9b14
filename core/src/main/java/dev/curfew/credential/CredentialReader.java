package dev.curfew.credential;

import dev.curfew.atrest.SessionRows;
import dev.curfew.atrest.StoredCredentials;
import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.SecretToken;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.CurfewException;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.Optional;

/** Finds the row that a token selects, and reads its credential. Thread-safe. */
public final class CredentialReader {
    private final SessionStore store;
    private final SessionRows rows;
    private final StoredCredentials credentials;

    public CredentialReader(SessionStore store, SessionRows rows, StoredCredentials credentials) {
        this.store = store;
        this.rows = rows;
        this.credentials = credentials;
    }

    /**
     * The row that a token selects; nothing if there is none, or none with a credential that can be read. One round
     * trip, or none if no session that began when this one says can be live.
     *
     * @throws CurfewException if the token is right and this node cannot read the row: it lacks a key, or is of an
     *     earlier version; who holds no right secret learns nothing of that
     */
    Optional<HeldCredential> find(Realm realm, SecretToken token, Instant now) {
        return mayLive(token, now)
                ? fetch(SessionRef.of(realm, token.session()), now).flatMap(row -> read(row, token))
                : Optional.empty();
    }

    /** Whether a session that began when this token says can be live. */
    boolean mayLive(SecretToken token, Instant now) {
        return now.isBefore(rows.absoluteEnd(token.session().authenticatedAt()));
    }

    /** The row of a session. One round trip. */
    Optional<FoundSession> fetch(SessionRef session, Instant now) {
        Optional<FoundSession> found = store.find(session, now);
        if (found.isPresent()) {
            rows.realms().add(session.realm());
        }
        return found;
    }

    /**
     * The credential of a row; nothing, reported, if it cannot be read.
     *
     * @throws CurfewException if the token is right all the same
     */
    Optional<HeldCredential> read(FoundSession found, SecretToken token) {
        SecretHash secret = found.session().secretHash().orElse(null);
        if (secret == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(read(found, token, secret));
        } catch (CurfewException e) {
            if (token.hash().equals(secret)) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /**
     * The credential of a row in which a token was right a moment ago.
     *
     * @throws CurfewException if it cannot be read; reported
     */
    HeldCredential require(FoundSession found, SecretToken token) {
        SecretHash secret = found.session()
                .secretHash()
                .orElseThrow(() -> new UndecodablePayloadException("session credential lacks its secret", null));
        return read(found, token, secret);
    }

    private HeldCredential read(FoundSession found, SecretToken token, SecretHash secret) {
        StoredSession row = found.session();
        try {
            if (row.id().filter(token.session()::equals).isEmpty()) {
                throw new UndecodablePayloadException("session row has the id of another session", null);
            }
            return new HeldCredential(found, secret, credentials.read(row.key(), secret, row.credential()));
        } catch (CurfewException e) {
            rows.unreadable(row.key(), e);
            throw e;
        }
    }

    /**
     * The session of a row, for who holds a secret of it.
     *
     * @throws CurfewException if this node cannot read it
     */
    Session session(Realm realm, HeldCredential held) {
        return rows.require(realm, held.row());
    }
}
