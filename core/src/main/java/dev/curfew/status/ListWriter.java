package dev.curfew.status;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.FailureText;
import dev.curfew.status.EntryPage.Entry;
import dev.curfew.status.ListRecords.Versioned;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes tokens into lists, each at a place of its own. Thread-safe, and safe on every node at once.
 *
 * <p><b>Never twice.</b> A block of places belongs to the node whose write of the directory has taken it, and each
 * token is added to a page by a write that expects the version under which this node knows the page. After a write
 * without an answer the page is read again before it is used; what was written and not answered keeps its place for
 * nothing. A node that dies leaves the rest of its block unused.
 *
 * <p><b>Concurrency.</b> One write at a time; who comes meanwhile waits and joins the next one. So a token costs one
 * round trip, less where many are issued at once, and two more once in 32 of them, four in 256.
 */
final class ListWriter {
    private static final Logger LOG = LoggerFactory.getLogger(ListWriter.class);

    /** How long a list is kept at least once its last token is over, for clocks and verifiers that differ. */
    static final Duration KEPT_LONGER = Duration.ofMinutes(10);

    /** By how much longer it is kept than is needed now, so that it is seldom kept for longer once more. */
    private static final Duration AHEAD = Duration.ofHours(1);

    /**
     * For how long a version is believed that this node knows: a store that has lost the last write may have given the
     * same one to who has closed the page, which takes an hour.
     */
    private static final Duration BELIEVED = Duration.ofMinutes(20);

    /** More often nobody loses but to a store that answers nonsense. */
    private static final int MOST_ATTEMPTS = 100;

    private final ListRecords records;
    private final Duration longest;
    private final Supplier<Reading> clocks;
    private final BooleanSupplier isClockRight;
    private final Runnable whenOpened;
    private final Queue<Wish> waiting = new ConcurrentLinkedQueue<>();
    private final ReentrantLock writing = new ReentrantLock();

    /** Where the next token goes; null if this node has no block. Guarded by the lock. */
    private @Nullable OwnPage page;

    /**
     * Makes a writer.
     *
     * @param longest for which a token is good at most
     * @param isClockRight whether lists may be taken away that are over by it
     * @param whenOpened told when this node has opened a list
     */
    ListWriter(
            ListRecords records,
            Duration longest,
            Supplier<Reading> clocks,
            BooleanSupplier isClockRight,
            Runnable whenOpened) {
        this.records = records;
        this.longest = longest;
        this.clocks = clocks;
        this.isClockRight = isClockRight;
        this.whenOpened = whenOpened;
    }

    /** The list and the index of a token. */
    record Place(ListState list, int index) {}

    /**
     * A page of this node's block.
     *
     * @param list as the directory had it
     * @param written what this node knows to stand in its first places
     * @param content what stands there, or null if that must be read
     * @param at when that was so
     * @param standsUntil until when its record is kept for sure, which the list may outlive
     */
    private record OwnPage(
            ListState list,
            IndexPermutation indices,
            int number,
            List<Entry> written,
            @Nullable Versioned<EntryPage> content,
            Reading at,
            Instant standsUntil) {
        OwnPage unread() {
            return new OwnPage(list, indices, number, written, null, at, standsUntil);
        }

        /**
         * With what stands there. A store that has lost the last writes gets back what this node knows of them with the
         * next one; where others stand in these places, this node writes here no more.
         */
        OwnPage holding(Versioned<EntryPage> standing, Reading now) {
            List<Entry> there = standing.value().entries();
            if (EntryPage.startsWith(there, written)) {
                return new OwnPage(list, indices, number, there, standing, now, standsUntil);
            }
            boolean isBehind = !standing.value().isClosed() && EntryPage.startsWith(written, there);
            EntryPage mine =
                    isBehind ? new EntryPage(written, false) : standing.value().closed();
            Versioned<EntryPage> known = new Versioned<>(mine, standing.version());
            return new OwnPage(list, indices, number, written, known, now, standsUntil);
        }

        OwnPage of(ListState newer) {
            return new OwnPage(newer, indices, number, written, content, at, standsUntil);
        }

        OwnPage kept() {
            return new OwnPage(list, indices, number, written, content, at, list.keptUntil());
        }

        OwnPage next() {
            Versioned<EntryPage> empty = new Versioned<>(EntryPage.EMPTY, 0);
            return new OwnPage(list, indices, number + 1, List.of(), empty, at, standsUntil);
        }

        /** Whether its records may be forgotten soon: places that look free then are not. */
        boolean isOver(Instant now) {
            return !now.plus(KEPT_LONGER).isBefore(standsUntil);
        }

        int block() {
            return number / ListState.PAGES_OF_BLOCK;
        }

        boolean isLastOfBlock() {
            return number % ListState.PAGES_OF_BLOCK == ListState.PAGES_OF_BLOCK - 1;
        }
    }

    /** Confined to the thread that waits, and to the one that writes for it under the lock. */
    private static final class Wish {
        private final Entry entry;
        private @Nullable Place place;
        private @Nullable RuntimeException failure;

        Wish(Entry entry) {
            this.entry = entry;
        }

        boolean isOver() {
            return place != null || failure != null;
        }
    }

    /**
     * Gives a token its place.
     *
     * @throws StoreUnavailableException if the store does not answer: then the token has none
     */
    Place add(TokenFacts facts, Instant expiresAt) {
        Wish wish = new Wish(new Entry(facts, expiresAt));
        waiting.add(wish);
        writing.lock();
        try {
            while (!wish.isOver()) {
                writeNext();
            }
        } finally {
            writing.unlock();
        }
        if (wish.place == null) {
            throw wish.failure == null ? new IllegalStateException("a wish without an answer") : wish.failure;
        }
        return wish.place;
    }

    /** One page for the wishes that are in front; a failure is that of all who wait, who would meet it too. */
    private void writeNext() {
        List<Wish> batch = new ArrayList<>();
        try {
            Reading now = clocks.get();
            OwnPage own = pageWithRoom(now);
            Versioned<EntryPage> content = Objects.requireNonNull(own.content());
            EntryPage before = content.value();
            for (Wish wish = waiting.peek();
                    wish != null && batch.size() < before.room() && isKept(wish, own);
                    wish = waiting.peek()) {
                batch.add(waiting.remove());
            }
            if (batch.isEmpty()) {
                keep(own, now, Objects.requireNonNull(waiting.peek()).entry.expiresAt());
                return;
            }
            EntryPage next = before.with(batch.stream().map(wish -> wish.entry).toList());
            page = own.unread();
            if (!records.write(own.list(), own.number(), content.version(), next, now.at())) {
                // Somebody has closed the page, or an earlier write has happened at last. First come, first served.
                waiting.addAll(batch);
                return;
            }
            OwnPage written = own.holding(new Versioned<>(next, content.version() + 1), now)
                    .kept();
            // The version of what was created is not known.
            page = content.version() == 0 ? written.unread() : written;
            int first = own.number() * EntryPage.PLACES + before.entries().size();
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).place = new Place(own.list(), own.indices().index(first + i));
            }
        } catch (RuntimeException e) {
            fail(batch, e);
        } catch (Error e) {
            // Who shared the write would wait for ever.
            fail(batch, StoreUnavailableException.ofWrite("a place in a status list", e));
            throw e;
        }
    }

    /** Whether the records of the page outlive the token. */
    private static boolean isKept(Wish wish, OwnPage own) {
        return !wish.entry.expiresAt().plus(KEPT_LONGER).isAfter(own.list().keptUntil());
    }

    private void fail(List<Wish> batch, RuntimeException why) {
        for (Wish wish = waiting.poll(); wish != null; wish = waiting.poll()) {
            batch.add(wish);
        }
        batch.forEach(wish -> wish.failure = why);
    }

    private OwnPage pageWithRoom(Reading now) {
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            OwnPage own = page;
            Versioned<EntryPage> content = own == null ? null : own.content();
            if (own == null || own.isOver(now.at())) {
                page = takeBlock(null, now);
            } else if (content == null || !own.at().isWithin(BELIEVED, now)) {
                page = read(own, now);
            } else if (content.value().room() > 0) {
                return own;
            } else if (content.value().isClosed()) {
                // Given back by nobody: after a loss another node may go on in it.
                page = takeBlock(null, now);
            } else if (own.isLastOfBlock()) {
                page = takeBlock(own, now);
            } else {
                page = next(own, now);
            }
        }
        throw tooOften();
    }

    /** In this node's block, if the directory still has it: it may have lost the write that took it. */
    private OwnPage next(OwnPage own, Reading now) {
        return records.directory(now.at())
                .value()
                .find(own.list().id())
                .filter(list -> list.open().contains(own.block()))
                .map(list -> own.next())
                .orElseGet(() -> takeBlock(null, now));
    }

    /** What nobody here can read is left as it is. */
    private OwnPage read(OwnPage own, Reading now) {
        try {
            return own.holding(records.page(own.list(), own.number(), now.at()), now);
        } catch (UndecodableRecordException e) {
            LOG.warn("A page of the status list {} is given up: {}", own.list().name(), FailureText.of(e));
            return takeBlock(null, now);
        }
    }

    /** Gives back a block that was seen full to its end, if any, and takes the next one. Two round trips. */
    private OwnPage takeBlock(@Nullable OwnPage full, Reading now) {
        for (int i = 0; i < MOST_ATTEMPTS; i++) {
            Versioned<ListDirectory> stored = records.directory(now.at());
            ListDirectory known = isClockRight.getAsBoolean() ? stored.value().without(now.at()) : stored.value();
            Optional<ListState> before =
                    full == null ? Optional.empty() : known.find(full.list().id());
            if (full != null && before.isPresent()) {
                known = known.with(before.get().withoutOpen(full.block()));
            }
            ListState taken = known.filling().withBlock().kept(keptUntil(now.at()));
            if (records.write(stored.version(), known.with(taken), now.at())) {
                if (taken.blocks() == 1) {
                    whenOpened.run();
                }
                return new OwnPage(
                        taken,
                        full != null && full.list().id().equals(taken.id())
                                ? full.indices()
                                : new IndexPermutation(taken.seed()),
                        (taken.blocks() - 1) * ListState.PAGES_OF_BLOCK,
                        List.of(),
                        new Versioned<>(EntryPage.EMPTY, 0),
                        now,
                        taken.keptUntil());
            }
        }
        throw tooOften();
    }

    /** Has the list of a page kept for longer; if it, or the block, is gone, this node takes another block. */
    private void keep(OwnPage own, Reading now, Instant expiresAt) {
        Versioned<ListDirectory> stored = records.directory(now.at());
        Optional<ListState> list =
                stored.value().find(own.list().id()).filter(one -> one.open().contains(own.block()));
        if (list.isEmpty()) {
            page = null;
            return;
        }
        Instant needed = expiresAt.plus(KEPT_LONGER);
        Instant until = keptUntil(now.at()).isBefore(needed) ? needed : keptUntil(now.at());
        ListState next = list.get().kept(until);
        if (records.write(stored.version(), stored.value().with(next), now.at())) {
            page = own.of(next);
        }
    }

    private Instant keptUntil(Instant now) {
        return now.plus(longest).plus(KEPT_LONGER).plus(AHEAD);
    }

    private static StoreUnavailableException tooOften() {
        return StoreUnavailableException.ofWrite("a place in a status list, which others were quicker to take", null);
    }
}
