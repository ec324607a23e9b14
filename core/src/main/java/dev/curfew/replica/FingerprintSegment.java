package dev.curfew.replica;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One part of a {@link FingerprintTable}: slots of a fingerprint and a note, found by open addressing. One writer, and
 * any number of readers without a lock.
 *
 * <p>An entry never moves in place, and the arrays never change their size: what needs room or has entries to drop is
 * copied into a new segment, which its owner publishes. So a reader that holds an old segment sees all that was in it.
 *
 * <p>In front of the slots stands a filter of one word for eight slots, each entry with four bits in one word. It
 * answers most look-ups that find nothing with one access to memory, and lets the slots behind it be filled densely.
 */
final class FingerprintSegment {
    /** The note of what is not there. */
    static final int ABSENT = 0;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int LEAST_SLOTS = 8;
    private static final int SLOTS_OF_A_WORD = 8;

    private final long[] filter;
    private final long[] fingerprints;
    private final int[] notes;
    private final int most;

    /** Of the writer alone. */
    private int used;

    private int earliestExpiry = Integer.MAX_VALUE;

    private FingerprintSegment(int slots) {
        this.filter = new long[slots / SLOTS_OF_A_WORD + 1];
        this.fingerprints = new long[slots];
        this.notes = new int[slots];
        this.most = (int) (slots * 85L / 100);
    }

    static FingerprintSegment empty() {
        return new FingerprintSegment(0);
    }

    /** The note of an entry, or {@link #ABSENT}. Most often one access to memory. */
    int find(long fingerprint) {
        long bits = bitsOf(fingerprint);
        return ((long) LONGS.getAcquire(filter, wordOf(fingerprint)) & bits) == bits ? probe(fingerprint) : ABSENT;
    }

    private int probe(long fingerprint) {
        int slot = slotOf(fingerprint);
        while (true) {
            long there = (long) LONGS.getAcquire(fingerprints, slot);
            if (there == fingerprint) {
                return (int) INTS.getAcquire(notes, slot);
            }
            if (there == 0) {
                return ABSENT;
            }
            slot = slot + 1 == fingerprints.length ? 0 : slot + 1;
        }
    }

    int used() {
        return used;
    }

    boolean isFull() {
        return used >= most;
    }

    boolean mayHaveExpired(int minute) {
        return earliestExpiry <= minute;
    }

    /**
     * Adds an entry that is not there, into a segment that is not full. The bits come last, so that whoever sees them
     * sees all.
     */
    void insert(long fingerprint, int note) {
        int slot = slotOf(fingerprint);
        while (fingerprints[slot] != 0) {
            slot = slot + 1 == fingerprints.length ? 0 : slot + 1;
        }
        INTS.setRelease(notes, slot, note);
        LONGS.setRelease(fingerprints, slot, fingerprint);
        int word = wordOf(fingerprint);
        LONGS.setRelease(filter, word, filter[word] | bitsOf(fingerprint));
        used++;
        earliestExpiry = Math.min(earliestExpiry, PackedEntry.expiry(note));
    }

    /** Joins a note with the one that is there; answers whether that changed anything. */
    boolean join(long fingerprint, int note) {
        int slot = slotOf(fingerprint);
        while (fingerprints[slot] != fingerprint) {
            slot = slot + 1 == fingerprints.length ? 0 : slot + 1;
        }
        int joined = PackedEntry.join(notes[slot], note);
        if (joined == notes[slot]) {
            return false;
        }
        INTS.setRelease(notes, slot, joined);
        return true;
    }

    /** A segment with all entries that have not expired, and with room for more. */
    FingerprintSegment copy(int minute) {
        int live = 0;
        for (int slot = 0; slot < notes.length; slot++) {
            live += isLive(slot, minute) ? 1 : 0;
        }
        FingerprintSegment copy = new FingerprintSegment(Math.max(LEAST_SLOTS, live + live / 2 + 1));
        for (int slot = 0; slot < notes.length; slot++) {
            if (isLive(slot, minute)) {
                copy.insert(fingerprints[slot], notes[slot]);
            }
        }
        return copy;
    }

    private boolean isLive(int slot, int minute) {
        return fingerprints[slot] != 0 && !PackedEntry.isExpired(notes[slot], minute);
    }

    private int slotOf(long fingerprint) {
        return (int) ((fingerprint & LOW_32) * fingerprints.length >>> 32);
    }

    private int wordOf(long fingerprint) {
        return (int) ((fingerprint >>> 22 & LOW_32) * filter.length >>> 32);
    }

    private static long bitsOf(long fingerprint) {
        return 1L << fingerprint | 1L << (fingerprint >>> 6) | 1L << (fingerprint >>> 12) | 1L << (fingerprint >>> 18);
    }
}
