package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionLimit.WhenReached;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The atomic step of a login. Guarded by the store's lock. */
final class InsertStep {
    private final Tables tables;

    InsertStep(Tables tables) {
        this.tables = tables;
    }

    InsertResult insert(StoredSession session, SessionLimit limit, Instant now) {
        StoredSession present = tables.sessions.get(session.key());
        boolean isRepeated = present != null && !present.isExpired(now) && present.isSameAs(session);
        if (present != null && !isRepeated && (present.id().isPresent() || tables.isLive(present, now))) {
            return new InsertResult.AlreadyKnown();
        }
        List<Revocation> covering = tables.revocations.covering(session.facts(), now);
        if (!covering.isEmpty()) {
            return new InsertResult.Covered(covering.get(0));
        }
        if (isRepeated) {
            return new InsertResult.Inserted(endedAt(session, now));
        }
        List<StoredSession> surplus = limit.isUnlimited() ? List.of() : surplus(session, limit, now);
        if (!surplus.isEmpty() && limit.whenReached() == WhenReached.REFUSE) {
            return new InsertResult.OverLimit(limit.max() - 1 + surplus.size());
        }
        if (present == null) {
            requireRoom(now);
        }
        List<FoundSession> ended =
                surplus.stream().map(oldest -> endForLimit(oldest, now)).toList();
        tables.sessions.put(session);
        return new InsertResult.Inserted(ended);
    }

    /** The live sessions that began first and leave no place for another one. */
    private List<StoredSession> surplus(StoredSession newcomer, SessionLimit limit, Instant now) {
        return tables.sessions.of(newcomer.subjectKey()).values().stream()
                .filter(row -> tables.isLive(row, now))
                .skip(limit.max() - 1L)
                .toList();
    }

    /** What the first try of this login ended, whose answer was lost. */
    private List<FoundSession> endedAt(StoredSession newcomer, Instant now) {
        List<FoundSession> ended = new ArrayList<>();
        for (StoredSession row : tables.sessions.of(newcomer.subjectKey()).values()) {
            Revocation entry = RevocationRequest.overLimit(row, now, tables.settings);
            if (tables.revocations.covering(row.facts(), now).contains(entry)) {
                ended.add(new FoundSession(row, List.of(entry)));
            }
        }
        return ended;
    }

    private void requireRoom(Instant now) {
        int maxSessions = tables.bounds.sessions();
        if (tables.sessions.size() >= maxSessions && !tables.hasMadeRoom(now)) {
            throw new StoreFullException("maxSessions=" + maxSessions);
        }
    }

    private FoundSession endForLimit(StoredSession row, Instant now) {
        Revocation entry = RevocationRequest.overLimit(row, now, tables.settings);
        tables.revocations.append(entry, now);
        return new FoundSession(row, List.of(entry));
    }
}
