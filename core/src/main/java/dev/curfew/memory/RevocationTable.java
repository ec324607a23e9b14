package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationSet;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The recorded revocations with their feed, and the acts that recorded them. Guarded by its owner's lock. */
final class RevocationTable {
    private final RevocationSet set = new RevocationSet();
    private final FeedLog feed = new FeedLog();
    private final Map<OperationId, RevokeResult.Recorded> operations = new LinkedHashMap<>();

    /** The newest cut-off of any target in a realm, and of any client in it. They only grow, and there are few realms. */
    private final Map<LookupKey, Instant> newestInRealm = new HashMap<>();

    private final Map<LookupKey, Instant> newestOfClients = new HashMap<>();
    private Instant birth = Instant.EPOCH;

    boolean append(Revocation revocation, Instant now) {
        if (!set.add(revocation)) {
            return false;
        }
        feed.append(new FeedEntry.Revoked(revocation), now);
        RevocationTarget target = revocation.target();
        switch (target.kind()) {
            case BIRTH -> birth = revocation.issuedBefore();
            case CLIENT -> {
                raise(newestOfClients, target.realm(), revocation.issuedBefore());
                raise(newestInRealm, target.realm(), revocation.issuedBefore());
            }
            case SUBJECT, REALM -> raise(newestInRealm, target.realm(), revocation.issuedBefore());
            case TOKEN, SESSION, FOREIGN_SESSION, SIGNING_KEY -> {}
        }
        return true;
    }

    void appendRotation(LookupKey session, Instant now) {
        feed.append(new FeedEntry.Rotated(session), now);
    }

    FeedRead readAfter(FeedPosition position, int limit) {
        return feed.readAfter(position, limit);
    }

    List<Revocation> covering(TokenFacts facts, Instant now) {
        return set.covering(facts, now);
    }

    boolean coversAny(TokenFacts facts, Instant now) {
        return set.coversAny(facts, now);
    }

    List<Revocation> of(RevocationTarget target) {
        return set.of(target);
    }

    /** The newest cut-off that a login of this subject must begin after. */
    Instant newestFor(LookupKey realm, LookupKey subject) {
        Instant newest = latest(birth, newestOfClients.getOrDefault(realm, birth));
        for (Revocation entry :
                set.of(new RevocationTarget(RevocationTarget.Kind.SUBJECT, subject, realm, subject.bucket()))) {
            newest = latest(newest, entry.issuedBefore());
        }
        for (Revocation entry :
                set.of(new RevocationTarget(RevocationTarget.Kind.REALM, realm, realm, RevocationTarget.EVERYWHERE))) {
            newest = latest(newest, entry.issuedBefore());
        }
        return newest;
    }

    /** The newest cut-off that may have pushed any login of this realm ahead. */
    Instant newestIn(LookupKey realm) {
        return latest(birth, newestInRealm.getOrDefault(realm, birth));
    }

    RevokeResult.@Nullable Recorded outcomeOf(OperationId operation) {
        return operations.get(operation);
    }

    void remember(OperationId operation, RevokeResult.Recorded outcome) {
        operations.put(operation, outcome);
    }

    int size() {
        return set.size();
    }

    /** Drops what was forgotten or superseded before an instant, with its feed entries and old acts. */
    int purge(Instant before, int limit) {
        List<Revocation> dropped = set.purge(before, limit);
        feed.purge(dropped, before);
        operations.values().removeIf(outcome -> outcome.entry().revokedAt().isBefore(before));
        return dropped.size();
    }

    private static void raise(Map<LookupKey, Instant> newest, LookupKey realm, Instant issuedBefore) {
        newest.merge(realm, issuedBefore, RevocationTable::latest);
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isBefore(b) ? b : a;
    }
}
