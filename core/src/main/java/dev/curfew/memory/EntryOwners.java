package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose the recorded revocations are, as far as that is known. Guarded by its owner's lock. */
final class EntryOwners {
    private final IdentityHashMap<Revocation, LookupKey> owners = new IdentityHashMap<>();
    private final Map<LookupKey, Integer> sizes = new HashMap<>();

    void add(Revocation entry, @Nullable LookupKey owner) {
        if (owner != null) {
            owners.put(entry, owner);
            sizes.merge(owner, 1, Integer::sum);
        }
    }

    void removeAll(Collection<Revocation> entries) {
        for (Revocation entry : entries) {
            LookupKey owner = owners.remove(entry);
            if (owner != null) {
                sizes.computeIfPresent(owner, (key, size) -> size == 1 ? null : size - 1);
            }
        }
    }

    /** How many entries one subject has. */
    int sizeOf(@Nullable LookupKey owner) {
        return sizes.getOrDefault(owner, 0);
    }
}
