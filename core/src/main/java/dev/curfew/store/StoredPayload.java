package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.Objects;

/** The payload of one row, and where it stands. Immutable. */
public final class StoredPayload {
    private final LookupKey session;
    private final int bucket;
    private final byte[] payload;

    /**
     * Names a payload.
     *
     * @param session the lookup key of the session
     * @param bucket of the session, 0 to 4095
     * @param payload what stands there, copied
     */
    public StoredPayload(LookupKey session, int bucket, byte[] payload) {
        this.session = Objects.requireNonNull(session, "session");
        this.bucket = bucket;
        this.payload = payload.clone();
    }

    /** {@return the lookup key of the session, its primary key} */
    public LookupKey session() {
        return session;
    }

    /** {@return the routing bucket of the session, 0 to 4095} */
    public int bucket() {
        return bucket;
    }

    /** {@return a copy of what stands there} */
    public byte[] payload() {
        return payload.clone();
    }

    /** A pseudonym only. */
    @Override
    public String toString() {
        return "StoredPayload[" + session + "]";
    }
}
