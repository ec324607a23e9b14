package dev.curfew.status;

import dev.curfew.session.LookupKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * One list of ours, as all nodes know it. Immutable.
 *
 * <p>Its 2^17 places are given out in blocks of 256, each to one node; a block stands in the store as 8 pages of 32
 * places, in one record each.
 *
 * @param id random, so that no list is ever mistaken for one that was lost
 * @param seed by which its places become indices
 * @param keptUntil until when its records are kept: later than the last token in it is good
 * @param blocks how many were given out, the lowest ones
 * @param open those of them in which something may still be written; unmodifiable
 */
record ListState(LookupKey id, LookupKey seed, Instant keptUntil, int blocks, Set<Integer> open) {
    /** How many tokens a list has room for. */
    static final int ENTRIES = 1 << 17;

    static final int PAGES_OF_BLOCK = 8;
    static final int MOST_BLOCKS = ENTRIES / (PAGES_OF_BLOCK * EntryPage.PLACES);
    static final int MOST_PAGES = MOST_BLOCKS * PAGES_OF_BLOCK;

    private static final SecureRandom RANDOM = new SecureRandom();

    ListState {
        open = Set.copyOf(open);
    }

    /** One that no node knows yet, without a block. */
    static ListState fresh() {
        return new ListState(random(), random(), Instant.EPOCH, 0, Set.of());
    }

    private static LookupKey random() {
        byte[] bytes = new byte[LookupKey.BYTES];
        RANDOM.nextBytes(bytes);
        return LookupKey.fromBytes(bytes);
    }

    /** Its name in addresses. */
    String name() {
        return name(id);
    }

    static String name(LookupKey id) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.toBytes());
    }

    /** The id that a name in an address spells, if it is one at all. */
    static Optional<LookupKey> idOf(String name) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(name);
            boolean isCanonical = bytes.length == LookupKey.BYTES
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(bytes)
                            .equals(name);
            return isCanonical ? Optional.of(LookupKey.fromBytes(bytes)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    boolean isFull() {
        return blocks == MOST_BLOCKS;
    }

    /** At the instant itself it is. */
    boolean isOver(Instant now) {
        return !now.isBefore(keptUntil);
    }

    /** With one more block given out, which is open. */
    ListState withBlock() {
        Set<Integer> next = new HashSet<>(open);
        next.add(blocks);
        return new ListState(id, seed, keptUntil, blocks + 1, next);
    }

    /** With a block in which nothing is written any more. */
    ListState withoutOpen(int block) {
        Set<Integer> next = new HashSet<>(open);
        next.remove(block);
        return new ListState(id, seed, keptUntil, blocks, next);
    }

    /** Kept at least so long. */
    ListState kept(Instant until) {
        return until.isAfter(keptUntil) ? new ListState(id, seed, until, blocks, open) : this;
    }

    /** A pseudonym and a number; the seed would tell which tokens belong together. */
    @Override
    public String toString() {
        return "ListState[" + id + ", " + blocks + " blocks]";
    }
}
