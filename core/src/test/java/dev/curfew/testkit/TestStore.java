package dev.curfew.testkit;

import dev.curfew.contract.ManualClock;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedHints;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.Touch;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A real store that fails, hangs, is slow or loses its answers when the test says so. Thread-safe.
 *
 * <p>A fault takes the place of the one before, and lasts until {@link #recover}. It may be confined to some verbs, by
 * the names of the methods of {@link SessionStore} and of the abilities of a store; {@code readAfter} is that of the
 * feed. Without any, it is of all verbs.
 */
public final class TestStore extends ForwardingSessionStore {
    /** After which a call fails in production, if nothing else was set. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);

    private static final String FEED = "readAfter";

    private final ManualClock clock;
    private final RevocationFeed feed;
    private final Set<LookupKey> unanswered = ConcurrentHashMap.newKeySet();
    private volatile StoreFault fault = StoreFault.none();
    private volatile @Nullable HangingCalls hanging;

    private TestStore(SessionStore real, ManualClock clock) {
        super(real);
        this.clock = clock;
        this.feed = (position, limit, now) ->
                call(FEED, () -> asFarAsReadable(super.feed().readAfter(position, limit, now)));
    }

    /**
     * Puts faults in front of a store.
     *
     * @param real for example {@link dev.curfew.memory.InMemorySessionStore#create()}
     * @param clock that a slow store moves
     * @return a store that works until it is told otherwise
     */
    public static TestStore over(SessionStore real, ManualClock clock) {
        return new TestStore(real, clock);
    }

    /**
     * Fails: nothing gets through, and nothing is done.
     *
     * @param verbs which; all if none is named
     * @throws IllegalArgumentException if there is no such verb
     */
    public void fail(String... verbs) {
        install(StoreFault.before(verbs, TestStore::refuse));
    }

    /**
     * Does what it is told, and loses the answer: the caller hears of a failure.
     *
     * @param verbs which; all if none is named
     * @throws IllegalArgumentException if there is no such verb
     */
    public void loseAnswers(String... verbs) {
        install(StoreFault.after(verbs, TestStore::refuse));
    }

    /**
     * Takes its time, which passes on the test's clock. A call of 2 seconds or more fails after 2 seconds, as by the
     * timeout of a call. What this node reads by itself, to keep up with the feed, is not slowed.
     *
     * @param time of each call
     * @param verbs which; all if none is named
     * @throws IllegalArgumentException if there is no such verb
     */
    public void slow(Duration time, String... verbs) {
        boolean isTooSlow = time.compareTo(CALL_TIMEOUT) >= 0;
        install(StoreFault.before(verbs, verb -> {
                    clock.advance(isTooSlow ? CALL_TIMEOUT : time);
                    if (isTooSlow) {
                        refuse(verb);
                    }
                })
                .sparing(FEED));
    }

    /**
     * Hangs: calls neither answer nor fail until the test says so.
     *
     * @param verbs which; all if none is named
     * @return what lets the calls go
     * @throws IllegalArgumentException if there is no such verb
     */
    public HangingCalls hang(String... verbs) {
        HangingCalls calls = new HangingCalls();
        install(StoreFault.before(verbs, verb -> {
            StoreUnavailableException failure = calls.hang(() -> failureOf(verb));
            if (failure != null) {
                throw failure;
            }
        }));
        hanging = calls;
        return calls;
    }

    /**
     * Does not answer questions about a session, and answers all others: as where one part of a store is down. Its feed
     * has an entry that cannot be read, so that nodes do not answer for themselves. Adds to other faults.
     *
     * @param session which
     */
    public void failFor(Session session) {
        unanswered.add(session.ref().key());
    }

    /** Works again. What hangs goes on. */
    public void recover() {
        unanswered.clear();
        install(StoreFault.none());
    }

    /** Whether it does what it is told and answers, as far as the test knows. */
    boolean isWell() {
        HangingCalls calls = hanging;
        return (fault == StoreFault.none() || calls != null && calls.isReleased()) && unanswered.isEmpty();
    }

    /** Whether this node can go on following the feed, whatever else goes wrong. */
    boolean answersFeed() {
        HangingCalls calls = hanging;
        return (!fault.hits(FEED) || calls != null && calls.isReleased()) && unanswered.isEmpty();
    }

    private void install(StoreFault next) {
        fault = next;
        HangingCalls before = hanging;
        if (before != null) {
            hanging = null;
            before.release();
        }
    }

    private static void refuse(String verb) {
        throw failureOf(verb);
    }

    private static StoreUnavailableException failureOf(String verb) {
        return StoreFault.writes(verb)
                ? StoreUnavailableException.ofWrite(verb, null)
                : new StoreUnavailableException(verb, null);
    }

    private <T> T call(String verb, Supplier<T> step) {
        StoreFault installed = fault;
        installed.begin(verb);
        T answer = step.get();
        installed.end(verb);
        return answer;
    }

    private <T> T callAbout(Stream<LookupKey> sessions, String verb, Supplier<T> step) {
        if (sessions.anyMatch(unanswered::contains)) {
            throw failureOf(verb);
        }
        return call(verb, step);
    }

    private FeedRead asFarAsReadable(FeedRead read) {
        return read instanceof FeedRead.Page page && !unanswered.isEmpty()
                ? new FeedRead.Page(
                        page.entries(), page.next(), page.isCaughtUp(), page.undecodable() + 1, page.times())
                : read;
    }

    @Override
    public void open(StoreSettings settings, Instant now) {
        call("open", () -> {
            super.open(settings, now);
            return true;
        });
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        return call("insert", () -> super.insert(login, now));
    }

    @Override
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        return callAbout(Stream.of(session.key()), "find", () -> super.find(session, now));
    }

    @Override
    public SessionPage list(SubjectId subject, ListQuery query, Instant now) {
        return call("list", () -> super.list(subject, query, now));
    }

    @Override
    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        Stream<LookupKey> sessions = batch.stream().map(touch -> touch.session().key());
        return callAbout(sessions, "touch", () -> super.touch(batch, now));
    }

    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        return callAbout(Stream.of(session.key()), "rotate", () -> super.rotate(session, rotation, now));
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        Stream<LookupKey> sessions = Stream.concat(
                Stream.of(request.target().key()), precondition.caller().map(TokenFacts::sessionKey).stream());
        return callAbout(sessions, "revoke", () -> super.revoke(request, precondition, now));
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        return callAbout(
                Stream.ofNullable(facts.sessionKey()),
                "revocationsCovering",
                () -> super.revocationsCovering(facts, now));
    }

    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        return call("newestCutOff", () -> super.newestCutOff(subject, now));
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        call("record", () -> {
            super.record(entries, now);
            return true;
        });
    }

    @Override
    public RevocationFeed feed() {
        return feed;
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        return call("purge", () -> super.purge(now, limit));
    }

    /** An ability fails, hangs and is slow as the rest does; hints, which nobody needs, do not. */
    @Override
    public <T> Optional<T> ability(Class<T> type) {
        Optional<T> found = super.ability(type);
        return type.isInstance(this) || !type.isInterface() || type.equals(FeedHints.class)
                ? found
                : found.map(real -> type.cast(Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (proxy, method, arguments) -> call(verbOf(type, method.getName()), () -> {
                            try {
                                return method.invoke(real, arguments);
                            } catch (InvocationTargetException e) {
                                throw sneaky(e.getCause());
                            } catch (IllegalAccessException e) {
                                throw new IllegalStateException(e);
                            }
                        }))));
    }

    /** Shared records have verbs of their own, one of which has the name of another one. */
    private static String verbOf(Class<?> type, String method) {
        return type != SharedRecords.class ? method : method.equals("list") ? "listRecords" : method + "Record";
    }

    /** No verb declares a checked exception. */
    private static RuntimeException sneaky(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return (RuntimeException) thrown;
    }
}
