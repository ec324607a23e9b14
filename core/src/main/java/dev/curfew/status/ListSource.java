package dev.curfew.status;

import dev.curfew.session.CurfewException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One list of an issuer, asked for again as it grows old. Thread-safe.
 *
 * <p>Concurrency: one request at a time. In the last quarter of a list's life the first caller asks for the next one
 * while the others still use this one; once its life is over, callers wait for the answer. After a failure nobody asks
 * for a while, so that an issuer that is down costs its callers no time. A list that was signed before the last one is
 * a failure too.
 */
final class ListSource {
    private static final Logger LOG = LoggerFactory.getLogger(ListSource.class);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final Supplier<HeldList> download;
    private final LongSupplier nanoTime;
    private final ReentrantLock asking = new ReentrantLock();
    private volatile @Nullable Loaded loaded;
    private volatile @Nullable Long failedAt;

    private record Loaded(HeldList list, long at) {}

    ListSource(Supplier<HeldList> download, LongSupplier nanoTime) {
        this.download = download;
        this.nanoTime = nanoTime;
    }

    /** The list, if there is one that may be believed at this instant. */
    @Nullable
    HeldList current(Instant now) {
        Loaded known = loaded;
        boolean usable = isUsable(known, now);
        if (known != null && usable && isWithin(known.list().renewAfter(), known.at())) {
            return known.list();
        }
        if (usable) {
            if (asking.tryLock()) {
                ask(known);
            }
        } else {
            asking.lock();
            ask(known);
        }
        Loaded newest = loaded;
        return newest != null && isUsable(newest, now) ? newest.list() : null;
    }

    private boolean isUsable(@Nullable Loaded known, Instant now) {
        return known != null
                && isWithin(known.list().ttl(), known.at())
                && !known.list().isExpired(now);
    }

    /** Under the lock, which it gives back; nothing to do if somebody else has just asked. */
    private void ask(@Nullable Loaded known) {
        try {
            Long failed = failedAt;
            if (!Objects.equals(loaded, known) || failed != null && isWithin(PAUSE, failed)) {
                return;
            }
            long sent = nanoTime.getAsLong();
            try {
                loaded = new Loaded(notBefore(known, download.get()), sent);
                failedAt = null;
            } catch (CurfewException e) {
                failed(e.getMessage());
            } catch (RuntimeException e) {
                // The name alone: nobody knows what its message spells.
                failed(e.getClass().getName());
            }
        } finally {
            asking.unlock();
        }
    }

    /** A cache on the way may answer an older list, in which what was revoked since is not. */
    private static HeldList notBefore(@Nullable Loaded known, HeldList next) {
        if (known != null && next.issuedAt().isBefore(known.list().issuedAt())) {
            throw new InvalidStatusListException("it was signed before the one that came last");
        }
        return next;
    }

    private void failed(@Nullable String why) {
        failedAt = nanoTime.getAsLong();
        LOG.warn("A status list could not be had; its tokens are refused once the last one is too old: {}", why);
    }

    /** Exactly at the limit is no longer within it. */
    private boolean isWithin(Duration limit, long since) {
        return nanoTime.getAsLong() - since < limit.toNanos();
    }
}
