package dev.curfew.examples.sqlite;

import dev.curfew.meter.DamagedRows;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.SubjectErasure;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What this store can do beyond the verbs of every store. Thread-safe. */
final class SqliteAbilities implements SessionsOfTarget, SessionsOfScope, PayloadRewriting, SubjectErasure {
    private static final int ROWS_AT_A_TIME = 500;

    private final Supplier<Database> opened;
    private final DamagedRows damaged;

    SqliteAbilities(Supplier<Database> opened, DamagedRows damaged) {
        this.opened = opened;
        this.damaged = damaged;
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        StoreArguments.requireNamesSessions(target);
        Objects.requireNonNull(query, "query");
        return opened.get().read("list sessions of a target", transaction -> {
            transaction.state().requireBehindHorizon("sessionsOf", now);
            SessionTable sessions = new SessionTable(transaction, damaged);
            if (target.kind() == RevocationTarget.Kind.SUBJECT) {
                return ListStep.page(sessions, target.key(), query, now);
            }
            List<StoredSession> row = sessions.find(target.key()).stream()
                    .filter(one -> query.after()
                            .filter(place -> SessionCursor.of(one).compareTo(place) <= 0)
                            .isEmpty())
                    .toList();
            List<FoundSession> found = FoundSessions.judged(transaction, row, now).stream()
                    .filter(one -> query.includes(one, now))
                    .toList();
            return new SessionPage(found, false);
        });
    }

    @Override
    public ScopePage sessionsOf(RevocationTarget clientOrRealm, ScopeCursor from, int limit, Instant now) {
        SessionsOfScope.requireScope(clientOrRealm);
        SessionsOfScope.requireLimit(limit);
        Optional<LookupKey> after = from.key();
        String column = clientOrRealm.kind() == RevocationTarget.Kind.CLIENT ? "client_key" : "realm_key";
        return opened.get().read("walk sessions", transaction -> {
            transaction.state().requireBehindHorizon("sessionsOf", now);
            Walked walked = walk(transaction, column, clientOrRealm.key(), after, limit);
            return new ScopePage(
                    FoundSessions.judged(transaction, walked.rows, now), walked.next.map(ScopeCursor::after));
        });
    }

    @Override
    public long countLive(Instant now) {
        return opened.get().read("count live sessions", transaction -> {
            transaction.state().requireBehindHorizon("countLive", now);
            long count = 0;
            try (SessionScan scan = new SessionTable(transaction, damaged).byKey(null, null, Optional.empty())) {
                while (!scan.isAtEnd()) {
                    count += FoundSessions.judged(transaction, scan.next(ROWS_AT_A_TIME), now).stream()
                            .filter(found -> found.isLive(now))
                            .count();
                }
            }
            return count;
        });
    }

    @Override
    public PayloadPage payloads(PayloadCursor from, int limit, Instant now) {
        PayloadRewriting.requireLimit(limit);
        Optional<LookupKey> after = from.key();
        return opened.get().read("walk payloads", transaction -> {
            Walked walked = walk(transaction, null, null, after, limit);
            List<StoredPayload> payloads =
                    walked.rows.stream().map(StoredPayload::of).toList();
            return walked.next
                    .map(key -> PayloadPage.of(payloads, PayloadCursor.after(key)))
                    .orElseGet(() -> PayloadPage.last(payloads));
        });
    }

    /** A part of a walk in the order of the keys. */
    private record Walked(List<StoredSession> rows, Optional<LookupKey> next) {}

    private Walked walk(
            Transaction transaction,
            @Nullable String column,
            @Nullable LookupKey value,
            Optional<LookupKey> after,
            int limit) {
        try (SessionScan scan = new SessionTable(transaction, damaged).byKey(column, value, after)) {
            List<StoredSession> rows = scan.next(limit);
            Optional<LookupKey> last = scan.last();
            scan.next(1);
            return new Walked(rows, scan.isAtEnd() ? Optional.empty() : last);
        }
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        if (batch.isEmpty()) {
            return 0;
        }
        return opened.get().write("replace payloads", transaction -> {
            SessionTable sessions = new SessionTable(transaction, damaged);
            int replaced = 0;
            for (PayloadChange change : batch) {
                Optional<StoredSession> row = sessions.find(change.expected().session());
                if (row.filter(change::isDone).isPresent()) {
                    replaced++;
                } else if (row.filter(change::expects).isPresent()) {
                    sessions.put(row.get().toBuilder()
                            .payload(change.next())
                            .credential(change.nextCredential())
                            .build());
                    replaced++;
                }
            }
            return replaced;
        });
    }

    @Override
    public ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now) {
        SubjectErasure.requireLimit(limit);
        byte[] key = subject.key().toBytes();
        long until = beganUntil.toEpochMilli();
        return opened.get().write("erase a subject", transaction -> {
            int removed = transaction.update(
                    "DELETE FROM session WHERE session_key IN (SELECT session_key FROM session"
                            + " WHERE subject_key = ? AND authenticated_at <= ? LIMIT ?)",
                    key,
                    until,
                    limit);
            boolean hasMore = transaction.exists(
                    "SELECT 1 FROM session WHERE subject_key = ? AND authenticated_at <= ? LIMIT 1", key, until);
            return new ErasedRows(removed, hasMore);
        });
    }
}
