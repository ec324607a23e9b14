package dev.curfew.jdbc.feed;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Decides whether a reader numbers what it has met: one reader does it for all, as long as it does, and the others only
 * when several of their reads have shown that nobody has. Confined to one thread.
 *
 * <p>An attempt locks a row and writes to the disk whether or not something is left to be numbered, so that attempts of
 * a hundred readers would cost the database more than their reads. Nothing waits for a number: a row without one is
 * read all the same.
 */
final class NumberTurns {
    /** The most reads that a reader waits; each draws another number, so that one of them comes before the others. */
    private static final int MOST_PATIENCE = 8;

    /** How many reads in a row must have shown rows that nobody has numbered; none for who numbers. */
    private int patience;

    private int waited;

    /** How many rows were numbered here that no read has shown with their number yet. */
    private int own;

    /** A read has shown so many rows with a number that were met without one. */
    void seen(int numbered) {
        boolean isByOthers = numbered > own;
        own = Math.max(0, own - numbered);
        if (isByOthers && patience == 0) {
            giveWay();
        } else if (isByOthers) {
            waited = 0;
        }
    }

    /** Whether it is this reader's turn, asked once after each read that has shown rows to be numbered. */
    boolean isMine() {
        return waited++ >= patience;
    }

    /** Somebody else was at it. */
    void giveWay() {
        patience = ThreadLocalRandom.current().nextInt(1, MOST_PATIENCE + 1);
        waited = 0;
    }

    /** It has numbered so many; none if it was told to stop, or if others hold the rows or were quicker. */
    void numbered(int rows) {
        own += rows;
        if (rows > 0) {
            patience = 0;
        }
    }

    /** What is known of rows without a number is forgotten. */
    void reset() {
        own = 0;
    }
}
