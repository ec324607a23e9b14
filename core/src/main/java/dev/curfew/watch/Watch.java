package dev.curfew.watch;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.watch.WatchNews.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One watch: whose news it wants, and what is still to be told. Thread-safe.
 *
 * <p><b>What waits is bounded without losing anything.</b> A watcher that is slow has at most three news before it: one
 * RENEWED, since a second one says no more than the first; one of UNSURE and SURE, since each takes back the other if
 * that was not told yet; and the last one.
 *
 * <p><b>It is over once.</b> Whoever finds out the last news first ends it; from then on nothing is added. It leaves
 * the registry at once, and its place is free when it does not wait for the delivery any more: so no more watches wait
 * there than there may be, however often hosts close and open.
 *
 * <p>Lock: its own, under which it calls nobody.
 */
final class Watch implements SessionWatch {
    /** Of a session whose idle end is not this watch's concern. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int MOST_WAITING = 4;

    private final long number;
    private final SessionWatcher watcher;
    private final TokenFacts facts;
    private final WatchEnds ends;
    private final WatchRegistry registry;

    /** Null if nothing waits, which is nearly always. Guarded by this. */
    private @Nullable Deque<WatchNews> waiting;

    /** Guarded by this. */
    private boolean isUnsure;

    /**
     * Whether the delivery has it, or will have: from when something waits until it was found that nothing does, or
     * until the hand-over failed. Guarded by this.
     */
    private boolean isHandedOver;

    private boolean isPlaceFree;
    private volatile boolean isOver;

    Watch(long number, SessionWatcher watcher, TokenFacts facts, WatchEnds ends, WatchRegistry registry) {
        this.number = number;
        this.watcher = watcher;
        this.facts = facts;
        this.ends = ends;
        this.registry = registry;
    }

    /** One of this node's, for an order among those that are due at the same time. */
    long number() {
        return number;
    }

    SessionWatcher watcher() {
        return watcher;
    }

    TokenFacts facts() {
        return facts;
    }

    WatchEnds ends() {
        return ends;
    }

    /** The session whose idle end ends this watch, or null. */
    @Nullable
    SessionRef idleSession() {
        return ends.idleSession();
    }

    @Override
    public boolean isOpen() {
        return !isOver;
    }

    /** Adds what is to be told; without effect once it is over, or if it says nothing new. */
    void tell(WatchNews news) {
        boolean isToBeHandedOver;
        synchronized (this) {
            if (isOver || !isNew(news.kind())) {
                return;
            }
            isOver = news.isLast();
            waiting().add(news);
            isToBeHandedOver = !isHandedOver;
            isHandedOver = true;
        }
        if (news.isLast()) {
            registry.remove(this);
        }
        if (isToBeHandedOver) {
            registry.handOver(this);
        }
    }

    /** Notes it; answers whether it is to be told. */
    private boolean isNew(Kind kind) {
        return switch (kind) {
            case RENEWED -> !waiting().contains(WatchNews.RENEWED);
            case UNSURE -> turn(true, WatchNews.SURE);
            case SURE -> turn(false, WatchNews.UNSURE);
            case REVOKED, ENDED_BY_TIME, CLOSED -> true;
        };
    }

    private boolean turn(boolean toUnsure, WatchNews opposite) {
        if (isUnsure == toUnsure) {
            return false;
        }
        isUnsure = toUnsure;
        return !waiting().remove(opposite);
    }

    private Deque<WatchNews> waiting() {
        if (waiting == null) {
            waiting = new ArrayDeque<>(MOST_WAITING);
        }
        return waiting;
    }

    /** The next news for the thread that delivers; null if nothing waits, and then the watch is to be handed over. */
    @Nullable
    WatchNews take() {
        boolean frees;
        synchronized (this) {
            WatchNews next = waiting == null ? null : waiting.poll();
            if (next != null) {
                return next;
            }
            waiting = null;
            isHandedOver = false;
            frees = frees();
        }
        if (frees) {
            registry.freePlace();
        }
        return null;
    }

    /** The hand-over failed: what waits stays, and goes with the next news or the next attempt. */
    void notHandedOver() {
        boolean frees;
        synchronized (this) {
            isHandedOver = false;
            frees = waiting == null && frees();
        }
        if (frees) {
            registry.freePlace();
        }
    }

    /** The same once more, if there is still something that waits and that nobody has. */
    void handOverAgain() {
        synchronized (this) {
            if (isHandedOver || waiting == null || waiting.isEmpty()) {
                return;
            }
            isHandedOver = true;
        }
        registry.handOver(this);
    }

    @Override
    public void close() {
        boolean frees;
        synchronized (this) {
            isOver = true;
            waiting = null;
            frees = frees();
        }
        registry.remove(this);
        if (frees) {
            registry.freePlace();
        }
    }

    /** Once, when it is over and the delivery does not have it. */
    private boolean frees() {
        boolean frees = isOver && !isHandedOver && !isPlaceFree;
        isPlaceFree |= frees;
        return frees;
    }
}
