package dev.curfew.session;

import java.util.Objects;

/**
 * Where a session is to be found: its realm, its handle and its routing bucket. Immutable.
 *
 * @param realm the namespace
 * @param handle ours or foreign
 * @param bucket 0 to 4095: of our id itself, or of the subject of a foreign one; {@link #UNROUTED} if nobody knows it
 */
public record SessionRef(Realm realm, SessionHandle handle, int bucket) {
    /** The bucket of a foreign session whose subject is unknown. */
    public static final int UNROUTED = -1;

    /** The twelve bits of a bucket. */
    public static final int BUCKET_MASK = 0xFFF;

    /** Checks the parts against each other. */
    public SessionRef {
        Objects.requireNonNull(realm, "realm");
        Objects.requireNonNull(handle, "handle");
        if (bucket < UNROUTED || bucket > BUCKET_MASK) {
            throw new IllegalArgumentException("bucket must be -1 to 4095");
        }
        if (handle instanceof SessionId ours && ours.bucket() != bucket) {
            throw new InvalidIdentifierException("session id does not belong to that bucket");
        }
    }

    /**
     * Refers to a session of ours.
     *
     * @param realm the namespace
     * @param id its id, which knows its bucket
     * @return the reference
     */
    public static SessionRef of(Realm realm, SessionId id) {
        return new SessionRef(realm, id, id.bucket());
    }

    /**
     * Refers to a session of a subject, whosever handle it has.
     *
     * @param subject whose session it is said to be
     * @param handle ours or foreign
     * @return the reference
     * @throws InvalidIdentifierException if it is an id of ours that belongs to another bucket than this subject
     */
    public static SessionRef of(SubjectId subject, SessionHandle handle) {
        return new SessionRef(subject.realm(), handle, subject.key().bucket());
    }

    /**
     * Refers to a session whose owner may be another one than said: an id of ours routes itself, and a foreign one is
     * looked for where its subject's are.
     *
     * @param subject whose session it is said to be
     * @param handle ours or foreign
     * @return the reference
     */
    public static SessionRef ofClaimed(SubjectId subject, SessionHandle handle) {
        return handle instanceof SessionId ours ? of(subject.realm(), ours) : of(subject, handle);
    }

    /**
     * Refers to a session whose subject nobody has named: an id of ours routes itself, and a foreign one is unrouted.
     *
     * @param realm the namespace
     * @param handle ours or foreign
     * @return the reference
     */
    public static SessionRef ofUnknownSubject(Realm realm, SessionHandle handle) {
        return handle instanceof SessionId ours ? of(realm, ours) : new SessionRef(realm, handle, UNROUTED);
    }

    /**
     * {@return the lookup key of this session, which ours and foreign handles of the same text do not share; costs one
     * hash}
     */
    public LookupKey key() {
        return LookupKey.of(isForeign() ? "foreign-session" : "session", realm.name(), handle.value());
    }

    /** {@return whether a foreign issuer chose the handle} */
    public boolean isForeign() {
        return handle instanceof ForeignSessionId;
    }

    /** A pseudonym. */
    @Override
    public String toString() {
        return "session:" + key();
    }
}
