package dev.curfew.credential;

import dev.curfew.atrest.CredentialState;
import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.SecretToken;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.Optional;

/**
 * A session's row whose credential could be read. Immutable.
 *
 * @param found the row with what covers it
 * @param secret the hash of the current secret
 * @param state what else was a secret of the session
 */
record HeldCredential(FoundSession found, SecretHash secret, CredentialState state) {
    /** What a presented token is to a row. */
    enum Standing {
        /** The one that may be used. */
        CURRENT,
        /** The one that was exchanged last. */
        PREVIOUS,
        /** A refresh token that this one descends from, or that somebody made who knows one. */
        OLDER,
        /** Nothing: its bearer knows the public id and no secret. */
        STRANGE
    }

    StoredSession row() {
        return found.session();
    }

    /** Hashes compare in constant time. */
    Standing standing(SecretToken token) {
        SecretHash presented = token.hash();
        if (token.kind() == state.kind() && presented.equals(secret)) {
            return Standing.CURRENT;
        }
        if (state.last() != null && presented.equals(state.last().previous())) {
            return Standing.PREVIOUS;
        }
        return state.isOfFamily(token) ? Standing.OLDER : Standing.STRANGE;
    }

    /** Which end of the session has come, if one has and nothing has revoked it. */
    Optional<CredentialRefusal> endedByTime(Instant now) {
        return endedByTime(found, now);
    }

    static Optional<CredentialRefusal> endedByTime(FoundSession found, Instant now) {
        StoredSession row = found.session();
        if (!found.coveredBy().isEmpty() || !row.isExpired(now)) {
            return Optional.empty();
        }
        return Optional.of(now.isBefore(row.expiresAt()) ? CredentialRefusal.IDLE : CredentialRefusal.ABSOLUTE);
    }
}
