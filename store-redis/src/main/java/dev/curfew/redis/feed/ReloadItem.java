package dev.curfew.redis.feed;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FeedEntry;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that a reload meets; the order tells what of one key a reader has already. Immutable.
 *
 * @param key the target's, or the session's
 * @param hash tells apart the items of one key; never 0
 * @param found what is answered of it; null if only the order matters
 */
record ReloadItem(LookupKey key, long hash, @Nullable FeedEntry found) {
    static final Comparator<ReloadItem> ORDER =
            Comparator.comparing(ReloadItem::key).thenComparingLong(ReloadItem::hash);

    static ReloadItem revoked(LookupKey key, Revocation entry) {
        return new ReloadItem(key, hash(entry), new FeedEntry.Revoked(entry));
    }

    static ReloadItem birth(LookupKey key, Revocation birth) {
        return new ReloadItem(key, 1, new FeedEntry.Revoked(birth));
    }

    static ReloadItem rotated(LookupKey session) {
        return new ReloadItem(session, 1, new FeedEntry.Rotated(session));
    }

    FeedEntry entry() {
        return Objects.requireNonNull(found);
    }

    private static long hash(Revocation entry) {
        long hash = mixed(entry.reason().code(), entry.revokedAt().toEpochMilli());
        hash = mixed(hash, entry.issuedBefore().toEpochMilli());
        hash = mixed(hash, entry.forgetAfter().toEpochMilli());
        hash = mixed(
                mixed(hash, entry.actor().kind().code()), entry.actor().id().hashCode());
        if (entry.exempt().isPresent()) {
            LookupKey spared = entry.exempt().get().key();
            hash = mixed(mixed(hash, spared.high()), spared.low());
        }
        return hash == 0 ? 1 : hash;
    }

    private static long mixed(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 32;
    }
}
