package dev.curfew.store;

import dev.curfew.crypto.SecretHash;
import dev.curfew.session.LookupKey;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What core keeps in one row and encrypts, the payload and the credential, and where it stands. Immutable. */
public final class StoredPayload {
    private static final byte[] NONE = {};

    private final LookupKey session;
    private final int bucket;
    private final byte[] payload;
    private final @Nullable SecretHash secret;
    private final byte[] credential;

    /**
     * Names the payload of a row without a credential.
     *
     * @param session the lookup key of the session
     * @param bucket of the session, 0 to 4095
     * @param payload what stands there, copied
     */
    public StoredPayload(LookupKey session, int bucket, byte[] payload) {
        this(session, bucket, payload.clone(), null, NONE);
    }

    private StoredPayload(
            LookupKey session, int bucket, byte[] payload, @Nullable SecretHash secret, byte[] credential) {
        this.session = Objects.requireNonNull(session, "session");
        this.bucket = bucket;
        this.payload = payload;
        this.secret = secret;
        this.credential = credential;
    }

    /**
     * What stands in a row.
     *
     * @param row the row
     * @return the value
     */
    public static StoredPayload of(StoredSession row) {
        return new StoredPayload(
                row.key(), row.bucket(), row.payload(), row.secretHash().orElse(null), row.credential());
    }

    /**
     * Adds what proves the credential of the session.
     *
     * @param hash of the current secret
     * @param stored what stands beside it, copied
     * @return a changed copy
     */
    public StoredPayload withCredential(SecretHash hash, byte[] stored) {
        return new StoredPayload(session, bucket, payload, Objects.requireNonNull(hash, "hash"), stored.clone());
    }

    /** {@return the lookup key of the session, its primary key} */
    public LookupKey session() {
        return session;
    }

    /** {@return the routing bucket of the session, 0 to 4095} */
    public int bucket() {
        return bucket;
    }

    /** {@return a copy of the payload that stands there} */
    public byte[] payload() {
        return payload.clone();
    }

    /** {@return the hash of the current secret, if the session has one} */
    public Optional<SecretHash> secretHash() {
        return Optional.ofNullable(secret);
    }

    /** {@return a copy of the credential that stands there; no bytes if there is none} */
    public byte[] credential() {
        return credential.clone();
    }

    boolean hasSame(byte[] otherPayload, byte[] otherCredential) {
        return Arrays.equals(payload, otherPayload) && Arrays.equals(credential, otherCredential);
    }

    /** A pseudonym only. */
    @Override
    public String toString() {
        return "StoredPayload[" + session + "]";
    }
}
