package dev.curfew.jose;

import dev.curfew.crypto.KeysUnavailableException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keys that an issuer publishes, kept until they are too old. Thread-safe.
 *
 * <p>Concurrency: no lock is held anywhere. One request is under way at most, and callers that need its answer wait for
 * it together. Nobody waits while the issuer is known to be out of reach and the last good keys may still be used.
 *
 * <p>Invariant: the age of a set counts from before its request was sent, in elapsed time.
 */
public final class RemoteKeySource implements KeySource {
    /** An outage is probed so often, and not by every token that comes. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    private final JwkSetDownload download;
    private final KeyLoadSettings settings;
    private final KeyLoadLog log;
    private final AtomicReference<@Nullable CompletableFuture<KeySet>> underWay = new AtomicReference<>();
    private volatile @Nullable Loaded loaded;
    private volatile @Nullable Moment lastSent;
    private volatile @Nullable Moment lastFailure;
    private final KeyLoads loads;
    private final Semaphore waiting;
    private final KeySource withoutWaiting = new WithoutWaiting();

    private record Loaded(KeySet keys, Moment sent) {}

    private record Moment(long nanos) {}

    public RemoteKeySource(JwkSetDownload download, KeyLoadSettings settings, KeyLoads loads) {
        this.download = download;
        this.settings = settings;
        this.log = new KeyLoadLog(download.uri());
        this.loads = loads;
        this.waiting = new Semaphore(settings.waitingAtMost());
    }

    /** How a request of the issuer is answered to its caller: by waiting for it, or not at all. */
    private interface Answer {
        KeySet to(BooleanSupplier needed) throws ExecutionException, TimeoutException;
    }

    @Override
    public KeySet current() {
        return current(this::awaitRequest);
    }

    @Override
    public KeySet newerThan(KeySet seen) {
        return newerThan(seen, this::awaitRequest);
    }

    @Override
    public KeySource withoutWaiting() {
        return withoutWaiting;
    }

    private KeySet current(Answer answer) {
        Loaded known = loaded;
        if (known != null && isWithin(settings.ages().maxAge(), known.sent)) {
            return known.keys;
        }
        BooleanSupplier needed = () -> Objects.equals(loaded, known) && !isPausing();
        if (known != null && lastFailure != null && isWithin(settings.ages().usableFor(), known.sent)) {
            probe(needed);
            return known.keys;
        }
        Throwable failure = null;
        if (needed.getAsBoolean()) {
            try {
                return answer.to(needed);
            } catch (ExecutionException e) {
                failure = e.getCause();
            } catch (TimeoutException e) {
                failure = e;
            }
        }
        // What was loaded before, or by another caller in the meantime.
        Loaded usable = loaded;
        if (usable != null && isWithin(settings.ages().usableFor(), usable.sent)) {
            return usable.keys;
        }
        throw new KeysUnavailableException(log.missing(), failure);
    }

    private KeySet newerThan(KeySet seen, Answer answer) {
        Loaded known = loaded;
        if (known != null && known.keys != seen) {
            return known.keys;
        }
        BooleanSupplier needed =
                () -> Objects.equals(loaded, known) && !isWithin(settings.ages().refreshAtMostEvery(), lastSent);
        if (underWay.get() == null && !needed.getAsBoolean()) {
            return seen;
        }
        if (lastFailure != null) {
            probe(() -> needed.getAsBoolean() && !isPausing());
            return seen;
        }
        try {
            return answer.to(needed);
        } catch (ExecutionException | TimeoutException e) {
            return seen;
        }
    }

    @Override
    public boolean isFailing() {
        return lastFailure != null;
    }

    @Override
    public void usedBy(String issuer) {
        log.usedBy(issuer);
    }

    @Override
    public KeyLoads loads() {
        return loads;
    }

    private void probe(BooleanSupplier needed) {
        if (underWay.get() == null && needed.getAsBoolean()) {
            CompletableFuture<KeySet> unused = request(needed);
        }
    }

    /** Joins the request that is under way, or starts one. */
    private CompletableFuture<KeySet> request(BooleanSupplier needed) {
        CompletableFuture<KeySet> mine = new CompletableFuture<>();
        CompletableFuture<KeySet> running = underWay.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        // Asked again: one may have come back between the caller's question and our turn.
        if (!needed.getAsBoolean()) {
            underWay.set(null);
            Loaded known = loaded;
            complete(mine, known == null ? null : known.keys, null);
            return mine;
        }
        Moment sent = now();
        lastSent = sent;
        try {
            CompletableFuture<PublishedKeys> unused =
                    download.send().whenComplete((published, failure) -> settle(mine, sent, published, failure));
        } catch (RuntimeException e) {
            // Not even sent; but whoever waits must not wait for ever.
            settle(mine, sent, null, e);
        }
        return mine;
    }

    /** Publishes the outcome before it lets the next request start, and that before it wakes those who wait. */
    private void settle(
            CompletableFuture<KeySet> mine,
            Moment sent,
            @Nullable PublishedKeys published,
            @Nullable Throwable failure) {
        if (published != null) {
            loaded = new Loaded(published.keys(), sent);
            lastFailure = null;
            loads.succeeded();
            log.loaded(published);
        } else {
            loads.failed();
            lastFailure = now();
            log.failed(failure);
        }
        underWay.set(null);
        complete(mine, published == null ? null : published.keys(), failure);
    }

    private static void complete(CompletableFuture<KeySet> mine, @Nullable KeySet keys, @Nullable Throwable failure) {
        if (keys != null) {
            mine.complete(keys);
        } else {
            mine.completeExceptionally(failure == null ? new IllegalStateException("no keys yet") : failure);
        }
    }

    /** The download bounds itself; the wait is bounded once more, so that no caller depends on it. */
    private KeySet awaitRequest(BooleanSupplier needed) throws ExecutionException, TimeoutException {
        CompletableFuture<KeySet> request = request(needed);
        if (!waiting.tryAcquire()) {
            throw new TimeoutException("as many callers wait for these keys as may");
        }
        try {
            return request.get(settings.timeout().plusSeconds(1).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeysUnavailableException("interrupted while the issuer's keys were being loaded", e);
        } finally {
            waiting.release();
        }
    }

    private boolean isPausing() {
        return isWithin(PAUSE_AFTER_FAILURE, lastFailure);
    }

    /** Exactly at the limit is no longer within it. */
    private boolean isWithin(Duration limit, @Nullable Moment since) {
        return since != null && settings.nanoTime().getAsLong() - since.nanos < limit.toNanos();
    }

    private Moment now() {
        return new Moment(settings.nanoTime().getAsLong());
    }

    /** These keys, for who must not wait. A request that nobody may wait for is left to who may. Thread-safe. */
    private final class WithoutWaiting implements KeySource {
        @Override
        public KeySet current() {
            return RemoteKeySource.this.current(WithoutWaiting::refuse);
        }

        @Override
        public KeySet newerThan(KeySet seen) {
            return RemoteKeySource.this.newerThan(seen, WithoutWaiting::refuse);
        }

        @Override
        public boolean isFailing() {
            return RemoteKeySource.this.isFailing();
        }

        private static KeySet refuse(BooleanSupplier needed) {
            throw new KeysAwaitedException();
        }
    }
}
