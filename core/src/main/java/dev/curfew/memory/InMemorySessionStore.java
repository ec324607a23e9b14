package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreSettingsMismatchException;
import dev.curfew.store.StoredSession;
import dev.curfew.store.SubjectErasure;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The embedded default store: one process, nothing on disk. Thread-safe.
 *
 * <p>A restart loses everything, so that every token older than the restart is refused: its revocation may be among
 * what was lost. The store is bounded. It never drops a live session or a live revocation to make room: at its bound a
 * login is refused with {@link dev.curfew.store.StoreFullException}, and a revocation falls back to a coarser target,
 * the subject and at last the realm. Rows of sessions that have ended go early when a login needs their room, and no
 * purge tells of these.
 *
 * <p>One read-write lock makes every verb atomic; under it there is only work in memory, at worst in proportion to the
 * sessions of one subject, and for a purge in proportion to all.
 */
public final class InMemorySessionStore
        implements SessionStore, SessionsOfTarget, PayloadRewriting, SubjectErasure, SessionsOfScope {
    private final Bounds bounds;
    private final LongSupplier ticker;
    private final ElapsedClock elapsedClock;
    private final LockedTables store = new LockedTables();
    private final SharedRecords records = new MemoryRecords(store);
    private final RevocationFeed feed =
            (position, limit, now) -> store.read(tables -> tables.revocations.readAfter(position, limit, now));

    private InMemorySessionStore(Builder builder) {
        this.bounds = new Bounds(builder.maxSessions, builder.maxRevocations, builder.maxRecordBytes);
        this.ticker = builder.ticker;
        this.elapsedClock = builder.elapsedClock;
    }

    /** {@return a new, empty store with the default bounds} */
    public static InMemorySessionStore create() {
        return builder().build();
    }

    /** {@return a builder of a store with other bounds} */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void open(StoreSettings settings, Instant now) {
        store.open(() -> tables(settings, now), tables -> {
            Duration stored = tables.settings.retention();
            if (!stored.equals(settings.retention())) {
                throw new StoreSettingsMismatchException(stored, settings.retention());
            }
        });
    }

    private Tables tables(StoreSettings settings, Instant now) {
        Tables tables = new Tables(settings, new Forgetting(now, ticker, elapsedClock), bounds);
        tables.revocations.append(RevocationRequest.birth(0, 1, now, settings), now);
        return tables;
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        return store.write(tables -> {
            tables.revocations.requireNotBeforeHorizon("insert", now);
            return new InsertStep(tables, now).insert(login);
        });
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("find", now);
            return Optional.ofNullable(tables.sessions.get(session.key())).map(row -> tables.found(row, now));
        });
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return list(subject.key(), query, now);
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        StoreArguments.requireNamesSessions(target);
        if (!target.kind().isSession()) {
            return list(target.key(), query, now);
        }
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("sessionsOf", now);
            return new SessionPage(
                    Stream.ofNullable(tables.sessions.get(target.key()))
                            .map(row -> tables.found(row, now))
                            .filter(found -> query.includes(found, now))
                            .toList(),
                    false);
        });
    }

    private SessionPage list(LookupKey subject, ListQuery query, Instant now) {
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("list", now);
            NavigableMap<SessionCursor, StoredSession> rows = tables.sessions.of(subject);
            List<FoundSession> page =
                    query.after().map(cursor -> rows.tailMap(cursor, false)).orElse(rows).values().stream()
                            .map(row -> tables.found(row, now))
                            .filter(found -> query.includes(found, now))
                            .limit(query.limit() + 1L)
                            .toList();
            boolean hasMore = page.size() > query.limit();
            return new SessionPage(hasMore ? page.subList(0, query.limit()) : page, hasMore);
        });
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        return store.write(tables -> {
            tables.revocations.requireNotBeforeHorizon("touch", now);
            List<Touch> moved = new ArrayList<>();
            for (Touch touch : batch) {
                StoredSession row = tables.sessions.get(touch.session().key());
                if (row != null && row.lastSeenAt().isBefore(touch.lastSeen()) && tables.isLive(row, now)) {
                    tables.sessions.put(
                            row.toBuilder().lastSeenAt(touch.lastSeen()).build());
                    moved.add(touch);
                }
            }
            return moved;
        });
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        return store.write(tables -> {
            tables.revocations.requireNotBeforeHorizon("rotate", now);
            return new RotateStep(tables, now).rotate(session.key(), rotation);
        });
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return store.write(tables -> new RevokeStep(tables, precondition, now).revoke(request));
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("revocationsCovering", now);
            return tables.revocations.covering(facts, now);
        });
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        return store.read(tables -> tables.revocations.newestFor(subject.realm().key(), subject.key()));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        StoreArguments.requireNoBirth(entries);
        store.write(tables -> {
            entries.stream()
                    .filter(entry -> !tables.forgetting.isForgotten(entry, now))
                    .forEach(entry -> tables.revocations.append(entry, now));
            return tables;
        });
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        StoreArguments.requireLimit(limit);
        return store.write(tables -> {
            List<FoundSession> gone = tables.purgeSessions(now, limit);
            List<ExpiredSession> expired = gone.stream()
                    .flatMap(found -> found.endedByTime(now).stream())
                    .toList();
            int sessions = gone.size();
            Instant before = now.minus(StoreSettings.PURGE_DELAY);
            int revocations = tables.revocations.purge(before, limit - sessions);
            int records = tables.records.purge(before, limit - sessions - revocations);
            if (records > 0) {
                tables.revocations.raiseHorizon(before);
            }
            return new PurgeResult(sessions, revocations, sessions + revocations + records == limit, expired);
        });
    }

    @Override
    public PayloadPage payloads(PayloadCursor from, int limit, Instant now) {
        return store.read(tables -> PayloadWalk.page(tables.sessions, from, limit));
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        return store.write(tables -> PayloadWalk.replace(tables.sessions, batch));
    }

    @Override
    public ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now) {
        SubjectErasure.requireLimit(limit);
        return store.write(tables -> ErasureStep.erase(tables.sessions, subject.key(), beganUntil, limit));
    }

    /** {@inheritDoc} Here a page looks at 10,000 rows at most, those of other clients and realms included. */
    @Override
    public ScopePage sessionsOf(RevocationTarget clientOrRealm, ScopeCursor from, int limit, Instant now) {
        SessionsOfScope.requireScope(clientOrRealm);
        SessionsOfScope.requireLimit(limit);
        LookupKey after = from.key().orElse(null);
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("sessionsOf", now);
            return ScopeWalk.page(clientOrRealm, after, limit, tables, now);
        });
    }

    /** {@inheritDoc} Here 10,000 rows at a time are counted, so that no verb waits for all of them. */
    @Override
    public long countLive(Instant now) {
        long live = 0;
        LookupKey after = null;
        do {
            LookupKey place = after;
            LiveCount some = store.read(tables -> {
                tables.revocations.requireNotBeforeHorizon("countLive", now);
                return LiveCount.behind(place, tables, now);
            });
            live += some.live();
            after = some.last();
        } while (after != null);
        return live;
    }

    /** {@inheritDoc} It does. */
    @Override
    public boolean keepsInProcess() {
        return true;
    }

    /** {@inheritDoc} Here also {@link SharedRecords}. */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type == SharedRecords.class ? Optional.of(type.cast(records)) : SessionStore.super.ability(type);
    }

    /** The bounds of a store. Confined to one thread. */
    public static final class Builder {
        private int maxSessions = 1_000_000;
        private int maxRevocations = 1_000_000;
        private long maxRecordBytes = 64L * 1024 * 1024;
        private LongSupplier ticker = System::nanoTime;
        private ElapsedClock elapsedClock = (now, reading) -> reading;

        private Builder() {}

        /**
         * How many rows of sessions it may hold; a row takes about a kilobyte of heap.
         *
         * @param value positive; 1,000,000 by default
         * @return this
         */
        public Builder maxSessions(int value) {
            this.maxSessions = requirePositive(value, "maxSessions");
            return this;
        }

        /**
         * From how many revocations on it falls back to coarser targets; one takes somewhat less than a kilobyte of
         * heap.
         *
         * @param value positive; 1,000,000 by default
         * @return this
         */
        public Builder maxRevocations(int value) {
            this.maxRevocations = requirePositive(value, "maxRevocations");
            return this;
        }

        /**
         * How many bytes all {@link SharedRecords} may take together: their values, and 200 for each. A record that
         * would be too much is refused with a {@link dev.curfew.store.StoreFullException}; what is forgotten makes room
         * when it is purged.
         *
         * @param value positive; 67,108,864 by default, which is 64 MiB
         * @return this
         */
        public Builder maxRecordBytes(long value) {
            if (value < 1) {
                throw new IllegalArgumentException("maxRecordBytes must be positive");
            }
            this.maxRecordBytes = value;
            return this;
        }

        /**
         * Makes the store.
         *
         * @return a new, empty store
         */
        public InMemorySessionStore build() {
            return new InMemorySessionStore(this);
        }

        /**
         * Elapsed time, by which a revocation is recorded also where a clock that was set ahead says that its target
         * has expired. Tests that move a clock by hand move this with it.
         *
         * @param value in nanoseconds; {@link System#nanoTime} by default
         * @return this
         */
        public Builder ticker(LongSupplier value) {
            this.ticker = Objects.requireNonNull(value, "ticker");
            return this;
        }

        /** Tests set how elapsed time is understood. */
        Builder elapsedClock(ElapsedClock value) {
            this.elapsedClock = value;
            return this;
        }

        private static int requirePositive(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException(name + " must be positive");
            }
            return value;
        }
    }
}
