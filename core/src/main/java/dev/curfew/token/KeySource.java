package dev.curfew.token;

import dev.curfew.event.Meter;
import java.util.List;
import java.util.Map;

/** Where an issuer's keys come from. Thread-safe. */
interface KeySource {
    /**
     * The keys to use now.
     *
     * @throws KeysUnavailableException if there are none that may still be used
     */
    KeySet current();

    /** Keys newer than those that did not help, if they can be had within the rate limit; else the same ones. */
    KeySet newerThan(KeySet seen);

    /** Says whose keys they are, for the log. */
    default void usedBy(String issuer) {}

    /** What it did so far, under these tags too. */
    default List<Meter> meters(Map<String, String> tags) {
        return List.of();
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
