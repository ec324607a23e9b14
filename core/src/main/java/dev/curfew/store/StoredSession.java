package dev.curfew.store;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A session as a store sees it: the columns that it must index, and one opaque payload. Immutable.
 *
 * <p>A row is never marked as ended. It is live as long as it is not expired and no recorded revocation covers
 * {@link #facts()}. All instants are whole milliseconds.
 */
public final class StoredSession {
    /** The most bytes of a credential; each store has room for that in its rows. */
    public static final int MAX_CREDENTIAL = 255;

    /** Holds the keys and the beginning of the session, too. */
    private final TokenFacts facts;

    private final @Nullable SessionId id;
    private final SessionTimes times;
    private final @Nullable SecretHash secretHash;
    private final byte[] credential;
    private final byte[] payload;

    private StoredSession(Builder builder) {
        LookupKey key = Objects.requireNonNull(builder.key, "key");
        LookupKey realmKey = Objects.requireNonNull(builder.realmKey, "realmKey");
        LookupKey subjectKey = Objects.requireNonNull(builder.subjectKey, "subjectKey");
        Instant began = SessionTimes.millis(builder.authenticatedAt, "authenticatedAt");
        this.facts = TokenFacts.ofSession(realmKey, key, subjectKey, builder.clientKey, began, builder.bucket);
        this.id = builder.id;
        this.times = new SessionTimes(
                builder.createdAt, builder.lastSeenAt, builder.idleTimeout, builder.expiresAt, builder.forgetAfter);
        this.secretHash = builder.secretHash;
        this.credential = builder.credential;
        this.payload = builder.payload;
        if (id != null && !id.authenticatedAt().equals(began)) {
            throw new IllegalArgumentException("authenticatedAt must be the instant that the session id carries");
        }
        if (credential.length > 0 && secretHash == null) {
            throw new IllegalArgumentException("a credential stands beside a secret");
        }
    }

    /**
     * Starts a row for a session that core knows by name.
     *
     * @param subject whose session it is
     * @param session where it is to be found
     * @return a builder with all keys set
     */
    public static Builder of(SubjectId subject, SessionRef session) {
        Builder builder = new Builder();
        builder.key = session.key();
        builder.bucket = session.bucket();
        builder.id = session.handle() instanceof SessionId ours ? ours : null;
        builder.realmKey = subject.realm().key();
        builder.subjectKey = subject.key();
        return builder;
    }

    /** {@return a builder without anything, for a row that a store reads back} */
    public static Builder stored() {
        return new Builder();
    }

    /** {@return a builder with everything set, to change some of it} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.key = key();
        builder.bucket = bucket();
        builder.id = id;
        builder.realmKey = realmKey();
        builder.subjectKey = subjectKey();
        builder.clientKey = facts.clientKey();
        builder.authenticatedAt = authenticatedAt();
        builder.createdAt = createdAt();
        builder.lastSeenAt = lastSeenAt();
        builder.idleTimeout = idleTimeout();
        builder.expiresAt = expiresAt();
        builder.forgetAfter = forgetAfter();
        builder.secretHash = secretHash;
        builder.credential = credential;
        builder.payload = payload;
        return builder;
    }

    /** {@return what the rule judges, made once} */
    public TokenFacts facts() {
        return facts;
    }

    /** {@return what a revocation of this session names} */
    public RevocationTarget target() {
        RevocationTarget.Kind kind = id == null ? RevocationTarget.Kind.FOREIGN_SESSION : RevocationTarget.Kind.SESSION;
        return new RevocationTarget(kind, key(), realmKey(), bucket());
    }

    /**
     * Tells whether time has ended it: at its absolute end, or once it was idle for {@link #idleTimeout()}.
     *
     * @param now the instant of the operation; the boundary instant itself counts as ended
     * @return true if it is over
     */
    public boolean isExpired(Instant now) {
        return !now.isBefore(endsByTime());
    }

    /** {@return when time ends it, if nothing else happens: the earlier of its absolute and its idle end} */
    public Instant endsByTime() {
        return times.end();
    }

    /** {@return the lookup key of its handle, its primary key} */
    public LookupKey key() {
        return Objects.requireNonNull(facts.sessionKey());
    }

    /** {@return its routing bucket, 0 to 4095} */
    public int bucket() {
        return facts.bucket();
    }

    /** {@return its id, or nothing for a foreign session, whose handle is in the payload} */
    public Optional<SessionId> id() {
        return Optional.ofNullable(id);
    }

    /** {@return the lookup key of its realm} */
    public LookupKey realmKey() {
        return facts.realmKey();
    }

    /** {@return the lookup key of its subject} */
    public LookupKey subjectKey() {
        return Objects.requireNonNull(facts.subjectKey());
    }

    /** {@return the lookup key of its client, if it has a client} */
    public Optional<LookupKey> clientKey() {
        return Optional.ofNullable(facts.clientKey());
    }

    /** {@return the instant by which cut-offs judge it, to the millisecond} */
    public Instant authenticatedAt() {
        return facts.began().orElseThrow();
    }

    /** {@return when it was stored, to the millisecond} */
    public Instant createdAt() {
        return times.createdAt();
    }

    /** {@return when it was last active, to the millisecond, as far as that was written} */
    public Instant lastSeenAt() {
        return times.lastSeenAt();
    }

    /** {@return how long it may be idle, positive} */
    public Duration idleTimeout() {
        return times.idleTimeout();
    }

    /** {@return its absolute end, which never moves, to the millisecond} */
    public Instant expiresAt() {
        return times.expiresAt();
    }

    /**
     * {@return until when a revocation of it must be remembered, to the millisecond: its absolute end, the longest
     * token life and the skew of token times}
     */
    public Instant forgetAfter() {
        return times.forgetAfter();
    }

    /** {@return the hash of its current secret, if it has one} */
    public Optional<SecretHash> secretHash() {
        return Optional.ofNullable(secretHash);
    }

    /**
     * {@return a copy of what core keeps with the secret and a store does not understand: at most
     * {@link #MAX_CREDENTIAL} bytes, none if it keeps nothing; a row without a secret has none}
     */
    public byte[] credential() {
        return credential.clone();
    }

    /** {@return a copy of what core keeps with it and a store does not understand} */
    public byte[] payload() {
        return payload.clone();
    }

    /**
     * Tells whether another row is this one in every column: what stands after a login whose answer was lost.
     *
     * @param other a row
     * @return true if nothing differs
     */
    public boolean isSameAs(StoredSession other) {
        return columns().equals(other.columns())
                && Arrays.equals(credential, other.credential)
                && Arrays.equals(payload, other.payload);
    }

    static byte[] requireCredential(byte[] value) {
        if (value.length > MAX_CREDENTIAL) {
            throw new IllegalArgumentException(
                    "a credential has at most " + MAX_CREDENTIAL + " bytes, not " + value.length);
        }
        return value;
    }

    private List<@Nullable Object> columns() {
        return Arrays.asList(
                key(), bucket(), id, realmKey(), subjectKey(), facts.clientKey(), authenticatedAt(), times, secretHash);
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return "StoredSession[" + key() + "]";
    }

    /** Collects the columns. Confined to one thread. */
    public static final class Builder {
        private @Nullable LookupKey key;
        private int bucket;
        private @Nullable SessionId id;
        private @Nullable LookupKey realmKey;
        private @Nullable LookupKey subjectKey;
        private @Nullable LookupKey clientKey;
        private @Nullable Instant authenticatedAt;
        private @Nullable Instant createdAt;
        private @Nullable Instant lastSeenAt;
        private @Nullable Duration idleTimeout;
        private @Nullable Instant expiresAt;
        private @Nullable Instant forgetAfter;
        private @Nullable SecretHash secretHash;
        private byte[] credential = {};
        private byte[] payload = {};

        private Builder() {}

        /**
         * Sets the keys of a row that a store reads back.
         *
         * @param sessionKey of its handle
         * @param newBucket its routing bucket
         * @param realm of its realm
         * @param subject of its subject
         * @return this
         */
        public Builder keys(LookupKey sessionKey, int newBucket, LookupKey realm, LookupKey subject) {
            this.key = sessionKey;
            this.bucket = newBucket;
            this.realmKey = realm;
            this.subjectKey = subject;
            return this;
        }

        /**
         * Sets the id of a session of ours.
         *
         * @param value the id
         * @return this
         */
        public Builder id(SessionId value) {
            this.id = value;
            return this;
        }

        /**
         * Sets the lookup key of its client.
         *
         * @param value the key
         * @return this
         */
        public Builder clientKey(LookupKey value) {
            this.clientKey = value;
            return this;
        }

        /**
         * Sets the instant by which cut-offs judge it.
         *
         * @param value cut to the millisecond
         * @return this
         */
        public Builder authenticatedAt(Instant value) {
            this.authenticatedAt = value;
            return this;
        }

        /**
         * Sets when it was stored, and with it when it was last seen; so {@link #lastSeenAt} comes after it.
         *
         * @param value cut to the millisecond
         * @return this
         */
        public Builder createdAt(Instant value) {
            this.createdAt = value;
            this.lastSeenAt = value;
            return this;
        }

        /**
         * Sets when it was last active.
         *
         * @param value cut to the millisecond
         * @return this
         */
        public Builder lastSeenAt(Instant value) {
            this.lastSeenAt = value;
            return this;
        }

        /**
         * Sets when time ends it.
         *
         * @param absoluteEnd whatever happens
         * @param newIdleTimeout after this long without activity
         * @return this
         */
        public Builder ends(Instant absoluteEnd, Duration newIdleTimeout) {
            this.expiresAt = absoluteEnd;
            this.idleTimeout = newIdleTimeout;
            return this;
        }

        /**
         * Sets until when a revocation of it must be remembered.
         *
         * @param value not before its absolute end
         * @return this
         */
        public Builder forgetAfter(Instant value) {
            this.forgetAfter = value;
            return this;
        }

        /**
         * Sets the hash of its secret.
         *
         * @param value the hash
         * @return this
         */
        public Builder secretHash(SecretHash value) {
            this.secretHash = value;
            return this;
        }

        /**
         * Sets what core keeps with the secret.
         *
         * @param value at most {@link StoredSession#MAX_CREDENTIAL} bytes, copied; none for no credential
         * @return this
         * @throws IllegalArgumentException if it is longer
         */
        public Builder credential(byte[] value) {
            this.credential = requireCredential(value.clone());
            return this;
        }

        /**
         * Sets what the store does not understand.
         *
         * @param value copied
         * @return this
         */
        public Builder payload(byte[] value) {
            this.payload = value.clone();
            return this;
        }

        /**
         * Makes the row.
         *
         * @return the value
         * @throws NullPointerException if one of the keys or instants, or the idle timeout, was not set
         * @throws IllegalArgumentException if it is not what its id says, or has a credential and no secret
         */
        public StoredSession build() {
            return new StoredSession(this);
        }
    }
}
