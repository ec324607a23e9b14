package dev.curfew.atrest;

import dev.curfew.crypto.CredentialEnvelope;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.MissingKeyException;
import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.session.LookupKey;
import org.jspecify.annotations.Nullable;

/**
 * How credentials stand in a store: plain, or encrypted with a key ring, as {@link StoredPayloads} has it. Thread-safe.
 *
 * <p>Whoever encrypts refuses plain ones, or somebody who can write to the store could put a hash of a secret of their
 * own there.
 */
public final class StoredCredentials {
    private final @Nullable CredentialEnvelope envelope;
    private final boolean readsPlain;

    StoredCredentials(@Nullable KeyRing ring, boolean readsPlain) {
        this.envelope = ring == null ? null : new CredentialEnvelope(ring);
        this.readsPlain = readsPlain;
    }

    /**
     * Writes a state.
     *
     * @param session the lookup key of the session, under which alone it can be read
     * @param secret the hash of the current secret, beside which alone it can be read
     * @param state the content
     * @return a new array of at most {@link dev.curfew.store.StoredSession#MAX_CREDENTIAL} bytes
     */
    public byte[] write(LookupKey session, SecretHash secret, CredentialState state) {
        return seal(session, secret, CredentialCodec.encode(state));
    }

    /**
     * Reads a state.
     *
     * @param session the lookup key of the session
     * @param secret the hash of the current secret
     * @param stored what stands in the store
     * @return the content
     * @throws MissingKeyException if it is encrypted with a key that is not there
     * @throws UndecodablePayloadException if it is missing, damaged, of another session, beside another hash, of an
     *     unknown version, or plain though only encrypted ones are read
     */
    public CredentialState read(LookupKey session, SecretHash secret, byte[] stored) {
        return CredentialCodec.decode(opened(session, secret, stored));
    }

    /** Whether it needs to be encrypted with the current key: no if it is, if there is none, or nothing to encrypt. */
    boolean isCurrent(byte[] stored) {
        return envelope == null || stored.length == 0 || envelope.isUnderCurrentKey(stored);
    }

    /** Encrypts it anew, with the current key. */
    byte[] rewrite(LookupKey session, SecretHash secret, byte[] stored) {
        byte[] plain = opened(session, secret, stored);
        // What nobody can read stays as it is, so that it is found again.
        CredentialCodec.decode(plain);
        return seal(session, secret, plain);
    }

    private byte[] seal(LookupKey session, SecretHash secret, byte[] plain) {
        return envelope == null ? plain : envelope.seal(session, secret, plain);
    }

    private byte[] opened(LookupKey session, SecretHash secret, byte[] stored) {
        if (CredentialEnvelope.isEnvelope(stored)) {
            return envelope == null ? refuse(stored) : envelope.open(session, secret, stored);
        }
        if (!readsPlain) {
            throw new UndecodablePayloadException(
                    "session credential is not encrypted, and only encrypted ones are read", null);
        }
        return stored;
    }

    private static byte[] refuse(byte[] envelope) {
        throw CredentialEnvelope.keyId(envelope)
                .<UndecodablePayloadException>map(MissingKeyException::new)
                .orElseGet(() -> new UndecodablePayloadException("encrypted session credential is damaged", null));
    }
}
