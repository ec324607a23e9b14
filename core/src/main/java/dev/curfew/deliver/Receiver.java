package dev.curfew.deliver;

import java.util.concurrent.Semaphore;

/**
 * A party that may be asked. Immutable but for the places that are taken.
 *
 * @param host its name in small letters, or its address
 * @param mayBePrivate whether its name may lead inside
 * @param room for requests that are under way to it
 */
record Receiver(String host, boolean mayBePrivate, Semaphore room) {
    private static final int AT_ONCE = 4;

    Receiver(String host, boolean mayBePrivate) {
        this(host, mayBePrivate, new Semaphore(AT_ONCE));
    }
}
