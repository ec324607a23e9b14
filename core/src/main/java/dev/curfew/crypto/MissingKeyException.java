package dev.curfew.crypto;

/**
 * One row's payload is encrypted with a key that this node does not have. The row can still be revoked.
 */
public final class MissingKeyException extends UndecodablePayloadException {
    private static final long serialVersionUID = 1L;

    private final String keyId;

    /**
     * Makes the failure.
     *
     * @param keyId the id of the key, as it stands in front of the payload
     */
    public MissingKeyException(String keyId) {
        super("session payload is encrypted with key " + keyId + ", which is not in the key ring", null);
        this.keyId = keyId;
    }

    /**
     * Which key is missing.
     *
     * @return its id, at most 16 characters
     */
    public String keyId() {
        return keyId;
    }
}
