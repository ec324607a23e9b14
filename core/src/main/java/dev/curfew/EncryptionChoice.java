package dev.curfew;

import dev.curfew.atrest.StoredPayloads;
import dev.curfew.crypto.KeyRing;
import dev.curfew.store.SessionStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a host has said about encryption at rest, and whether it has said enough. Confined to one thread. */
final class EncryptionChoice {
    private static final Logger LOG = LoggerFactory.getLogger(SessionServiceBuilder.class);

    @Nullable
    KeyRing ring;

    boolean acceptsUnencrypted;
    boolean storesUnencrypted;

    StoredPayloads payloads(SessionStore store) {
        return ring == null ? unencrypted(store) : encrypted(ring);
    }

    private StoredPayloads unencrypted(SessionStore store) {
        if (acceptsUnencrypted) {
            throw new IllegalStateException("acceptUnencryptedSessions() means nothing without encryption(...):"
                    + " it is for a store that is being encrypted");
        }
        if (!store.keepsInProcess()) {
            if (!storesUnencrypted) {
                throw new IllegalStateException("SessionService needs encryption(...) or storeSessionsUnencrypted():"
                        + " this store keeps subjects, devices and attributes outside of the process. For example"
                        + " encryption(KeyRing.of(\"2026\", key)), with 32 random bytes, the same on every node");
            }
            LOG.warn("sessions are stored unencrypted: whoever reads the store reads who is signed in with what");
        }
        return StoredPayloads.plain();
    }

    private StoredPayloads encrypted(KeyRing keys) {
        if (storesUnencrypted) {
            throw new IllegalStateException(
                    "encryption(...) and storeSessionsUnencrypted() contradict each other:" + " leave one of them out");
        }
        if (acceptsUnencrypted) {
            LOG.warn("sessions that are not encrypted are accepted: remove acceptUnencryptedSessions() once reencrypt"
                    + " has walked through the store");
            return StoredPayloads.migratingTo(keys);
        }
        return StoredPayloads.encrypted(keys);
    }
}
