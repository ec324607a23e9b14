package dev.curfew.examples.sqlite;

import dev.curfew.revocation.Revocation;
import java.time.Instant;
import java.util.Collection;

/** Joins entries that were fixed elsewhere. Confined to one transaction. */
final class RecordStep {
    private final FeedTable feed;
    private final Instant now;

    RecordStep(Transaction transaction, Instant now) {
        this.feed = new FeedTable(transaction);
        this.now = now;
    }

    /**
     * Writes what nothing that stands there replaces. An entry that is forgotten at this instant is written all the
     * same: the clock of the node that says so may be wrong, and a row that is over harms nobody.
     */
    void run(Collection<Revocation> entries) {
        for (Revocation entry : entries) {
            if (feed.standing(entry.target()).stream().noneMatch(standing -> standing.replaces(entry))) {
                feed.add(entry, now);
            }
        }
    }
}
