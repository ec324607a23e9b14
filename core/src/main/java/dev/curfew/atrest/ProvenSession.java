package dev.curfew.atrest;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.Session;
import dev.curfew.store.StoredSession;

/**
 * A session whose secret somebody has presented. Immutable. Hosts cannot make one, because this package is not exported
 * to them.
 *
 * @param session whose secret it was
 * @param facts what the revocation rule judges
 */
public record ProvenSession(Session session, TokenFacts facts) {
    /** The session of a row whose secret was presented. */
    public static ProvenSession of(Session session, StoredSession row) {
        return new ProvenSession(session, row.facts());
    }
}
