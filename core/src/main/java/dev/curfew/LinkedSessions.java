package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.OperationId;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.upstream.Link;
import dev.curfew.upstream.Links;
import java.time.Instant;
import java.util.Optional;

/** Ends the sessions of ours that began from a login that has ended at its provider. Thread-safe. */
final class LinkedSessions {
    private final Links links;
    private final Revocations revocations;

    LinkedSessions(Links links, Revocations revocations) {
        this.links = links;
        this.revocations = revocations;
    }

    /**
     * Ends each session of ours that a recorded entry of an upstream covers, also one that has not begun yet. A repeat,
     * on whatever node, is the same act.
     *
     * @param named what was to end
     * @param entry what stands for it
     * @return how many have ended by it, as far as they had begun
     * @throws UndecodableRecordException if some link cannot be read, after the sessions of all others have ended
     */
    long end(RevocationTarget named, Revocation entry, Instant now) {
        long ended = 0;
        long unreadable = 0;
        Optional<LookupKey> from = Optional.empty();
        do {
            Links.Covered page = links.coveredBy(named, entry, from, now);
            for (Link link : page.links()) {
                ended += end(link, named, entry);
            }
            unreadable += page.unreadable();
            from = page.next();
        } while (from.isPresent());
        if (unreadable > 0) {
            throw new UndecodableRecordException(unreadable
                    + " link(s) between a login at a provider and a session cannot be read: damaged, of a later"
                    + " version, or under a key that is not in the ring; the sessions of all others have ended");
        }
        return ended;
    }

    private long end(Link link, RevocationTarget named, Revocation entry) {
        LookupKey act = LookupKey.of(
                "upstream-link-end",
                named.key().toString(),
                Long.toString(entry.issuedBefore().toEpochMilli()),
                link.ref().key().toString());
        RevocationCause cause =
                RevocationCause.of(entry.reason(), entry.actor()).named(new OperationId(act.high(), act.low()));
        return revocations
                .revoke(link.local(), link.session(), cause)
                .recorded()
                .filter(RevocationOutcome.Revoked::changed)
                .map(revoked -> revoked.count().orElse(0))
                .orElse(0L);
    }
}
