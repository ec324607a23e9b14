package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.util.ArrayList;
import java.util.List;

/** The entries of one page, as they come together. Confined to one thread. */
final class FeedPage {
    private final List<FeedEntry> entries = new ArrayList<>();
    private int undecodable;

    int size() {
        return entries.size() + undecodable;
    }

    FeedRead.Page read(FeedPlace next, boolean isCaughtUp, StoreTimes times) {
        return new FeedRead.Page(entries, next.position(), isCaughtUp, undecodable, times);
    }

    /** Adds what a row says; {@code closedHere}: whether this reader may have closed it. */
    void add(FeedRow feedRow, boolean closedHere) {
        RevocationRow row = feedRow.row();
        if (row.isNotice()) {
            entries.add(new FeedEntry.Rotated(row.key()));
        } else if (row.revocation() == null) {
            undecodable++;
        } else if (feedRow.isOpen()) {
            entries.add(new FeedEntry.Opened(row.id(), row.required()));
        } else if (feedRow.isClosed()) {
            entries.add(new FeedEntry.Closed(row.id(), row.required(), closedHere));
        } else {
            entries.add(new FeedEntry.Revoked(row.required()));
        }
    }
}
