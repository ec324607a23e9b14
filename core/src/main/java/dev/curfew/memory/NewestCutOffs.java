package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The newest cut-offs of each realm, which outlive the entries that raised them. Guarded by its owner's lock.
 *
 * <p>They only grow, and there are few realms.
 */
final class NewestCutOffs {
    private final Map<LookupKey, Instant> ofAnyTarget = new HashMap<>();
    private final Map<LookupKey, Instant> ofClients = new HashMap<>();
    private Instant birth = Instant.EPOCH;

    void add(Revocation entry) {
        RevocationTarget target = entry.target();
        if (target.kind() == RevocationTarget.Kind.BIRTH) {
            birth = entry.issuedBefore();
        } else if (target.kind().isCutOff()) {
            ofAnyTarget.merge(target.realm(), entry.issuedBefore(), NewestCutOffs::latest);
            if (target.kind() == RevocationTarget.Kind.CLIENT) {
                ofClients.merge(target.realm(), entry.issuedBefore(), NewestCutOffs::latest);
            }
        }
    }

    /** Of any target in the realm, and the birth. */
    Instant in(LookupKey realm) {
        return latest(birth, ofAnyTarget.getOrDefault(realm, birth));
    }

    /** Of any client in the realm, and the birth. */
    Instant ofClients(LookupKey realm) {
        return latest(birth, ofClients.getOrDefault(realm, birth));
    }

    static Instant latest(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
