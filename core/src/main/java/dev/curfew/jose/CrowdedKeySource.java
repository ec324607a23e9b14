package dev.curfew.jose;

import dev.curfew.crypto.KeysUnavailableException;
import java.util.concurrent.Semaphore;

/**
 * Keys of which only so many callers at once may seek newer ones: anybody can name a key that nobody has, and would
 * hold a thread of the host while the issuer is asked. Thread-safe.
 */
public final class CrowdedKeySource implements KeySource {
    private final KeySource keys;
    private final Semaphore seeking;

    public CrowdedKeySource(KeySource keys, int atOnce) {
        this.keys = keys;
        this.seeking = new Semaphore(atOnce);
    }

    /** How many more may seek newer ones now. */
    public int room() {
        return seeking.availablePermits();
    }

    @Override
    public KeySet current() {
        return keys.current();
    }

    @Override
    public boolean isFailing() {
        return keys.isFailing();
    }

    @Override
    public KeySet newerThan(KeySet seen) {
        if (!seeking.tryAcquire()) {
            throw new KeysUnavailableException("as many callers wait for newer keys of the issuer as may", null);
        }
        try {
            return keys.newerThan(seen);
        } finally {
            seeking.release();
        }
    }
}
