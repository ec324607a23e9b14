package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.StoreTimes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The feed for one reader that reads on and on. Confined to one thread at a time.
 *
 * <p>It remembers which rows without a number it has met: it hands out none of them twice, and a loss of one is a gap.
 * A page is caught up only if its own first statement saw everything, so that a page is as fresh as the moment it was
 * asked for. Open rows are handed out with each page.
 */
final class Follower implements RevocationFeed {
    private static final Mark NOBODY = new Mark(0, 0);

    private final FeedSource source;
    private final LongSupplier ticker;
    private final UnnumberedRows unnumbered = new UnnumberedRows();
    private final SkipRule skip;
    private final FeedUpkeep upkeep;

    /** Where the reader must go on, or else it has not taken what it was given. */
    private @Nullable FeedPosition expected;

    /** The highest {@code seq} of a row that was met without a number. */
    private long met;

    private long parts;

    Follower(FeedSource source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
        this.skip = new SkipRule(source.longestTransaction());
        this.upkeep = new FeedUpkeep(source);
    }

    /** What the database answered; nothing is remembered before all of it is there. */
    private record Answer(
            List<RowVersion> again,
            List<FeedRow> late,
            List<FeedRow> fresh,
            List<FeedRow> joined,
            List<FeedRow> numbered,
            FeedRow birth,
            StoreTimes times) {}

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        FeedSource.requirePositive(limit);
        if (!position.equals(expected)) {
            forgetWhatWasTaken();
        }
        long sent = ticker.getAsLong();
        Optional<FeedPlace> at = FeedPlace.of(position, 0, sent);
        if (at.isEmpty()) {
            return gap();
        }
        FeedPlace place = at.get().settled();
        Answer answer =
                source.read(now, connection -> ask(connection, place.mark().number(), limit, now));
        upkeep.show(answer.joined());
        if (!place.isIn(answer.numbered())) {
            return gap();
        }
        return page(place, answer, limit, sent);
    }

    @Override
    public void upkeep(Instant now, BooleanSupplier goesOn) {
        upkeep.run(unnumbered.metTwice(), now, goesOn);
    }

    private Optional<Answer> ask(SqlConnection connection, long number, int limit, Instant now) throws SQLException {
        FeedQuery query = new FeedQuery(connection);
        var again = query.askAgain(skip.skipped(), met);
        var fresh = query.askFresh(Math.max(skip.skipped(), met), limit + 1L);
        var joined = query.askJoined();
        var numbered = query.askNumbered(number, limit + 2L);
        var birth = query.askBirth();
        query.send();
        if (birth.rows().isEmpty()) {
            return Optional.empty();
        }
        List<Long> late = again.rows().stream()
                .filter(row -> !unnumbered.knows(row))
                .map(RowVersion::seq)
                .limit(limit + 1L)
                .toList();
        return Optional.of(new Answer(
                again.rows(),
                query.rows(late),
                fresh.rows(),
                joined.rows(),
                numbered.rows(),
                birth.rows().get(0),
                birth.rows().get(0).times(connection.clock(), now)));
    }

    private FeedRead page(FeedPlace from, Answer answer, int limit, long sent) {
        unnumbered.begin();
        Page page = new Page(limit);
        answer.again().stream().filter(unnumbered::knows).forEach(unnumbered::meetAgain);
        page.joined(answer.joined());
        page.birth(answer.birth());
        page.late(answer.late());
        page.fresh(answer.fresh());
        FeedPlace place = page.numbered(from, answer.numbered());
        if (page.hasLost || page.isWhole && unnumbered.hasLost()) {
            return gap();
        }
        if (page.isWhole) {
            skip.completed(sent, ticker.getAsLong(), met, unnumbered.lowest());
        }
        // In the middle of a read the position is a new one each time, which leads everybody else back to the place.
        FeedPlace next = page.isWhole ? place : place.amongUnnumbered(met, ++parts, NOBODY);
        expected = next.position();
        return page.entries.read(next, page.isWhole, answer.times());
    }

    private FeedRead gap() {
        unnumbered.clear();
        forgetWhatWasTaken();
        return new FeedRead.Gap();
    }

    private void forgetWhatWasTaken() {
        unnumbered.handOutAgain();
        skip.reset();
        met = 0;
        expected = null;
    }

    /** What becomes of an answer. Confined to one thread. */
    private final class Page {
        private final FeedPage entries = new FeedPage();
        private final int limit;
        private int room;
        private boolean isWhole = true;
        private boolean hasLost;

        private Page(int limit) {
            this.limit = limit;
            this.room = limit;
        }

        /** These are few; the limit is not about them. */
        private void joined(List<FeedRow> rows) {
            for (FeedRow row : rows) {
                hasLost |= unnumbered.contradicts(row.version());
                if (row.isOpen()) {
                    entries.add(row, false);
                } else if (unnumbered.knows(row.version())) {
                    unnumbered.meetAgain(row.version());
                } else {
                    handOut(row);
                    unnumbered.add(row.version());
                }
            }
        }

        /** Made in a transaction of the host, it may appear where nothing else can. */
        private void birth(FeedRow row) {
            if (!row.isNumbered() && row.seq() <= skip.skipped()) {
                if (unnumbered.knows(row.version())) {
                    unnumbered.meetAgain(row.version());
                } else {
                    late(List.of(row));
                }
            }
        }

        private void late(List<FeedRow> rows) {
            rows.forEach(this::takeUnnumbered);
        }

        private void fresh(List<FeedRow> rows) {
            for (FeedRow row : rows) {
                if (takeUnnumbered(row)) {
                    met = row.seq();
                }
            }
        }

        private boolean takeUnnumbered(FeedRow row) {
            hasLost |= unnumbered.contradicts(row.version());
            if (!hasRoom()) {
                return false;
            }
            handOut(row);
            unnumbered.add(row.version());
            return true;
        }

        private FeedPlace numbered(FeedPlace from, List<FeedRow> rows) {
            // A full answer may have left something out.
            isWhole &= rows.size() < limit + 2;
            FeedPlace place = from;
            for (FeedRow row : from.behind(rows)) {
                hasLost |= unnumbered.contradicts(row.version());
                if (!unnumbered.knows(row.version())) {
                    if (!hasRoom()) {
                        return place;
                    }
                    handOut(row);
                }
                unnumbered.strikeOff(row.version());
                upkeep.isNumbered(row.row().id());
                place = place.at(row);
            }
            return place;
        }

        private boolean hasRoom() {
            isWhole &= room > 0;
            return room-- > 0;
        }

        private void handOut(FeedRow row) {
            entries.add(row, row.isClosed() && upkeep.mayHaveClosed(row.row().id()));
        }
    }
}
