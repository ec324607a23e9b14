package dev.curfew.examples.sqlite;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Adds a session, and ends those that have to give way. Confined to one transaction. */
final class InsertStep {
    private final SessionTable sessions;
    private final Transaction transaction;
    private final NewSession login;
    private final StoredSession row;
    private final Instant now;
    private final StoreSettings settings;

    InsertStep(SessionTable sessions, NewSession login, Instant now) {
        this.sessions = sessions;
        this.transaction = sessions.transaction();
        this.login = login;
        this.row = login.row();
        this.now = now;
        this.settings = transaction.state().settings();
    }

    InsertResult run() {
        Optional<StoredSession> known = sessions.find(row.key());
        boolean isRepeated =
                known.filter(old -> old.isSameAs(row) && !old.isExpired(now)).isPresent();
        if (!isRepeated && isTaken(known)) {
            return new InsertResult.AlreadyKnown();
        }
        List<Revocation> covering =
                Coverage.of(transaction, List.of(row.facts())).covering(row.facts(), now);
        if (!covering.isEmpty()) {
            return new InsertResult.Covered(covering.get(0));
        }
        if (isRepeated) {
            return new InsertResult.Inserted(endedByFirstTry());
        }
        Optional<FoundSession> replaced = login.replaces()
                .map(SessionRef::key)
                .flatMap(sessions::find)
                .filter(old -> old.subjectKey().equals(row.subjectKey()))
                .map(this::judged)
                .filter(old -> old.isLive(now));
        LimitCount count = LimitCount.of(sessions, login, replaced, now);
        if (count.isRefused()) {
            return new InsertResult.OverLimit(count.live());
        }
        List<FoundSession> ended = new ArrayList<>();
        replaced.ifPresent(old -> ended.add(ended(old, RevocationRequest.replaced(old.session(), now, settings))));
        for (FoundSession oldest : count.surplus()) {
            ended.add(ended(oldest, RevocationRequest.overLimit(oldest.session(), now, settings)));
        }
        sessions.put(row);
        return new InsertResult.Inserted(ended);
    }

    /**
     * Tells whether another session has the key. A provider may use its ids again once the session that had one is
     * over; ours never come back. A row that cannot be read keeps its key until it is purged.
     */
    private boolean isTaken(Optional<StoredSession> known) {
        return known.map(old -> old.id().isPresent() || judged(old).isLive(now))
                .orElseGet(() -> sessions.exists(row.key()));
    }

    /** What the first try of a login whose answer was lost has ended: what was ended at this very instant. */
    private List<FoundSession> endedByFirstTry() {
        List<LookupKey> candidates = transaction.list(
                "SELECT session_key FROM feed JOIN session ON session_key = target_key"
                        + " WHERE subject_key = ? AND revoked_at = ? AND reason IN (?, ?)",
                found -> Columns.requiredKey(found, 1),
                row.subjectKey().toBytes(),
                now.toEpochMilli(),
                RevocationReason.REPLACED.code(),
                RevocationReason.LIMIT_EXCEEDED.code());
        List<FoundSession> ended = new ArrayList<>();
        for (StoredSession old : sessions.findAll(candidates)) {
            List<Revocation> covering = judged(old).coveredBy();
            Stream.of(RevocationRequest.replaced(old, now, settings), RevocationRequest.overLimit(old, now, settings))
                    .filter(covering::contains)
                    .findFirst()
                    .ifPresent(entry -> ended.add(new FoundSession(old, List.of(entry))));
        }
        return ended;
    }

    private FoundSession judged(StoredSession session) {
        return FoundSessions.asFarAsReadable(transaction, List.of(session), now).get(0);
    }

    private FoundSession ended(FoundSession session, Revocation entry) {
        new FeedTable(transaction).add(entry, now);
        return new FoundSession(session.session(), List.of(entry));
    }
}
