package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One page of the feed for a reader without memory: rows without a number first, then those with one. */
final class FeedReading {
    private final SqlConnection connection;
    private final FeedQuery query;
    private final FeedPlace from;
    private final FeedPlace.Middle middle;
    private final int limit;
    private final FeedPage page = new FeedPage();

    /**
     * Prepares a page.
     *
     * @param from where the reader is
     * @param middle how far its read has come
     */
    FeedReading(SqlConnection connection, FeedPlace from, FeedPlace.Middle middle, int limit) {
        this.connection = connection;
        this.query = new FeedQuery(connection);
        this.from = from;
        this.middle = middle;
        this.limit = limit;
    }

    /** Nothing if the birth marker is gone. */
    Optional<FeedRead> read(Instant now) throws SQLException {
        var fresh = middle.readsNumbered() ? null : query.askFresh(middle.seq(), limit + 1L);
        var joined = from.isAtBeginning() ? query.askJoined() : null;
        var numbered = query.askNumbered(from.mark().number(), limit + 2L);
        var birth = query.askBirth();
        query.send();

        if (birth.rows().isEmpty()) {
            return Optional.empty();
        }
        if (!from.isIn(numbered.rows())) {
            return Optional.of(new FeedRead.Gap());
        }
        StoreTimes times = birth.rows().get(0).times(connection.clock(), now);
        // These are few, and each read brings all of them, whatever the limit is.
        if (joined != null) {
            joined.rows().forEach(row -> page.add(row, false));
        }
        FeedRead full = fresh == null ? null : unnumbered(fresh.rows(), times);
        return Optional.of(full != null ? full : numbered(from.behind(numbered.rows()), times));
    }

    /** The page, if it ends among these. */
    private @Nullable FeedRead unnumbered(List<FeedRow> found, StoreTimes times) throws SQLException {
        List<FeedRow> rows =
                found.stream().filter(row -> row.seq() <= middle.bound()).toList();
        int room = room();
        rows.stream().limit(room).forEach(row -> page.add(row, false));
        if (rows.size() <= room) {
            return null;
        }
        long last = room == 0 ? middle.seq() : rows.get(room - 1).seq();
        long bound = from.isAtBeginning() ? query.lastUnnumbered() : middle.bound();
        return page.read(from.amongUnnumbered(last, bound, middle.read()), false, times);
    }

    private FeedRead numbered(List<FeedRow> found, StoreTimes times) throws SQLException {
        long last = middle.readsNumbered() ? middle.bound() : Long.MAX_VALUE;
        List<FeedRow> rows = found.stream().filter(row -> row.number() <= last).toList();
        int room = room();
        FeedPlace place = from;
        for (FeedRow row : rows.subList(0, Math.min(room, rows.size()))) {
            page.add(row, false);
            place = place.at(row);
        }
        if (rows.size() <= room) {
            return page.read(place.settled(), true, times);
        }
        long bound = middle.readsNumbered() ? middle.bound() : query.lastNumber();
        return page.read(place.amongNumbered(bound, middle.read()), false, times);
    }

    private int room() {
        return Math.max(0, limit - page.size());
    }
}
