package dev.curfew;

import dev.curfew.session.Realm;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose realm is whose: an upstream's subjects and sessions are its own, so that another issuer in the same realm would
 * end them. Thread-safe.
 */
final class UpstreamRealms {
    private final Map<Realm, String> issuers = new ConcurrentHashMap<>();

    /**
     * Remembers the issuer of a realm.
     *
     * @throws IllegalStateException if another one was met in this realm
     */
    void require(Upstream upstream) {
        String known = issuers.putIfAbsent(upstream.realm(), upstream.issuer());
        if (known != null && !known.equals(upstream.issuer())) {
            throw new IllegalStateException("the realm " + upstream.realm() + " is that of the upstream " + known
                    + ", and " + upstream.issuer() + " would end its sessions: give each upstream a realm of its own");
        }
    }
}
