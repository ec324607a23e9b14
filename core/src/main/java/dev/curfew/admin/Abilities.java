package dev.curfew.admin;

import dev.curfew.store.SessionStore;

/** Finds the abilities that not every store has. Thread-safe. */
final class Abilities {
    private Abilities() {}

    /**
     * The ability, for a call that cannot do without.
     *
     * @throws IllegalStateException if the store has it not
     */
    static <T> T require(SessionStore store, Class<T> type, String call) {
        return store.ability(type)
                .orElseThrow(() -> new IllegalStateException(
                        call + " needs a store with the ability " + type.getSimpleName() + ", which this one lacks"));
    }
}
