package dev.curfew.credential;

import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;

/**
 * By what a session is looked up in memory, which costs no hash. Immutable.
 *
 * @param realm in which it is looked up
 * @param id of the session
 */
record SessionInRealm(Realm realm, SessionId id) {
    SessionRef ref() {
        return SessionRef.of(realm, id);
    }
}
