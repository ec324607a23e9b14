package dev.curfew.token;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keys of an issuer at one moment: one kind of trust, no ambiguous id. Immutable. */
final class KeySet {
    static final int MAX_KEYS = 100;

    /** Bounds the work that a token without {@code kid} can cause. */
    private static final int MAX_CANDIDATES = 10;

    static final KeySet EMPTY = new KeySet(Set.of());

    private final Set<VerificationKey> keys;

    private KeySet(Set<VerificationKey> keys) {
        this.keys = keys;
    }

    static KeySet of(List<VerificationKey> keys) {
        Set<VerificationKey> distinct = new LinkedHashSet<>(keys);
        if (distinct.isEmpty()) {
            throw new IllegalArgumentException("keys: none that could verify a signature");
        }
        if (distinct.size() > MAX_KEYS) {
            throw new IllegalArgumentException("keys: more than " + MAX_KEYS);
        }
        long symmetric = distinct.stream().filter(VerificationKey::isSymmetric).count();
        if (symmetric > 0 && symmetric < distinct.size()) {
            throw new IllegalArgumentException("keys must not mix secrets and public keys");
        }
        Map<String, String> thumbprintOfId = new HashMap<>();
        for (VerificationKey key : distinct) {
            if (key.id() != null) {
                String known = thumbprintOfId.putIfAbsent(key.id(), key.thumbprint());
                if (known != null && !known.equals(key.thumbprint())) {
                    throw new IllegalArgumentException("keys: different keys have the same id");
                }
            }
        }
        return new KeySet(distinct);
    }

    KeySet with(KeySet other) {
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

    boolean contains(VerificationKey key) {
        return keys.contains(key);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    int size() {
        return keys.size();
    }

    /** Whether a key of exactly this id is here, so that asking the issuer again is pointless. */
    boolean hasId(@Nullable String keyId) {
        return keyId != null && keys.stream().anyMatch(key -> keyId.equals(key.id()));
    }

    /** Those that may have made a signature: the right id, and the right kind of key. */
    List<VerificationKey> candidates(TokenHeader header) {
        return keys.stream()
                .filter(key -> key.mayBe(header.keyId()) && key.algorithms().contains(header.algorithm()))
                .limit(MAX_CANDIDATES)
                .toList();
    }

    Set<Algorithm> algorithms() {
        Set<Algorithm> all = EnumSet.noneOf(Algorithm.class);
        keys.forEach(key -> all.addAll(key.algorithms()));
        return all;
    }
}
