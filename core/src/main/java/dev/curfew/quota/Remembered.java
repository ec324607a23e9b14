package dev.curfew.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Remembers keys, each for a while of its own. Thread-safe.
 *
 * <p>Memory is bounded: the keys used least are forgotten first. A clock that steps back behind the instant at which a
 * key came makes it forgotten, so that no while lasts longer than was said.
 */
public final class Remembered<K> {
    private final Cache<K, Span> spans;

    private record Span(Instant from, Instant to) {}

    /** Of so many keys at most. */
    public Remembered(int most) {
        this.spans = Caffeine.newBuilder().maximumSize(most).build();
    }

    /** Remembers a key from now on for so long, and no longer for what was said of it before. */
    public void keep(K key, Instant now, Duration length) {
        spans.put(key, new Span(now, now.plus(length)));
    }

    /** For how long yet the key is remembered; positive, or nothing if it is not. */
    public Optional<Duration> left(K key, Instant now) {
        return Optional.ofNullable(spans.getIfPresent(key))
                // At its end it is forgotten.
                .filter(span -> !now.isBefore(span.from()) && now.isBefore(span.to()))
                .map(span -> Duration.between(now, span.to()));
    }
}
