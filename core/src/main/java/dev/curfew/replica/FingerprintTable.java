package dev.curfew.replica;

import dev.curfew.session.LookupKey;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Lookup keys as 64-bit fingerprints under a secret of this process, each with a note. Any number of readers without a
 * lock; writers are serialised by the owner.
 *
 * <p>A key that was added is always found. One that was not is found with odds of n in 2<sup>64</sup> for n entries,
 * and nobody can look for such keys without the secret.
 */
final class FingerprintTable {
    private final AtomicReferenceArray<FingerprintSegment> segments;
    private final int shift;
    private final long secretHigh;
    private final long secretLow;

    /** Of the writer alone. */
    private int swept;

    /**
     * Makes a table of 2<sup>bits</sup> segments, 1 to 16. The more there are, the shorter is each pause of the writer.
     */
    FingerprintTable(SecureRandom random, int bits) {
        this.segments = new AtomicReferenceArray<>(1 << bits);
        this.shift = Long.SIZE - bits;
        this.secretHigh = random.nextLong();
        this.secretLow = random.nextLong();
        FingerprintSegment empty = FingerprintSegment.empty();
        for (int i = 0; i < segments.length(); i++) {
            segments.setPlain(i, empty);
        }
    }

    /** The note of a key, or {@link FingerprintSegment#ABSENT}. */
    int find(LookupKey key) {
        long fingerprint = fingerprint(key);
        return segments.getAcquire(segmentOf(fingerprint)).find(fingerprint);
    }

    /**
     * How many entries there are, those included that have expired and were not swept yet. To be asked by the writer.
     */
    long size() {
        long size = 0;
        for (int i = 0; i < segments.length(); i++) {
            size += segments.getPlain(i).used();
        }
        return size;
    }

    /** Adds a key or joins its notes; answers whether that changed anything. Drops nothing, whatever has expired. */
    boolean add(LookupKey key, int note) {
        long fingerprint = fingerprint(key);
        int index = segmentOf(fingerprint);
        FingerprintSegment segment = segments.getPlain(index);
        if (segment.find(fingerprint) != FingerprintSegment.ABSENT) {
            return segment.join(fingerprint, note);
        }
        if (segment.isFull()) {
            FingerprintSegment roomier = segment.copy(PackedEntry.NOTHING_EXPIRED);
            roomier.insert(fingerprint, note);
            segments.setRelease(index, roomier);
        } else {
            segment.insert(fingerprint, note);
        }
        return true;
    }

    /** Drops what has expired from the next few of the segments. */
    void sweep(int minute, int count) {
        for (int i = 0; i < count; i++) {
            swept = (swept + 1) % segments.length();
            FingerprintSegment segment = segments.getPlain(swept);
            if (segment.mayHaveExpired(minute)) {
                segments.setRelease(swept, segment.copy(minute));
            }
        }
    }

    private int segmentOf(long fingerprint) {
        return (int) (fingerprint >>> shift);
    }

    /**
     * The two halves of a 128-bit product of the keyed halves, folded. 0 means an empty slot, and is given to nobody.
     */
    private long fingerprint(LookupKey key) {
        long high = key.high() ^ secretHigh;
        long low = key.low() ^ secretLow;
        long folded = Math.multiplyHigh(high, low) ^ high * low;
        return folded == 0 ? 1 : folded;
    }
}
