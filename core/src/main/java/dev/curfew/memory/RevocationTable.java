package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationSet;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreTimes;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The recorded revocations with their feed, and the acts that recorded them. Guarded by its owner's lock. */
final class RevocationTable {
    private static final int MAX_RAISES = 8;

    private final RevocationSet set = new RevocationSet();
    private final FeedLog feed = new FeedLog();
    private final Map<LookupKey, RevokeResult.Recorded> acts = new HashMap<>();
    private final NewestCutOffs newest = new NewestCutOffs();
    private Instant horizon = Instant.EPOCH;

    /** Records an entry, unless one that supersedes it is already there. */
    void append(Revocation revocation, Instant now) {
        if (!set.add(revocation)) {
            return;
        }
        feed.append(new FeedEntry.Revoked(revocation), now);
        newest.add(revocation);
        if (set.of(revocation.target()).size() > MAX_RAISES) {
            drop(set.removeIf(revocation.target(), entry -> !entry.equals(revocation) && revocation.supersedes(entry)));
        }
    }

    void appendRotation(LookupKey session, Instant now) {
        feed.append(new FeedEntry.Rotated(session), now);
    }

    /** This store has no clock of its own. */
    FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        return feed.readAfter(position, limit, new StoreTimes(horizon, now));
    }

    /** Refuses to answer at an instant at which something counts that was removed. */
    void requireNotBeforeHorizon(String operation, Instant now) {
        if (now.isBefore(horizon)) {
            throw new BeforeHorizonException(operation, now, horizon);
        }
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
        return Stream.of(
                        new RevocationTarget(RevocationTarget.Kind.SUBJECT, subject, realm, subject.bucket()),
                        new RevocationTarget(RevocationTarget.Kind.REALM, realm, realm, RevocationTarget.EVERYWHERE))
                .flatMap(target -> set.of(target).stream())
                .map(Revocation::issuedBefore)
                .reduce(newest.ofClients(realm), NewestCutOffs::latest);
    }

    /** The newest cut-off that may have pushed any login of this realm ahead. */
    Instant newestIn(LookupKey realm) {
        return newest.in(realm);
    }

    Optional<RevokeResult.Recorded> outcomeOf(LookupKey act) {
        return Optional.ofNullable(acts.get(act));
    }

    void remember(LookupKey act, RevokeResult.Recorded outcome) {
        acts.put(act, outcome);
    }

    int size() {
        return set.size();
    }

    /** Drops what was forgotten or superseded before an instant, with its feed entries and old acts. */
    int purge(Instant before, int limit) {
        List<Revocation> dropped = set.purge(before, limit);
        // What is only superseded leaves something behind that covers as much.
        if (dropped.stream().anyMatch(entry -> entry.isForgotten(before))) {
            raiseHorizon(before);
        }
        feed.purge(dropped, before);
        acts.values().removeIf(outcome -> outcome.entry().revokedAt().isBefore(before));
        return dropped.size();
    }

    /** Remembers that what was forgotten before an instant is gone; it is never lowered. */
    void raiseHorizon(Instant before) {
        if (before.isAfter(horizon)) {
            horizon = before;
        }
    }

    /**
     * Drops what a realm's cut-off that means "now" makes superfluous: it lies behind every cut-off of the realm and
     * ahead of every clock, so that nothing that was revoked before it, whatever the target, begins after it.
     */
    void absorbInto(Revocation realmCutOff) {
        drop(set.removeIf(
                entry -> entry.target().realm().equals(realmCutOff.target().realm())
                        && entry.target().kind() != RevocationTarget.Kind.REALM
                        && !entry.issuedBefore().isAfter(realmCutOff.issuedBefore())
                        && !entry.forgetAfter().isAfter(realmCutOff.forgetAfter())));
    }

    private void drop(List<Revocation> superfluous) {
        if (!superfluous.isEmpty()) {
            feed.purge(superfluous, Instant.EPOCH);
        }
    }
}
