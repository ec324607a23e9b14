package dev.curfew.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.watch.WatchNews.Kind;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A watcher that keeps what it hears until a test asks. Thread-safe. */
public final class Heard implements SessionWatcher {
    private static final int TOO_LONG_SECONDS = 30;

    private final BlockingQueue<WatchNews> news = new LinkedBlockingQueue<>();

    @Override
    public void onNews(WatchNews heard) {
        news.add(heard);
    }

    /** Waits for the next news. */
    public WatchNews next() {
        try {
            WatchNews next = news.poll(TOO_LONG_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing was told");
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Waits for the last news, whatever comes before it. */
    public WatchNews last() {
        WatchNews next = next();
        while (!next.isLast()) {
            next = next();
        }
        return next;
    }

    public void assertNext(Kind kind) {
        assertThat(next().kind()).isEqualTo(kind);
    }

    public void assertRevoked(RevocationReason reason) {
        WatchNews next = next();
        assertThat(next.kind()).isEqualTo(Kind.REVOKED);
        assertThat(next.reason()).contains(reason);
    }

    public void assertNothing() {
        assertThat(news).isEmpty();
    }
}
