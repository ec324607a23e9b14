package dev.curfew.admin;

import dev.curfew.atrest.SessionRows;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.subject.HeldSession;
import dev.curfew.subject.SubjectExport;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads all that a store holds on a subject, without secrets. Thread-safe. */
public final class SubjectExports {
    private static final int PAGE = 500;

    private final SessionStore store;
    private final HeldSessions held;
    private final Clock clock;

    public SubjectExports(SessionStore store, SessionRows rows, Clock clock) {
        this.store = store;
        this.held = new HeldSessions(rows);
        this.clock = clock;
    }

    /** One page. One round trip. */
    public SubjectExport export(SubjectId subject, @Nullable SessionCursor from) {
        Instant now = clock.instant();
        ListQuery query = ListQuery.all(PAGE);
        SessionPage page = store.list(subject, from == null ? query : query.after(from), now);
        List<HeldSession> sessions = new ArrayList<>();
        for (FoundSession found : page.sessions()) {
            held.of(subject, found, now).ifPresent(sessions::add);
        }
        int unreadable = page.sessions().size() - sessions.size();
        return new SubjectExport(subject, now, sessions, unreadable, page.next());
    }
}
