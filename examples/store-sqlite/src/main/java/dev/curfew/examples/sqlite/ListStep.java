package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionPage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads one page of a subject's sessions. */
final class ListStep {
    private static final int ROWS_AT_A_TIME = 200;

    private ListStep() {}

    static SessionPage page(SessionTable sessions, LookupKey subject, ListQuery query, Instant now) {
        // One more than asked for: it tells whether there is another page.
        int enough = query.limit() + 1;
        List<FoundSession> page = new ArrayList<>();
        try (SessionScan scan = sessions.ofSubject(subject, query.after())) {
            while (page.size() < enough && !scan.isAtEnd()) {
                FoundSessions.judged(sessions.transaction(), scan.next(Math.min(enough, ROWS_AT_A_TIME)), now).stream()
                        .filter(found -> query.includes(found, now))
                        .forEach(page::add);
            }
        }
        boolean hasMore = page.size() >= enough;
        return new SessionPage(page.subList(0, Math.min(query.limit(), page.size())), hasMore);
    }
}
