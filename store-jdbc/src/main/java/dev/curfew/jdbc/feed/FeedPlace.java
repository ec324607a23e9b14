package dev.curfew.jdbc.feed;

import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of the feed is: the last row with a number that it has read and, in the middle of a read, how far
 * that has come. Immutable.
 *
 * <p>The middle of a read is valid only in the process that has begun it, and only for a while: what it says about rows
 * without a number does not hold for rows that are committed later. Everybody else begins the read anew at the same
 * place.
 *
 * @param mark the row, and the proof of it; number 0 before the first
 * @param middle how far the read has come, or null at its beginning
 */
record FeedPlace(Mark mark, @Nullable Middle middle) {
    private static final Mark BEGINNING = new Mark(0, 0);
    private static final int NUMBERED = -1;
    private static final long LONGEST_READ_NANOS = Duration.ofMinutes(1).toNanos();

    /**
     * How far a read has come.
     *
     * @param seq of the last row without a number that was read, or -1 if all of them were read
     * @param bound up to where it reads: a {@code seq}, then a number
     * @param read which process has begun it and when, by its ticker
     */
    record Middle(long seq, long bound, Mark read) {
        boolean readsNumbered() {
            return seq == NUMBERED;
        }
    }

    /** Nothing if this is not a position of this store. */
    static Optional<FeedPlace> of(FeedPosition position, long process, long nanos) {
        List<Mark> marks = position.marks();
        if (marks.isEmpty()) {
            return Optional.of(new FeedPlace(BEGINNING, null));
        }
        if (marks.size() == 1) {
            return Optional.of(new FeedPlace(marks.get(0), null));
        }
        if (marks.size() != 3) {
            return Optional.empty();
        }
        Mark read = marks.get(2);
        boolean isCurrent = read.number() == process && nanos - read.hash() < LONGEST_READ_NANOS;
        Middle middle = new Middle(marks.get(1).number(), marks.get(1).hash(), read);
        return Optional.of(new FeedPlace(marks.get(0), isCurrent ? middle : null));
    }

    FeedPosition position() {
        if (middle != null) {
            return new FeedPosition(List.of(mark, new Mark(middle.seq, middle.bound), middle.read));
        }
        return mark.number() == 0 ? FeedPosition.beginning() : new FeedPosition(List.of(mark));
    }

    /** Whether no page of the current read was read yet. */
    boolean isAtBeginning() {
        return middle == null;
    }

    /** How far the read has come; a read that only begins has everything in front of it. */
    Middle middleOf(Mark begun) {
        return middle == null ? new Middle(0, Long.MAX_VALUE, begun) : middle;
    }

    /** The beginning of the next read. */
    FeedPlace settled() {
        return new FeedPlace(mark, null);
    }

    FeedPlace amongUnnumbered(long seq, long bound, Mark read) {
        return new FeedPlace(mark, new Middle(seq, bound, read));
    }

    FeedPlace amongNumbered(long bound, Mark read) {
        return new FeedPlace(mark, new Middle(NUMBERED, bound, read));
    }

    FeedPlace at(FeedRow row) {
        return new FeedPlace(row.mark(), middle);
    }

    /** Whether that row still stands there; it is the first that was read. */
    boolean isIn(List<FeedRow> numbered) {
        return mark.number() == 0
                || !numbered.isEmpty() && numbered.get(0).mark().equals(mark);
    }

    /** What stands behind it. */
    List<FeedRow> behind(List<FeedRow> numbered) {
        return mark.number() == 0 ? numbered : numbered.subList(1, numbered.size());
    }
}
