package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of an issuer at one moment: one kind of trust, no ambiguous id. Immutable. */
public final class KeySet {
    public static final int MAX_KEYS = 100;

    /** Bounds the work that a token without {@code kid} can cause: it is tried with so many keys, the first ones. */
    private static final int MAX_CANDIDATES = 10;

    public static final KeySet EMPTY = new KeySet(Set.of());

    private final Set<VerificationKey> keys;

    private KeySet(Set<VerificationKey> keys) {
        this.keys = keys;
    }

    /**
     * The keys that a host was given.
     *
     * @throws UnusableKeyException if there are none, or they do not go together
     */
    public static KeySet of(List<VerificationKey> keys) {
        List<VerificationKey> seen = new ArrayList<>();
        for (VerificationKey key : keys) {
            if (!hasRoomFor(key, seen)) {
                throw new UnusableKeyException(Reason.TOO_MANY_KEYS_WITHOUT_ID);
            }
            seen.add(key);
        }
        KeySet set = published(keys);
        if (set.isEmpty()) {
            throw new UnusableKeyException(Reason.SET_WITHOUT_KEYS);
        }
        return set;
    }

    /**
     * The keys that an issuer publishes now. None is an answer too: the issuer withdrew them all.
     *
     * @throws UnusableKeyException if they do not go together
     */
    static KeySet published(List<VerificationKey> keys) {
        Set<VerificationKey> distinct = new LinkedHashSet<>(keys);
        if (distinct.size() > MAX_KEYS) {
            throw new UnusableKeyException(Reason.TOO_MANY_KEYS);
        }
        long symmetric = distinct.stream().filter(VerificationKey::isSymmetric).count();
        if (symmetric > 0 && symmetric < distinct.size()) {
            throw new UnusableKeyException(Reason.MIXED);
        }
        Map<String, String> thumbprintOfId = new HashMap<>();
        for (VerificationKey key : distinct) {
            if (key.id() != null) {
                String known = thumbprintOfId.putIfAbsent(key.id(), key.thumbprint());
                if (known != null && !known.equals(key.thumbprint())) {
                    throw new UnusableKeyException(Reason.ID_TWICE);
                }
            }
        }
        return new KeySet(distinct);
    }

    /**
     * Whether a token would ever be tried with this key, given those before it. One with an id can be asked for by
     * that.
     */
    static boolean hasRoomFor(VerificationKey key, List<VerificationKey> before) {
        long rivals = before.stream()
                .filter(other -> other.id() == null && !other.equals(key) && other.isOfKindOf(key))
                .count();
        return key.id() != null || rivals < MAX_CANDIDATES;
    }

    public KeySet with(KeySet other) {
        Set<VerificationKey> both = new LinkedHashSet<>(keys);
        for (VerificationKey key : other.keys) {
            boolean nameTaken = key.isSymmetric()
                    && keys.stream().anyMatch(mine -> mine.thumbprint().equals(key.thumbprint()));
            if (nameTaken) {
                throw new IllegalArgumentException("keys: two secrets have the same name");
            }
            both.add(key);
        }
        return of(List.copyOf(both));
    }

    public boolean contains(VerificationKey key) {
        return keys.contains(key);
    }

    public boolean isEmpty() {
        return keys.isEmpty();
    }

    public int size() {
        return keys.size();
    }

    /** Whether a key of exactly this id is here, so that asking the issuer again is pointless. */
    public boolean hasId(@Nullable String keyId) {
        return keyId != null && keys.stream().anyMatch(key -> keyId.equals(key.id()));
    }

    /** Those that may have made a signature: the right id, and the right kind of key. */
    public List<VerificationKey> candidates(TokenHeader header) {
        return keys.stream()
                .filter(key -> key.mayBe(header.keyId()) && key.algorithms().contains(header.algorithm()))
                .limit(MAX_CANDIDATES)
                .toList();
    }

    public Set<Algorithm> algorithms() {
        Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
        keys.forEach(key -> all.addAll(key.algorithms()));
        return all;
    }
}
