package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.step.CloseStep;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The work on the feed that no read waits for: it closes open rows and numbers rows without a number. Confined to one
 * thread at a time.
 *
 * <p>Each step is a short transaction of its own that waits for no lock, so that a step that fails or hangs holds up
 * nobody, and the steps before it stay done.
 */
public final class FeedUpkeep {
    private static final int AT_ONCE = 1_000;

    private final OpenedDatabase source;
    private final Set<LookupKey> closing = new HashSet<>();
    private List<RevocationRow> open = List.of();

    /** How many rows are numbered in one step: fewer after a step that took too long. */
    private int atOnce = AT_ONCE;

    public FeedUpkeep(OpenedDatabase source) {
        this.source = source;
    }

    /** Remembers what an answer has shown: only what is open there may be closed, by a clock that is read later. */
    public void remember(List<FeedRow> joined) {
        open = joined.stream().filter(FeedRow::isOpen).map(FeedRow::row).toList();
    }

    /** Whether it was closed here, or may have been. */
    boolean mayHaveClosed(LookupKey act) {
        return closing.contains(act);
    }

    /** It has a number now, so that nobody asks about it any more. */
    void forget(LookupKey act) {
        closing.remove(act);
    }

    /**
     * Closes what the last answer showed, then numbers rows; {@code goesOn} is asked before each step. Answers how many
     * rows it has numbered, or nothing if somebody else is at it.
     */
    public OptionalInt run(List<Long> unnumbered, Instant now, BooleanSupplier goesOn) {
        StoreSettings settings = source.settings();
        List<RevocationRow> shown = open;
        open = List.of();
        for (RevocationRow row : shown) {
            if (!goesOn.getAsBoolean()) {
                return OptionalInt.of(0);
            }
            boolean wasKnown = !closing.add(row.id());
            boolean isClosed = source.database()
                    .write(
                            "the closing of a revocation",
                            connection -> new CloseStep(connection, settings, now).tryClose(row.id()));
            if (!isClosed && !wasKnown) {
                closing.remove(row.id());
            }
        }
        int numbered = 0;
        for (int done = 0; done < unnumbered.size() && goesOn.getAsBoolean(); ) {
            List<Long> some = unnumbered.subList(done, Math.min(unnumbered.size(), done + atOnce));
            OptionalInt given = number(some, now);
            if (given.isEmpty()) {
                return numbered == 0 ? given : OptionalInt.of(numbered);
            }
            numbered += given.getAsInt();
            done += some.size();
        }
        return OptionalInt.of(numbered);
    }

    /** How many got a number; nothing if somebody else numbers. */
    private OptionalInt number(List<Long> seqs, Instant now) {
        try {
            OptionalInt given = source.database()
                    .write("the numbering of the feed", connection -> NumberStep.number(connection, seqs, now));
            atOnce = Math.min(AT_ONCE, atOnce * 2);
            return given.isEmpty() && createdLockRow() ? OptionalInt.of(0) : given;
        } catch (StoreUnavailableException e) {
            atOnce = Math.max(1, atOnce / 2);
            throw e;
        }
    }

    /** Whether the lock row was missing. */
    private boolean createdLockRow() {
        boolean isMissing = !source.database().read("the numbering of the feed", NumberStep::hasLockRow);
        if (isMissing) {
            source.database().execute("the numbering of the feed", NumberStep::createLockRow);
        }
        return isMissing;
    }
}
