package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import org.jspecify.annotations.Nullable;

/** The birth of each partition of a store. Any number of readers without a lock; writers take turns. */
final class StoreBirths {
    /** By partition; a power of two long, or empty before the first birth is known. */
    private volatile @Nullable Revocation[] byPartition = {};

    /** The birth of the partition that these facts belong to, or null if it is not known. */
    @Nullable
    Revocation of(TokenFacts facts) {
        return of(facts.bucket());
    }

    /** Whether a birth is newer than the one that is known of its partition: the store has lost something since. */
    boolean isRenewal(Revocation birth) {
        Revocation standing = of(birth.target().bucket());
        return standing != null && standing.issuedBefore().isBefore(birth.issuedBefore());
    }

    /** Takes the newer one of its partition; answers whether it was this one. */
    boolean add(Revocation birth) {
        int partitions = (int) birth.target().key().low();
        @Nullable Revocation[] next = new Revocation[Math.max(byPartition.length, partitions)];
        boolean changed = false;
        for (int i = 0; i < next.length; i++) {
            Revocation standing = of(i);
            boolean isOfPartition = (i & (partitions - 1)) == birth.target().bucket();
            boolean isNewer = standing == null || standing.issuedBefore().isBefore(birth.issuedBefore());
            next[i] = isOfPartition && isNewer ? birth : standing;
            changed |= isOfPartition && isNewer;
        }
        byPartition = next;
        return changed;
    }

    private @Nullable Revocation of(int bucket) {
        @Nullable Revocation[] known = byPartition;
        return known.length == 0 ? null : known[bucket & (known.length - 1)];
    }
}
