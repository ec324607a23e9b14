package dev.curfew.replica;

import dev.curfew.session.FailureText;
import dev.curfew.store.FeedHints;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to the hints of a store, if it gives any. One thread begins, any thread ends. */
final class HintListening implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HintListening.class);
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private final @Nullable FeedHints source;
    private final Runnable listener;
    private final NodeTime time;
    private volatile @Nullable AutoCloseable hints;
    private long nextNanos;

    HintListening(SessionStore store, Runnable listener, NodeTime time) {
        this.source = store.ability(FeedHints.class).orElse(null);
        this.listener = listener;
        this.time = time;
        this.nextNanos = time.nanos();
    }

    /** Hints only cut the delay, so that a store that cannot give them now is asked again later. */
    void begin() {
        if (source != null && hints == null && time.nanos() - nextNanos >= 0) {
            try {
                hints = source.hints(listener);
            } catch (RuntimeException e) {
                LOG.warn("no hints for now, polling goes on: {}", FailureText.of(e));
                nextNanos = time.nanos() + PERIOD.toNanos();
            }
        }
    }

    @Override
    public void close() {
        AutoCloseable listening = hints;
        if (listening != null) {
            try {
                listening.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                LOG.warn("the listening to hints does not end", e);
            }
        }
    }
}
