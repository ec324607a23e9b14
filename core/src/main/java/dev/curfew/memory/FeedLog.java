package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The numbered entries that readers follow. Guarded by its owner's lock. */
final class FeedLog {
    private record Line(long hash, Instant at, FeedEntry content) {}

    private final SecureRandom random = new SecureRandom();
    private final TreeMap<Long, Line> lines = new TreeMap<>();

    /** Revocations that were dropped and whose lines still stand: at most that of the newest line. */
    private final Set<Revocation> dropped = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The hash is random: within one process it only has to tell a line from another log's line of the same number. */
    void append(FeedEntry content, Instant now) {
        long number = lines.isEmpty() ? 1 : lines.lastKey() + 1;
        lines.put(number, new Line(random.nextLong(), now, content));
    }

    FeedRead readAfter(FeedPosition position, int limit, StoreTimes times) {
        long from = 0;
        if (!position.marks().isEmpty()) {
            FeedPosition.Mark mark = position.marks().get(0);
            Line line = lines.get(mark.number());
            if (position.marks().size() > 1 || line == null || line.hash() != mark.hash()) {
                return new FeedRead.Gap();
            }
            from = mark.number();
        }
        List<FeedEntry> page = new ArrayList<>();
        FeedPosition next = position;
        for (Map.Entry<Long, Line> line : lines.tailMap(from, false).entrySet()) {
            if (page.size() == limit) {
                return new FeedRead.Page(page, next, false, 0, times);
            }
            page.add(line.getValue().content());
            next = FeedPosition.at(line.getKey(), line.getValue().hash());
        }
        return new FeedRead.Page(page, next, true, 0, times);
    }

    /**
     * Drops the lines of these revocations and the notices written before an instant; the newest line waits for its
     * turn.
     */
    void purge(List<Revocation> gone, Instant noticesBefore) {
        dropped.addAll(gone);
        if (!lines.isEmpty()) {
            lines.headMap(lines.lastKey(), false)
                    .values()
                    .removeIf(line -> line.content() instanceof FeedEntry.Revoked revoked
                            ? dropped.remove(revoked.revocation())
                            : line.at().isBefore(noticesBefore));
        }
    }
}
