package dev.curfew;

import dev.curfew.atrest.SessionRows;
import dev.curfew.session.CurfewException;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.token.Caller;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists a subject's sessions, with the current one on the first page wherever it stands. Thread-safe. */
final class SessionLists {
    private final SessionStore store;
    private final SessionRows rows;
    private final Clock clock;

    SessionLists(SessionStore store, SessionRows rows, Clock clock) {
        this.store = store;
        this.rows = rows;
        this.clock = clock;
    }

    /** A caller's, the current one flagged; none of a caller without a subject. */
    SessionList list(Caller caller, ListQuery query) {
        return caller.subject()
                .map(subject -> list(subject, query, caller.session().orElse(null)))
                .orElseGet(() -> new SessionList(List.of(), 0, null));
    }

    /** What stands in the store, live or not. */
    Optional<FoundSession> find(SessionRef session) {
        return store.find(session, clock.instant());
    }

    /** One round trip, or two if the current session is not on the first page by itself. */
    SessionList list(SubjectId subject, ListQuery query, @Nullable SessionRef current) {
        Instant now = clock.instant();
        SessionPage page = store.list(subject, query, now);
        LookupKey currentKey = current == null ? null : current.key();
        List<FoundSession> found = new ArrayList<>(page.sessions());
        boolean isThere = found.removeIf(one -> query.after().isPresent() && isOf(one, currentKey))
                || found.stream().anyMatch(one -> isOf(one, currentKey));
        if (current != null && query.after().isEmpty() && !isThere) {
            standing(subject, query, current, now).ifPresent(one -> found.add(0, one));
        }
        List<SessionList.Entry> entries = new ArrayList<>();
        for (FoundSession one : found) {
            entry(subject, one, isOf(one, currentKey)).ifPresent(entries::add);
        }
        return new SessionList(
                entries, found.size() - entries.size(), page.next().orElse(null));
    }

    private Optional<SessionList.Entry> entry(SubjectId subject, FoundSession found, boolean isCurrent) {
        Optional<Session> whole = rows.readable(subject.realm(), found.session());
        return whole.or(() -> rows.bare(subject, found.session()))
                .map(session -> new SessionList.Entry(session, isCurrent, whole.isPresent()));
    }

    /** Of a caller whose token is good: further back than a page, or idle for so long that it is no longer live. */
    private Optional<FoundSession> standing(SubjectId subject, ListQuery query, SessionRef current, Instant now) {
        return found(current, now)
                .filter(found -> found.session().subjectKey().equals(subject.key()))
                .filter(found -> !query.liveOnly()
                        || found.coveredBy().isEmpty()
                                && now.isBefore(found.session().expiresAt()));
    }

    /** One that cannot be read is left out, as by the store's own list, and hides no other one. */
    private Optional<FoundSession> found(SessionRef current, Instant now) {
        try {
            return store.find(current, now);
        } catch (CurfewException e) {
            if (e.isRetryable()) {
                throw e;
            }
            rows.unreadable(current.key(), e);
            return Optional.empty();
        }
    }

    private static boolean isOf(FoundSession found, @Nullable LookupKey key) {
        return found.session().key().equals(key);
    }
}
