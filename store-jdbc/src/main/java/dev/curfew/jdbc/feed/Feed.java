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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The table of revocations as a feed, for readers without memory. Thread-safe.
 *
 * <p>A read hands out the rows without a number by {@code seq} and then those behind the reader's place by number. It
 * takes no lock, writes nothing and is as fresh as its first statement. Rows without a number are handed out in each
 * read, until somebody numbers them; a {@link Follower} remembers them.
 */
public final class Feed implements RevocationFeed {
    private final FeedSource source;
    private final LongSupplier ticker;

    /** Tells the middle of a read of this process from that of another one. */
    private final long process = ThreadLocalRandom.current().nextLong();

    public Feed(FeedSource source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    @Override
    public RevocationFeed follower() {
        return new Follower(source, ticker);
    }

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        FeedSource.requirePositive(limit);
        long nanos = ticker.getAsLong();
        Optional<FeedPlace> place = FeedPlace.of(position, process, nanos);
        if (place.isEmpty()) {
            return new FeedRead.Gap();
        }
        return source.read(
                now, connection -> new Reading(connection, place.get(), limit, new Mark(process, nanos), now).read());
    }

    /** One page. */
    private record Reading(SqlConnection connection, FeedPlace from, int limit, Mark begun, Instant now) {
        /** Nothing if the birth marker is gone. */
        Optional<FeedRead> read() throws SQLException {
            FeedPlace.Middle middle = from.middle();
            Mark read = middle == null ? begun : middle.read();
            long seq = middle == null ? 0 : middle.seq();
            long bound = middle == null ? Long.MAX_VALUE : middle.bound();
            boolean readsNumbered = middle != null && middle.readsNumbered();

            FeedQuery query = new FeedQuery(connection);
            var fresh = readsNumbered ? null : query.askFresh(seq, limit + 1L);
            var joined = middle == null ? query.askJoined() : null;
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
            FeedPage page = new FeedPage();
            // These are few, and each read brings all of them, whatever the limit is.
            if (joined != null) {
                joined.rows().forEach(row -> page.add(row, false));
            }
            int room = Math.max(0, limit - page.size());
            FeedPlace place = from;
            if (fresh != null) {
                List<FeedRow> rows =
                        fresh.rows().stream().filter(row -> row.seq() <= bound).toList();
                rows.stream().limit(room).forEach(row -> page.add(row, false));
                if (rows.size() > room) {
                    long last = room == 0 ? seq : rows.get(room - 1).seq();
                    long end = middle == null ? query.lastUnnumbered() : bound;
                    return Optional.of(page.read(place.amongUnnumbered(last, end, read), false, times));
                }
                room -= rows.size();
            }
            long last = readsNumbered ? bound : Long.MAX_VALUE;
            List<FeedRow> rows = from.behind(numbered.rows()).stream()
                    .filter(row -> row.number() <= last)
                    .toList();
            for (FeedRow row : rows.subList(0, Math.min(room, rows.size()))) {
                page.add(row, false);
                place = place.at(row);
            }
            if (rows.size() > room) {
                long end = readsNumbered ? bound : query.lastNumber();
                return Optional.of(page.read(place.amongNumbered(end, read), false, times));
            }
            return Optional.of(page.read(place.settled(), true, times));
        }
    }
}
