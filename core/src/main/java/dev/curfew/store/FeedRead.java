package dev.curfew.store;

import java.util.List;

/** The answer of one read of the feed. */
public sealed interface FeedRead {
    /**
     * The reader's place was still there.
     *
     * @param entries what stands behind it; duplicates are possible, their order means nothing
     * @param next where to read on
     * @param isCaughtUp whether nothing more stood there when the read was answered
     * @param undecodable how many entries could not be decoded; if any, the reader's knowledge is incomplete
     * @param times the store's horizon and clock, read with this page
     */
    record Page(List<FeedEntry> entries, FeedPosition next, boolean isCaughtUp, int undecodable, StoreTimes times)
            implements FeedRead {
        /** Copies the list. */
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The reader's place is gone: data was lost, or the reader lagged too long. It reads again from the beginning, and
     * joins.
     */
    record Gap() implements FeedRead {}
}
