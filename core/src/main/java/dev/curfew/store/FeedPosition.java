package dev.curfew.store;

import java.util.List;

/**
 * How far a reader of the feed has come: for each partition of the store, the last entry that it read. Immutable.
 *
 * @param marks one for each partition, or none for the beginning
 */
public record FeedPosition(List<Mark> marks) {
    private static final FeedPosition BEGINNING = new FeedPosition(List.of());

    /**
     * An entry, and the proof that it is still the same one.
     *
     * @param number of the entry, as the store likes; 0 before the first entry of a partition among others
     * @param hash of the entry, so that a number given anew after a loss of data is noticed: of its content, or drawn
     *     at random when it is written
     */
    public record Mark(long number, long hash) {}

    /** Copies the list. */
    public FeedPosition {
        marks = List.copyOf(marks);
    }

    /** {@return the place before everything: reading on from here answers every live revocation} */
    public static FeedPosition beginning() {
        return BEGINNING;
    }

    /**
     * The position in a store of one partition.
     *
     * @param number of the last entry read
     * @param hash of that entry
     * @return the position
     */
    public static FeedPosition at(long number, long hash) {
        return new FeedPosition(List.of(new Mark(number, hash)));
    }
}
