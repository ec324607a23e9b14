package dev.curfew.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.curfew.jose.KeySource;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which texts were found authentic, so that the next request need not verify the signature again.
 * Thread-safe.
 *
 * <p>It answers only what does not depend on the moment; the times of the token are judged on each use, and so is the
 * key's membership in its set, and whether its policy is still there. The text itself is not kept. Caffeine's own
 * expiry only frees memory.
 */
final class VerifiedTokenCache {
    private final Cache<TextHash, Entry> entries;

    private record Entry(SignedToken token, Duration remaining) {}

    VerifiedTokenCache(int maxEntries) {
        this.entries = Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .executor(Runnable::run)
                .expireAfter(Expiry.<TextHash, Entry>creating((hash, entry) -> entry.remaining))
                .build();
    }

    @Nullable
    SignedToken find(String compact, PolicyTable table, UnaryOperator<KeySource> access) {
        TextHash hash = TextHash.of(compact);
        Entry entry = entries.getIfPresent(hash);
        if (entry == null) {
            return null;
        }
        if (!table.isCurrent(entry.token.content().policy()) || !entry.token.isKeyStillTrusted(access)) {
            entries.invalidate(hash);
            return null;
        }
        return entry.token;
    }

    void put(String compact, SignedToken token, Instant now) {
        Duration remaining = Duration.between(now, token.content().forgetAfter());
        entries.put(TextHash.of(compact), new Entry(token, remaining));
    }
}
