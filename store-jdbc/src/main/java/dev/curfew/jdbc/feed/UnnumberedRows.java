package dev.curfew.jdbc.feed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows without a number that a reader has met and not yet seen with one. Confined to one thread.
 *
 * <p>No position names a row without a number, so that only meeting it again shows that it still exists: a row that a
 * complete read meets neither without a number nor with one was lost.
 */
final class UnnumberedRows {
    private static final Logger LOG = LoggerFactory.getLogger(UnnumberedRows.class);
    private static final int MANY = 100_000;

    private final Map<Long, Note> bySeq = new HashMap<>();

    /** The highest {@code seq} of a row that was met without a number. */
    private long end;

    private long read;
    private boolean hasWarned;

    /** One of them. Confined to the same thread. */
    private static final class Note {
        private final RowVersion version;
        private boolean isHandedOut = true;
        private boolean isMetTwice;
        private long lastRead;

        private Note(RowVersion version, long read) {
            this.version = version;
            this.lastRead = read;
        }
    }

    /** The next read begins: what it meets is distinguished from what earlier reads met. */
    void begin() {
        read++;
    }

    /** Whether the same row was handed out already. */
    boolean knows(RowVersion version) {
        Note note = bySeq.get(version.seq());
        return note != null && note.isHandedOut && note.version.equals(version);
    }

    /** Whether another row was met under this {@code seq}, which is then lost. */
    boolean contradicts(RowVersion version) {
        Note note = bySeq.get(version.seq());
        return note != null && !note.version.equals(version);
    }

    /** Met again as it was. */
    void meetAgain(RowVersion version) {
        Note note = bySeq.get(version.seq());
        if (note != null) {
            note.isMetTwice |= note.lastRead != read;
            note.lastRead = read;
        }
    }

    /** Met for the first time, and handed out. */
    void add(RowVersion version) {
        bySeq.put(version.seq(), new Note(version, read));
        if (bySeq.size() > MANY && !hasWarned) {
            LOG.warn(
                    "more than {} rows of the feed have no number yet: no node that reads it gets to number them,"
                            + " or none may write",
                    MANY);
        }
        hasWarned = bySeq.size() > MANY || hasWarned && bySeq.size() > MANY / 2;
    }

    /** Met with a number; answers whether it was met without one before. */
    boolean remove(RowVersion version) {
        return bySeq.remove(version.seq()) != null;
    }

    /** Whether the last read has missed one; asked after a complete read. */
    boolean hasLost() {
        return bySeq.values().stream().anyMatch(note -> note.lastRead != read);
    }

    /** Up to which {@code seq} the reader has been; behind it, no row was met. */
    long end() {
        return end;
    }

    /** The reader has been up to this row. */
    void goOnBehind(long seq) {
        end = seq;
    }

    /** All of them must be handed out again, because the reader did not take them. */
    void handOutAgain() {
        end = 0;
        bySeq.values().forEach(note -> note.isHandedOut = false);
    }

    void clear() {
        bySeq.clear();
    }

    /** {@link Long#MAX_VALUE} if there is none. */
    long lowest() {
        return bySeq.keySet().stream().mapToLong(Long::longValue).min().orElse(Long.MAX_VALUE);
    }

    /** Those that two reads in a row have met, by {@code seq}. */
    List<Long> metTwice() {
        List<Long> seqs = new ArrayList<>();
        bySeq.forEach((seq, note) -> {
            if (note.isMetTwice && note.lastRead == read) {
                seqs.add(seq);
            }
        });
        seqs.sort(Comparator.naturalOrder());
        return seqs;
    }
}
