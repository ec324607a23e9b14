package dev.curfew.jose;

import dev.curfew.crypto.KeysUnavailableException;
import org.jspecify.annotations.Nullable;

/** Where an issuer's keys come from. Thread-safe. */
public interface KeySource {
    /**
     * The keys to use now.
     *
     * @throws KeysUnavailableException if there are none that may still be used
     */
    KeySet current();

    /** Keys newer than those that did not help, if they can be had within the rate limit; else the same ones. */
    KeySet newerThan(KeySet seen);

    /**
     * The same keys for a caller that must not wait. Where this source would wait for an answer of the issuer, that one
     * throws {@link KeysAwaitedException}.
     */
    default KeySource withoutWaiting() {
        return this;
    }

    /** Whether the last attempt to get keys has failed, so that there may be newer ones that nobody here knows. */
    default boolean isFailing() {
        return false;
    }

    /** Says whose keys they are, for the log. */
    default void usedBy(String issuer) {}

    /** How often it loaded, or null if it never does. */
    default @Nullable KeyLoads loads() {
        return null;
    }

    /** Keys that never change. */
    static KeySource fixed(KeySet keys) {
        return new KeySource() {
            @Override
            public KeySet current() {
                return keys;
            }

            @Override
            public KeySet newerThan(KeySet seen) {
                return keys;
            }
        };
    }
}
