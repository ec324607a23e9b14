package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionLimit.WhenReached;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreFullException;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The atomic step of a login. Guarded by the store's lock. */
final class InsertStep {
    private final Tables tables;
    private final Instant now;

    InsertStep(Tables tables, Instant now) {
        this.tables = tables;
        this.now = now;
    }

    InsertResult insert(NewSession login) {
        StoredSession session = login.row();
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
            return new InsertResult.Inserted(endedBefore(login));
        }
        StoredSession replaced = replaced(login).orElse(null);
        List<StoredSession> surplus = surplus(login, replaced);
        SessionLimit limit = login.limit();
        if (!surplus.isEmpty() && limit.whenReached() == WhenReached.REFUSE) {
            return new InsertResult.OverLimit(limit.max() - 1 + surplus.size());
        }
        if (present == null) {
            requireRoom();
        }
        List<FoundSession> ended = new ArrayList<>();
        if (replaced != null) {
            ended.add(end(replaced, RevocationRequest.replaced(replaced, now, tables.settings)));
        }
        surplus.forEach(oldest -> ended.add(end(oldest, RevocationRequest.overLimit(oldest, now, tables.settings))));
        tables.sessions.put(session);
        return new InsertResult.Inserted(ended);
    }

    /** The live session of the same subject whose place the new one takes. */
    private Optional<StoredSession> replaced(NewSession login) {
        return login.replaces()
                .map(SessionRef::key)
                .map(tables.sessions::get)
                .filter(old -> old.subjectKey().equals(login.row().subjectKey()))
                .filter(old -> tables.isLive(old, now));
    }

    /** The live sessions that began first and leave no place for another one. */
    private List<StoredSession> surplus(NewSession login, @Nullable StoredSession replaced) {
        if (login.limit().isUnlimited()) {
            return List.of();
        }
        return tables.sessions.of(login.row().subjectKey()).values().stream()
                .filter(row -> !row.equals(replaced) && tables.isLive(row, now))
                .skip(login.limit().max() - 1L)
                .toList();
    }

    /** What the first try of this login ended, whose answer was lost. */
    private List<FoundSession> endedBefore(NewSession login) {
        LookupKey replaced = login.replaces().map(SessionRef::key).orElse(null);
        List<FoundSession> ended = new ArrayList<>();
        for (StoredSession row : tables.sessions.of(login.row().subjectKey()).values()) {
            Revocation entry = row.key().equals(replaced)
                    ? RevocationRequest.replaced(row, now, tables.settings)
                    : RevocationRequest.overLimit(row, now, tables.settings);
            if (tables.revocations.covering(row.facts(), now).contains(entry)) {
                ended.add(new FoundSession(row, List.of(entry)));
            }
        }
        return ended;
    }

    private void requireRoom() {
        int maxSessions = tables.bounds.sessions();
        if (tables.sessions.size() >= maxSessions && !tables.hasMadeRoom(now)) {
            throw new StoreFullException("maxSessions=" + maxSessions);
        }
    }

    private FoundSession end(StoredSession row, Revocation entry) {
        tables.revocations.append(entry, now);
        return new FoundSession(row, List.of(entry));
    }
}
