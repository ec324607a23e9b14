package dev.curfew.atrest;

import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.MissingKeyException;
import dev.curfew.crypto.PayloadEnvelope;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.LookupKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How payloads stand in a store: plain, or encrypted with a key ring. Thread-safe.
 *
 * <p>Whoever encrypts refuses plain payloads, or somebody who can write to the store could put a plain one of their own
 * in the place of an encrypted one. Only while a store is migrated are they read, too.
 */
public final class StoredPayloads {
    private final @Nullable PayloadEnvelope envelope;
    private final boolean readsPlain;
    private final StoredCredentials credentials;
    private final StoredRecords records;

    private StoredPayloads(@Nullable KeyRing ring, boolean readsPlain) {
        this.envelope = ring == null ? null : new PayloadEnvelope(ring);
        this.readsPlain = readsPlain;
        this.credentials = new StoredCredentials(ring, readsPlain);
        this.records = new StoredRecords(ring, readsPlain);
    }

    /** {@return the shared way to write and read plain payloads} */
    public static StoredPayloads plain() {
        return new StoredPayloads(null, true);
    }

    /**
     * Writes and reads encrypted payloads only.
     *
     * @param ring the keys
     * @return the way
     */
    public static StoredPayloads encrypted(KeyRing ring) {
        return new StoredPayloads(Objects.requireNonNull(ring, "ring"), false);
    }

    /**
     * Writes encrypted payloads, and reads plain ones from before.
     *
     * @param ring the keys
     * @return the way
     */
    public static StoredPayloads migratingTo(KeyRing ring) {
        return new StoredPayloads(Objects.requireNonNull(ring, "ring"), true);
    }

    /** {@return how credentials are written and read beside them, with the same keys} */
    public StoredCredentials credentials() {
        return credentials;
    }

    /** {@return how values of shared records are written and read, with the same keys} */
    public StoredRecords records() {
        return records;
    }

    /** {@return whether payloads are encrypted when they are written; not by {@link #plain}} */
    public boolean areEncrypted() {
        return envelope != null;
    }

    /**
     * Writes a payload. Costs a few microseconds if it is encrypted.
     *
     * @param session the lookup key of the session, under which alone it can be read
     * @param payload the content
     * @return a new array
     * @throws IllegalArgumentException as {@link PayloadCodec#encode} does
     */
    public byte[] write(LookupKey session, SessionPayload payload) {
        byte[] plain = PayloadCodec.encode(payload);
        return envelope == null ? plain : envelope.seal(session, plain);
    }

    /**
     * Reads a payload. Costs a few microseconds if it is encrypted.
     *
     * @param session the lookup key of the session
     * @param stored what stands in the store
     * @return the content
     * @throws MissingKeyException if it is encrypted with a key that is not there
     * @throws UndecodablePayloadException if it is damaged, of another session, of a version that this one does not
     *     know, or plain though only encrypted ones are read
     */
    public SessionPayload read(LookupKey session, byte[] stored) {
        return PayloadCodec.decode(opened(session, stored));
    }

    /**
     * Tells whether a payload is encrypted with the current key. Looks at its first bytes only.
     *
     * @param stored what stands in the store
     * @return false if it is to be rewritten; always true where nothing is encrypted
     */
    public boolean isCurrent(byte[] stored) {
        return envelope == null || envelope.isUnderCurrentKey(stored);
    }

    /**
     * Encrypts a payload anew, with the current key.
     *
     * @param session the lookup key of the session
     * @param stored what stands in the store
     * @return what shall stand there
     * @throws UndecodablePayloadException as {@link #read} does
     */
    public byte[] rewrite(LookupKey session, byte[] stored) {
        byte[] plain = opened(session, stored);
        // What nobody can read stays as it is, so that it is found again.
        PayloadCodec.decode(plain);
        return envelope == null ? plain : envelope.seal(session, plain);
    }

    private byte[] opened(LookupKey session, byte[] stored) {
        if (PayloadEnvelope.isEnvelope(stored)) {
            return envelope == null ? refuse(stored) : envelope.open(session, stored);
        }
        if (!readsPlain) {
            throw new UndecodablePayloadException(
                    "session payload is not encrypted, and only encrypted ones are read", null);
        }
        return stored;
    }

    private static byte[] refuse(byte[] envelope) {
        throw PayloadEnvelope.keyId(envelope)
                .<UndecodablePayloadException>map(MissingKeyException::new)
                .orElseGet(() -> new UndecodablePayloadException("encrypted session payload is damaged", null));
    }
}
