package dev.curfew.crypto;

import dev.curfew.session.LookupKey;
import java.util.Optional;

/**
 * Encrypts what proves the credential of a session, so that it can be read only as that session's, and only beside the
 * hash of the secret that it was sealed with. Thread-safe.
 *
 * <p>Who can write to the database can neither plant a hash of a secret of his own, nor move a credential to another
 * row. The layout is that of {@link RowEnvelope} with the version byte 2.
 */
public final class CredentialEnvelope {
    static final int VERSION = 2;

    private final RowEnvelope envelope;

    /**
     * Makes an envelope maker.
     *
     * @param ring the host's keys
     */
    public CredentialEnvelope(KeyRing ring) {
        this.envelope = new RowEnvelope(ring, VERSION, RowKeys.CREDENTIAL);
    }

    /**
     * Tells an envelope from a plain credential, by its first byte.
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
     * Seals a credential with the current key.
     *
     * @param session whose
     * @param secret the hash that stands beside it
     * @param plain the credential
     * @return the envelope
     */
    public byte[] seal(LookupKey session, SecretHash secret, byte[] plain) {
        return envelope.seal(session, plain, secret.toBytes());
    }

    /**
     * Opens an envelope.
     *
     * @param session whose
     * @param secret the hash that stands beside it
     * @param sealed as it was sealed
     * @return the credential
     * @throws UndecodablePayloadException if it is damaged, of another session, beside another hash, or of a key with
     *     the same id that is another one
     * @throws MissingKeyException if the ring has no key of that id
     */
    public byte[] open(LookupKey session, SecretHash secret, byte[] sealed) {
        return envelope.open("session credential", session, sealed, secret.toBytes());
    }
}
