package dev.curfew.jdbc.feed;

import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.util.List;

/**
 * One page of a follower, as it takes rows out of an answer. Confined to one thread.
 *
 * <p>It is whole if it has taken everything out of the answer, and the answer held everything in the table.
 */
final class FollowerPage {
    private final FeedPage entries = new FeedPage();
    private final UnnumberedRows unnumbered;
    private final FeedUpkeep upkeep;
    private final int limit;
    private int room;
    private int struckOff;
    private boolean isWhole = true;
    private boolean hasLost;

    FollowerPage(UnnumberedRows unnumbered, FeedUpkeep upkeep, int limit) {
        this.unnumbered = unnumbered;
        this.upkeep = upkeep;
        this.limit = limit;
        this.room = limit;
    }

    /** Rows that joined a transaction of the host. These are few, and the limit does not count them. */
    void joined(List<FeedRow> rows) {
        for (FeedRow row : rows) {
            hasLost |= unnumbered.contradicts(row.version());
            if (row.isOpen()) {
                entries.add(row, false);
            } else if (unnumbered.knows(row.version())) {
                unnumbered.meetAgain(row.version());
            } else {
                handOut(row);
                unnumbered.add(row.version());
            }
        }
    }

    /** The birth marker. If a transaction of the host has made it, it may appear where no other row can. */
    void birth(FeedRow row, long skipped) {
        if (!row.isNumbered() && row.seq() <= skipped) {
            if (unnumbered.knows(row.version())) {
                unnumbered.meetAgain(row.version());
            } else {
                takeUnnumbered(row);
            }
        }
    }

    /** Rows without a number where this reader has been before. */
    void late(List<FeedRow> rows) {
        rows.forEach(this::takeUnnumbered);
    }

    /** Rows without a number where it has not been yet. */
    void fresh(List<FeedRow> rows) {
        for (FeedRow row : rows) {
            if (takeUnnumbered(row)) {
                unnumbered.goOnBehind(row.seq());
            }
        }
    }

    private boolean takeUnnumbered(FeedRow row) {
        hasLost |= unnumbered.contradicts(row.version());
        if (!hasRoom()) {
            return false;
        }
        handOut(row);
        unnumbered.add(row.version());
        return true;
    }

    /** Rows with a number; the place behind the last one that was taken. */
    FeedPlace numbered(FeedPlace from, List<FeedRow> rows) {
        // A full answer may have left something out.
        isWhole &= rows.size() < limit + 2;
        FeedPlace place = from;
        for (FeedRow row : from.behind(rows)) {
            hasLost |= unnumbered.contradicts(row.version());
            if (!unnumbered.knows(row.version())) {
                if (!hasRoom()) {
                    return place;
                }
                handOut(row);
            }
            struckOff += unnumbered.remove(row.version()) ? 1 : 0;
            upkeep.forget(row.row().id());
            place = place.at(row);
        }
        return place;
    }

    /** How many rows have a number that this reader had met without one. */
    int struckOff() {
        return struckOff;
    }

    boolean isWhole() {
        return isWhole;
    }

    /** Whether a row that was met before is gone: another one stands in its place, or a whole page does not have it. */
    boolean hasLost() {
        return hasLost || isWhole && unnumbered.hasLost();
    }

    FeedRead read(FeedPlace next, StoreTimes times) {
        return entries.read(next, isWhole, times);
    }

    private boolean hasRoom() {
        isWhole &= room > 0;
        return room-- > 0;
    }

    private void handOut(FeedRow row) {
        entries.add(row, row.isClosed() && upkeep.mayHaveClosed(row.row().id()));
    }
}
