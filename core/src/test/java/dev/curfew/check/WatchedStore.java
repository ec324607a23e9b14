package dev.curfew.check;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.FeedRead;
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
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.ScopeCursor;
import dev.curfew.store.ScopePage;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfScope;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.SubjectErasure;
import dev.curfew.store.Touch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** A real store behind a hand that writes down each call, and can make calls fail or wait. Thread-safe. */
public final class WatchedStore
        implements SessionStore, PayloadRewriting, SessionsOfTarget, SessionsOfScope, SubjectErasure {
    private static final Set<String> WRITES = Set.of(
            "open",
            "insert",
            "touch",
            "rotate",
            "revoke",
            "record",
            "purge",
            "replace",
            "erase",
            "writeRecord",
            "removeRecord");

    private volatile SessionStore real;
    private volatile boolean isOutside;
    private final Queue<String> calls = new ConcurrentLinkedQueue<>();
    private volatile UnaryOperator<FeedRead> reads = UnaryOperator.identity();
    private volatile Consumer<String> before = WatchedStore::doNothing;
    private volatile Consumer<String> after = WatchedStore::doNothing;

    public WatchedStore(SessionStore real) {
        this.real = real;
    }

    /** The verbs called, in order, and forgets them. */
    public List<String> takeCalls() {
        // One by one: what is called meanwhile must not be forgotten without having been taken.
        List<String> taken = new ArrayList<>();
        for (String verb = calls.poll(); verb != null; verb = calls.poll()) {
            taken.add(verb);
        }
        return taken;
    }

    /** From now on it says that it leaves the process, as one on a server does. */
    public WatchedStore outside() {
        this.isOutside = true;
        return this;
    }

    /** Puts another store in its place, as when a server comes back without its data. */
    public void replaceBy(SessionStore other) {
        this.real = other;
    }

    /** Changes what a reader of the feed gets to see. */
    public void changeReads(UnaryOperator<FeedRead> change) {
        this.reads = change;
    }

    /** Does something before each verb, such as throwing. */
    public void before(Consumer<String> hook) {
        this.before = hook;
    }

    /** Does something after each verb, such as losing its answer by throwing. */
    public void after(Consumer<String> hook) {
        this.after = hook;
    }

    /** No verb gets through any more. */
    public void goDown() {
        before = WatchedStore::unavailable;
    }

    /** Every verb is carried out, and its answer is lost. */
    public void loseAnswers() {
        after = WatchedStore::unavailable;
    }

    public void recover() {
        before = WatchedStore::doNothing;
        after = WatchedStore::doNothing;
    }

    private static void doNothing(String verb) {}

    private static void unavailable(String verb) {
        throw WRITES.contains(verb)
                ? StoreUnavailableException.ofWrite(verb, null)
                : new StoreUnavailableException(verb, null);
    }

    private <T> T call(String verb, Supplier<T> step) {
        calls.add(verb);
        before.accept(verb);
        T answer = step.get();
        after.accept(verb);
        return answer;
    }

    @Override
    public void open(StoreSettings settings, Instant now) {
        call("open", () -> {
            real.open(settings, now);
            return true;
        });
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        return call("insert", () -> real.insert(login, now));
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return call("find", () -> real.find(session, now));
    }

    @Override
    public SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now) {
        return call("sessionsOf", () -> ((SessionsOfTarget) real).sessionsOf(target, query, now));
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return call("list", () -> real.list(subject, query, now));
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        return call("touch", () -> real.touch(batch, now));
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        return call("rotate", () -> real.rotate(session, rotation, now));
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        return call("revoke", () -> real.revoke(request, precondition, now));
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        return call("revocationsCovering", () -> real.revocationsCovering(facts, now));
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        return call("newestCutOff", () -> real.newestCutOff(subject, now));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        call("record", () -> {
            real.record(entries, now);
            return true;
        });
    }

    @Override
    public RevocationFeed feed() {
        return (position, limit, now) ->
                call("readAfter", () -> reads.apply(real.feed().readAfter(position, limit, now)));
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        return call("purge", () -> real.purge(now, limit));
    }

    @Override
    public boolean keepsInProcess() {
        return !isOutside && real.keepsInProcess();
    }

    /** Shared records are watched too. */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        return type == SharedRecords.class
                ? real.ability(SharedRecords.class).map(ignored -> type.cast(new WatchedRecords()))
                : SessionStore.super.ability(type);
    }

    private final class WatchedRecords implements SharedRecords {
        private SharedRecords behind() {
            return real.ability(SharedRecords.class).orElseThrow();
        }

        @Override
        public Optional<SharedRecord> read(RecordKey key, Instant now) {
            return call("readRecord", () -> behind().read(key, now));
        }

        @Override
        public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
            return call("writeRecord", () -> behind().write(key, expected, value, forgetAfter, now));
        }

        @Override
        public boolean remove(RecordKey key, long expected, Instant now) {
            return call("removeRecord", () -> behind().remove(key, expected, now));
        }

        @Override
        public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
            return call("listRecords", () -> behind().list(group, after, limit, now));
        }
    }

    @Override
    public PayloadPage payloads(PayloadCursor from, int limit, Instant now) {
        return call("payloads", () -> ((PayloadRewriting) real).payloads(from, limit, now));
    }

    @Override
    public int replace(Collection<PayloadChange> batch, Instant now) {
        return call("replace", () -> ((PayloadRewriting) real).replace(batch, now));
    }

    @Override
    public ScopePage sessionsOf(RevocationTarget clientOrRealm, ScopeCursor from, int limit, Instant now) {
        return call("walk", () -> ((SessionsOfScope) real).sessionsOf(clientOrRealm, from, limit, now));
    }

    @Override
    public long countLive(Instant now) {
        return call("countLive", () -> ((SessionsOfScope) real).countLive(now));
    }

    @Override
    public ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now) {
        return call("erase", () -> ((SubjectErasure) real).erase(subject, beganUntil, limit, now));
    }
}
