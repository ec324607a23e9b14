package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreTimes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The feed for one reader that goes on reading. Confined to one thread at a time.
 *
 * <p>It remembers which rows without a number it has met: it hands out none of them twice, and a loss of one is a gap.
 * A page is caught up only if its own first statement saw everything, so that a page is as fresh as the moment it was
 * asked for. Open rows are handed out with each page.
 */
final class Follower implements RevocationFeed {
    private static final Mark NOBODY = new Mark(0, 0);

    private final OpenedDatabase source;
    private final LongSupplier ticker;
    private final UnnumberedRows unnumbered = new UnnumberedRows();
    private final SkipRule skip;
    private final NumberTurns turns = new NumberTurns();
    private final FeedUpkeep upkeep;

    /** The position that the reader asks for next if it has taken the last page. */
    private @Nullable FeedPosition expected;

    private long parts;

    Follower(OpenedDatabase source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
        this.skip = SkipRule.of(source.database());
        this.upkeep = new FeedUpkeep(source);
    }

    /** What the database answered; nothing is remembered before it is complete. */
    private record Answer(
            List<RowVersion> again,
            List<FeedRow> late,
            List<FeedRow> fresh,
            List<FeedRow> joined,
            List<FeedRow> numbered,
            FeedRow birth) {}

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        StoreArguments.requireLimit(limit);
        if (!position.equals(expected)) {
            forgetWhatWasTaken();
        }
        long sent = ticker.getAsLong();
        Optional<FeedPlace> at = FeedPlace.of(position, 0, sent);
        if (at.isEmpty()) {
            return gap();
        }
        FeedPlace place = at.get().settled();
        Answer answer = source.read(
                Feed.READ,
                now,
                connection -> connection.readingCommitted(
                        reading -> ask(reading, place.mark().number(), limit)));
        upkeep.remember(answer.joined());
        return place.isIn(answer.numbered())
                ? page(
                        place,
                        answer,
                        limit,
                        sent,
                        answer.birth().times(source.database().clock(), now))
                : gap();
    }

    @Override
    public void upkeep(Instant now, BooleanSupplier goesOn) {
        List<Long> waiting = unnumbered.metTwice();
        boolean isMine = !waiting.isEmpty() && turns.isMine();
        OptionalInt numbered = upkeep.run(isMine ? waiting : List.of(), now, goesOn);
        if (isMine) {
            numbered.ifPresentOrElse(turns::numbered, turns::giveWay);
        }
    }

    /** Nothing if the birth marker is gone. */
    private Optional<Answer> ask(SqlConnection connection, long number, int limit) throws SQLException {
        FeedQuery query = new FeedQuery(connection);
        long met = unnumbered.end();
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
                birth.rows().get(0)));
    }

    private FeedRead page(FeedPlace from, Answer answer, int limit, long sent, StoreTimes times) {
        unnumbered.begin();
        answer.again().stream().filter(unnumbered::knows).forEach(unnumbered::meetAgain);
        FollowerPage page = new FollowerPage(unnumbered, upkeep, limit);
        page.joined(answer.joined());
        page.birth(answer.birth(), skip.skipped());
        page.late(answer.late());
        page.fresh(answer.fresh());
        FeedPlace place = page.numbered(from, answer.numbered());
        turns.seen(page.struckOff());
        if (page.hasLost()) {
            return gap();
        }
        if (page.isWhole()) {
            skip.completed(sent, ticker.getAsLong(), unnumbered.end(), unnumbered.lowest());
        }
        // In the middle of a read each position is a new one; everybody else who gets it begins at the place again.
        FeedPlace next = page.isWhole() ? place : place.amongUnnumbered(unnumbered.end(), ++parts, NOBODY);
        expected = next.position();
        return page.read(next, times);
    }

    private FeedRead gap() {
        unnumbered.clear();
        turns.reset();
        forgetWhatWasTaken();
        return new FeedRead.Gap();
    }

    private void forgetWhatWasTaken() {
        unnumbered.handOutAgain();
        skip.reset();
        expected = null;
    }
}
