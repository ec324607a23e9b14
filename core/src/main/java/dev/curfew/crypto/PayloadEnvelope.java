package dev.curfew.crypto;

import dev.curfew.session.LookupKey;
import java.util.Optional;

/**
 * Encrypts a session's payload, so that it can be read only as that session's. Thread-safe.
 *
 * <p>The layout is that of {@link RowEnvelope} with the version byte 2, which is never the first byte of a plain
 * payload.
 */
public final class PayloadEnvelope {
    static final int VERSION = 2;

    private static final byte[] NOTHING = {};

    private final RowEnvelope envelope;

    /**
     * Makes an envelope maker.
     *
     * @param ring the host's keys
     */
    public PayloadEnvelope(KeyRing ring) {
        this.envelope = new RowEnvelope(ring, VERSION, RowKeys.PAYLOAD);
    }

    /**
     * Tells an envelope from a plain payload, by its first byte.
     *
     * @param stored what a store keeps
     * @return true if it is said to be encrypted
     */
    public static boolean isEnvelope(byte[] stored) {
        return stored.length > 0 && stored[0] == VERSION;
    }

    /**
     * The id of the key that an envelope names, which nobody has authenticated yet.
     *
     * @param envelope what a store keeps
     * @return the id; nothing if it is damaged
     */
    public static Optional<String> keyId(byte[] envelope) {
        return RowEnvelope.keyId(envelope, VERSION);
    }

    /**
     * Tells whether an envelope needs no other key.
     *
     * @param stored what a store keeps
     * @return true if it names the current key
     */
    public boolean isUnderCurrentKey(byte[] stored) {
        return envelope.isUnderCurrentKey(stored);
    }

    /**
     * Seals a payload with the current key.
     *
     * @param session whose
     * @param plain its payload
     * @return the envelope
     */
    public byte[] seal(LookupKey session, byte[] plain) {
        return envelope.seal(session, plain, NOTHING);
    }

    /**
     * Opens an envelope.
     *
     * @param session whose
     * @param sealed as it was sealed
     * @return the payload
     * @throws UndecodablePayloadException if it is damaged, of another session, or of a key with the same id that is
     *     another one
     * @throws MissingKeyException if the ring has no key of that id
     */
    public byte[] open(LookupKey session, byte[] sealed) {
        return envelope.open("session payload", session, sealed, NOTHING);
    }
}
