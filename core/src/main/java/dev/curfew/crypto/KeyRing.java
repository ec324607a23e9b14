package dev.curfew.crypto;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The keys of encryption at rest: one that writes, and all that can be read. Immutable.
 *
 * <p>A key is 32 random bytes, from wherever the host keeps its secrets; never a password. Its id stands in clear in
 * front of what it encrypted, and names one key for ever: a new key gets a new id.
 *
 * <p>Rotation without a pause takes two deployments. The first makes the new key readable on every node: {@code
 * builder().current("2026", old).readable("2027", next)}. The second makes it the current one: {@code
 * builder().current("2027", next).readable("2026", old)}. Were it one, nodes that are not updated yet could not read
 * what the others write. The old key may go when a walk of {@code SessionService.reencrypt} after the second deployment
 * found nothing left to rewrite, and the longest life of a shared record has passed since then.
 */
public final class KeyRing {
    /** The size of a key in bytes. */
    public static final int KEY_BYTES = 32;

    /** The most characters of a key's id. */
    public static final int MAX_ID_LENGTH = 16;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1," + MAX_ID_LENGTH + "}");

    private final String currentId;
    private final Map<String, SecretKey> keys;

    private KeyRing(String currentId, Map<String, SecretKey> keys) {
        this.currentId = currentId;
        this.keys = Map.copyOf(keys);
    }

    /**
     * A ring of one key, for a new installation.
     *
     * @param id 1 to 16 of the characters A–Z, a–z, 0–9, dot, underscore and hyphen
     * @param key 32 random bytes, copied
     * @return the ring
     * @throws IllegalArgumentException if the id or the size of the key is wrong, or the key is obviously not random
     */
    public static KeyRing of(String id, byte[] key) {
        return builder().current(id, key).build();
    }

    /**
     * Starts a ring of several keys.
     *
     * @return a builder that demands a current key
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Which key writes.
     *
     * @return its id
     */
    public String currentId() {
        return currentId;
    }

    /**
     * Which keys can be read, the current one included.
     *
     * @return an unmodifiable set, in no order
     */
    public Set<String> ids() {
        return keys.keySet();
    }

    Optional<SecretKey> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /** Ids only. */
    @Override
    public String toString() {
        return "KeyRing[current " + currentId + ", readable " + new TreeSet<>(keys.keySet()) + "]";
    }

    /** Collects the keys of a {@link KeyRing}. Confined to one thread. */
    public static final class Builder {
        private final Map<String, SecretKey> keys = new LinkedHashMap<>();
        private @Nullable String currentId;

        private Builder() {}

        /**
         * Adds the key that writes, and that can be read too. Required, once.
         *
         * @param id 1 to 16 of the characters A–Z, a–z, 0–9, dot, underscore and hyphen
         * @param key 32 random bytes, copied
         * @return this
         * @throws IllegalArgumentException if the id or the size of the key is wrong, the key is obviously not random,
         *     the id is taken, or there is a current key
         */
        public Builder current(String id, byte[] key) {
            if (currentId != null) {
                throw new IllegalArgumentException("a key ring has one current key, and " + currentId + " is it");
            }
            add(id, key);
            this.currentId = id;
            return this;
        }

        /**
         * Adds a key that can only be read: the one before, or the one to come.
         *
         * @param id 1 to 16 of the characters A–Z, a–z, 0–9, dot, underscore and hyphen
         * @param key 32 random bytes, copied
         * @return this
         * @throws IllegalArgumentException if the id or the size of the key is wrong, the key is obviously not random,
         *     or the id is taken
         */
        public Builder readable(String id, byte[] key) {
            add(id, key);
            return this;
        }

        /**
         * Makes the ring.
         *
         * @return the ring
         * @throws IllegalStateException if no key is the current one
         */
        public KeyRing build() {
            if (currentId == null) {
                throw new IllegalStateException("a key ring needs current(...): the key that writes");
            }
            return new KeyRing(currentId, keys);
        }

        private void add(String id, byte[] key) {
            if (!isId(Objects.requireNonNull(id, "id"))) {
                throw new IllegalArgumentException(
                        "a key id must match " + ID + ", and this one has " + id.length() + " characters");
            }
            if (key.length != KEY_BYTES) {
                throw GuessableSecrets.wrongSize("key " + id, key, KEY_BYTES);
            }
            GuessableSecrets.refuse("key " + id, key);
            // Derives the keys of rows, and encrypts nothing itself.
            if (keys.putIfAbsent(id, new SecretKeySpec(key, RowKeys.DERIVATION)) != null) {
                throw new IllegalArgumentException("key id " + id + " is there twice");
            }
        }
    }
}
