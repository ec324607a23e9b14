package dev.curfew.status;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.status.EntryPage.Entry;
import dev.curfew.status.ListRecords.Numbered;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one node has read of one list: the facts of tokens that are not revoked, and which ones are. Confined to one
 * thread at a time.
 *
 * <p>A block is read until all of its pages are full or it is closed or given back; then never again. A block in
 * which nothing has happened for an hour is closed by whoever looks, so that the leavings of nodes that died are not
 * read for ever; a node that was only idle loses its next write there, and takes another block.
 *
 * <p>About 200 bytes for each token that is not revoked: 25 MB for a full list.
 */
final class ListEntries {
    private static final Logger LOG = LoggerFactory.getLogger(ListEntries.class);
    private static final Duration IDLE = Duration.ofHours(1);

    private final IndexPermutation indices;
    private final LongSupplier ticker;

    /** By place; null where there is none, or none that is not revoked. */
    private final @Nullable TokenFacts[] facts = new TokenFacts[ListState.ENTRIES];

    private final long[] over = new long[ListState.ENTRIES];
    private final BitSet revoked = new BitSet(ListState.ENTRIES);
    private final BitSet finalPages = new BitSet(ListState.MOST_PAGES);

    /** What was read of the pages of blocks that are not final. */
    private final Map<Integer, EntryPage> read = new HashMap<>();

    /** What else stood in a place, where a store had lost a write and another token came there: both count. */
    private final List<Other> others = new ArrayList<>();

    /** The page of each open block that is being written, as it was met first. */
    private final Map<Integer, Met> met = new HashMap<>();

    /** By the clock. */
    private Instant refreshedAt = Instant.MIN;

    private record Other(int place, Entry entry) {}

    private record Met(int page, long version, long since) {}

    ListEntries(ListState list, LongSupplier ticker) {
        this.indices = new IndexPermutation(list.seed());
        this.ticker = ticker;
    }

    /**
     * Reads what is new. One round trip for each run of blocks that are being written, and for what is behind the last
     * one; all of a list once.
     *
     * @param list as the directory had it before this call
     */
    void refresh(ListState list, ListRecords records, Instant now) {
        if (now.isBefore(refreshedAt)) {
            // What a clock that was ahead has taken for forgotten may be there.
            finalPages.clear();
            met.clear();
        }
        refreshedAt = now;
        int block = 0;
        while (block <= list.blocks()) {
            if (block < list.blocks() && isFinal(block)) {
                block++;
                continue;
            }
            int end = block;
            while (end < list.blocks() && !isFinal(end)) {
                end++;
            }
            // The last run goes on to the end of the list: a directory that has lost its last writes knows fewer
            // blocks than there are.
            boolean isLast = end == list.blocks();
            Map<Integer, Numbered> byNumber = new HashMap<>();
            records.pages(list, firstPage(block), isLast ? ListState.MOST_PAGES : firstPage(end), now, page -> {
                take(page);
                byNumber.put(page.number(), page);
            });
            for (int i = block; i < end; i++) {
                settle(i, list, records, byNumber, now);
            }
            block = isLast ? end + 1 : end;
        }
    }

    private void take(Numbered numbered) {
        int number = numbered.number();
        List<Entry> before = read.getOrDefault(number, EntryPage.EMPTY).entries();
        List<Entry> entries = numbered.page().entries();
        for (int i = 0; i < entries.size(); i++) {
            int place = number * EntryPage.PLACES + i;
            Entry entry = entries.get(i);
            boolean isNew = i >= before.size();
            if (isNew && isFree(place, entry)) {
                facts[place] = entry.facts();
                over[place] = over(entry);
            } else if (isNew || !entry.isSame(before.get(i))) {
                others.add(new Other(place, entry));
            }
        }
        // Fewer than before, if the store has lost some: what comes there next is another token.
        read.put(number, entries.size() < before.size() ? longer(numbered.page(), before) : numbered.page());
        if (numbered.page().isClosed()) {
            finalPages.set(number, firstPage(number / ListState.PAGES_OF_BLOCK + 1));
        } else if (numbered.page().isFinal()) {
            finalPages.set(number);
        }
    }

    /** Whether nothing stands there that is not revoked, or the same. */
    private boolean isFree(int place, Entry entry) {
        TokenFacts known = facts[place];
        return known == null || new Entry(known, entry.expiresAt()).isSame(entry) && over[place] == over(entry);
    }

    private static EntryPage longer(EntryPage page, List<Entry> before) {
        return page.with(before.subList(page.entries().size(), before.size()));
    }

    private static long over(Entry entry) {
        return entry.expiresAt().plus(ListWriter.KEPT_LONGER).toEpochMilli();
    }

    /** Notes which pages of a block stay as they are, and closes one that was left. */
    private void settle(int block, ListState list, ListRecords records, Map<Integer, Numbered> pages, Instant now) {
        if (!list.open().contains(block)) {
            // Given back after its last page was written, and read after that: what is missing was forgotten.
            finalPages.set(firstPage(block), firstPage(block + 1));
        }
        int newest = newest(block, pages);
        for (int number = firstPage(block); number < newest; number++) {
            if (!pages.containsKey(number)) {
                // Full once, because a later one was begun, and forgotten since.
                finalPages.set(number);
            }
        }
        if (isFinal(block)) {
            forget(block);
            return;
        }
        int number = finalPages.nextClearBit(firstPage(block));
        Numbered standing = pages.getOrDefault(number, new Numbered(number, EntryPage.EMPTY, 0));
        // With what the store may have lost of it.
        EntryPage closed = read.getOrDefault(number, standing.page()).closed();
        Met before = met.get(block);
        if (before == null || before.page != number || before.version != standing.version()) {
            met.put(block, new Met(number, standing.version(), ticker.getAsLong()));
        } else if (number >= newest
                && ticker.getAsLong() - before.since >= IDLE.toNanos()
                && !list.isOver(now)
                && tryToClose(list, number, standing.version(), closed, records, now)) {
            finalPages.set(number, firstPage(block + 1));
            forget(block);
        }
    }

    /** What is needed only while it is read. */
    private void forget(int block) {
        met.remove(block);
        for (int number = firstPage(block); number < firstPage(block + 1); number++) {
            read.remove(number);
        }
    }

    /** What a store does not take is tried again with the next reading, which does without it. */
    private static boolean tryToClose(
            ListState list, int number, long version, EntryPage closed, ListRecords records, Instant now) {
        try {
            return records.write(list, number, version, closed, now);
        } catch (CurfewException e) {
            LOG.debug("A block of the status list {} is not closed yet: {}", list.name(), FailureText.of(e));
            return false;
        }
    }

    /** The last page of a block of which anything is known: only there, or behind it, is anything written. */
    private int newest(int block, Map<Integer, Numbered> pages) {
        int newest = firstPage(block);
        for (int number = newest; number < firstPage(block + 1); number++) {
            if (pages.containsKey(number) || read.containsKey(number)) {
                newest = number;
            }
        }
        return newest;
    }

    private boolean isFinal(int block) {
        return finalPages.nextClearBit(firstPage(block)) >= firstPage(block + 1);
    }

    private static int firstPage(int block) {
        return block * ListState.PAGES_OF_BLOCK;
    }

    /**
     * Judges every token that is good and was not revoked before. What is revoked stays so, also once the token is over
     * and its revocation forgotten.
     *
     * @param isRevoked the rule's verdict; throws if nobody can say
     */
    void judge(Instant now, Predicate<TokenFacts> isRevoked) {
        long millis = now.toEpochMilli();
        for (int place = 0; place < facts.length; place++) {
            TokenFacts known = facts[place];
            // What is over is kept: a clock that is ahead for a while must not make anybody forget.
            if (known != null && millis < over[place] && isRevoked.test(known)) {
                revoked.set(indices.index(place));
                facts[place] = null;
            }
        }
        for (Other other : others) {
            if (millis < over(other.entry) && isRevoked.test(other.entry.facts())) {
                revoked.set(indices.index(other.place));
            }
        }
    }

    /** One bit for each index: 1 is invalid. */
    StatusList statuses() {
        return StatusList.of(1, ListState.ENTRIES, index -> revoked.get(index) ? 1 : 0);
    }
}
