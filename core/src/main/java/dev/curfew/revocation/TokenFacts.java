package dev.curfew.revocation;

import dev.curfew.session.ClientId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that the rule needs to know about a token or a session: lookup keys, a bucket and instants. Immutable.
 *
 * <p>The keys are derived once, here, so that a check afterwards compares 128-bit numbers and nothing else; they are
 * null where the token says nothing. Facts hold no claim in clear.
 *
 * <p><b>Began</b> is the instant by which a cut-off judges. With a session id of ours it is the session's {@code
 * authenticatedAt}, whatever the token's {@code iat} says, so that a token refreshed after a cut-off from a session
 * older than it stays covered. Otherwise it is {@code min(auth_time, iat) - skew}. Facts without any instant have none,
 * and every cut-off covers them.
 */
public final class TokenFacts {
    private static final int NAMED = 5;
    private static final int LEAST_BYTES = 1 + Short.BYTES + LookupKey.BYTES + 3 * Long.BYTES;

    /** The most bytes of {@link #toBytes}. */
    public static final int MAX_BYTES = LEAST_BYTES + NAMED * LookupKey.BYTES;

    private final LookupKey realmKey;
    private final @Nullable LookupKey tokenKey;
    private final @Nullable LookupKey sessionKey;
    private final @Nullable LookupKey subjectKey;
    private final @Nullable LookupKey clientKey;
    private final @Nullable LookupKey signingKeyKey;
    private final int bucket;
    private final FactInstants instants;

    private TokenFacts(Builder builder, @Nullable LookupKey sessionKey, int bucket, FactInstants instants) {
        this.realmKey = builder.realm.key();
        this.tokenKey = builder.tokenKey;
        this.sessionKey = sessionKey;
        this.subjectKey = builder.subjectKey;
        this.clientKey = builder.clientKey;
        this.signingKeyKey = builder.signingKeyKey;
        this.bucket = bucket;
        this.instants = instants;
    }

    private TokenFacts(
            LookupKey realmKey,
            LookupKey sessionKey,
            LookupKey subjectKey,
            @Nullable LookupKey clientKey,
            Instant began,
            int bucket) {
        this.realmKey = Objects.requireNonNull(realmKey, "realmKey");
        this.tokenKey = null;
        this.sessionKey = Objects.requireNonNull(sessionKey, "sessionKey");
        this.subjectKey = Objects.requireNonNull(subjectKey, "subjectKey");
        this.clientKey = clientKey;
        this.signingKeyKey = null;
        this.bucket = bucket;
        this.instants = FactInstants.stored(began);
    }

    /**
     * Starts the facts of a token.
     *
     * @param realm the namespace of everything in it
     * @return a builder
     */
    public static Builder in(Realm realm) {
        return new Builder(realm);
    }

    /**
     * The facts of a stored session, from the keys that a store keeps.
     *
     * @param realmKey of its realm
     * @param sessionKey of its handle
     * @param subjectKey of its subject
     * @param clientKey of its client, or null
     * @param began the instant by which cut-offs judge it
     * @param bucket its routing bucket
     * @return the facts, which name no token and no signing key
     */
    public static TokenFacts ofSession(
            LookupKey realmKey,
            LookupKey sessionKey,
            LookupKey subjectKey,
            @Nullable LookupKey clientKey,
            Instant began,
            int bucket) {
        return new TokenFacts(realmKey, sessionKey, subjectKey, clientKey, began, bucket);
    }

    /** {@return the key of the realm} */
    public LookupKey realmKey() {
        return realmKey;
    }

    /** {@return the key of the token itself, or null for a session} */
    public @Nullable LookupKey tokenKey() {
        return tokenKey;
    }

    /** {@return the key of the session, ours or foreign, or null} */
    public @Nullable LookupKey sessionKey() {
        return sessionKey;
    }

    /** {@return the key of the subject, or null} */
    public @Nullable LookupKey subjectKey() {
        return subjectKey;
    }

    /** {@return the key of the client, or null} */
    public @Nullable LookupKey clientKey() {
        return clientKey;
    }

    /** {@return the key of the key that verified the signature, or null} */
    public @Nullable LookupKey signingKeyKey() {
        return signingKeyKey;
    }

    /**
     * Where revocations of this token or session are kept.
     *
     * @return the bucket of our session id, else of the subject, else of the client, else of the token; 0 to 4095
     */
    public int bucket() {
        return bucket;
    }

    /**
     * {@return the instant by which cut-offs judge; nothing if none is known, and then every cut-off covers these
     * facts}
     */
    public Optional<Instant> began() {
        return instants.whenBegan();
    }

    FactInstants instants() {
        return instants;
    }

    /**
     * Writes the facts, for whoever must judge by them later.
     *
     * @return a new array of at most {@link #MAX_BYTES}, which {@link #fromBytes} reads
     */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        @Nullable LookupKey[] named = {tokenKey, sessionKey, subjectKey, clientKey, signingKeyKey};
        int which = 0;
        for (int i = 0; i < named.length; i++) {
            which |= named[i] == null ? 0 : 1 << i;
        }
        out.put((byte) which).putShort((short) bucket).put(realmKey.toBytes());
        for (LookupKey key : named) {
            if (key != null) {
                out.put(key.toBytes());
            }
        }
        out.putLong(instants.began()).putLong(instants.issued()).putLong(instants.authenticated());
        return Arrays.copyOf(out.array(), out.position());
    }

    /**
     * Reads facts back.
     *
     * @param bytes as {@link #toBytes} wrote them
     * @return the facts
     * @throws IllegalArgumentException if they were not written so
     */
    public static TokenFacts fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int named = bytes.length == 0 ? -1 : in.get();
        if (named < 0
                || named >= 1 << NAMED
                || bytes.length != LEAST_BYTES + Integer.bitCount(named) * LookupKey.BYTES) {
            throw new IllegalArgumentException("these bytes are no facts of a token");
        }
        return new TokenFacts(in, named);
    }

    private TokenFacts(ByteBuffer in, int named) {
        this.bucket = in.getShort() & SessionRef.BUCKET_MASK;
        this.realmKey = key(in);
        this.tokenKey = (named & 1) == 0 ? null : key(in);
        this.sessionKey = (named & 2) == 0 ? null : key(in);
        this.subjectKey = (named & 4) == 0 ? null : key(in);
        this.clientKey = (named & 8) == 0 ? null : key(in);
        this.signingKeyKey = (named & 16) == 0 ? null : key(in);
        this.instants = new FactInstants(in.getLong(), in.getLong(), in.getLong());
    }

    private static LookupKey key(ByteBuffer in) {
        return new LookupKey(in.getLong(), in.getLong());
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return "TokenFacts[session=" + sessionKey + ", subject=" + subjectKey + "]";
    }

    /** Collects what a verified token says. Confined to one thread. */
    public static final class Builder {
        private final Realm realm;
        private @Nullable LookupKey tokenKey;
        private @Nullable SessionHandle session;
        private @Nullable LookupKey subjectKey;
        private @Nullable LookupKey clientKey;
        private @Nullable LookupKey signingKeyKey;
        private @Nullable Instant issuedAt;
        private @Nullable Instant authenticatedAt;
        private Duration skew = Duration.ZERO;

        private Builder(Realm realm) {
            this.realm = Objects.requireNonNull(realm, "realm");
        }

        /**
         * Names the token.
         *
         * @param id the token's identity
         * @return this
         */
        public Builder token(TokenId id) {
            this.tokenKey = id.key(realm);
            return this;
        }

        /**
         * Names the session.
         *
         * @param handle ours or foreign, as the issuer's policy declares; ours proves when it began
         * @return this
         */
        public Builder session(SessionHandle handle) {
            this.session = Objects.requireNonNull(handle, "handle");
            return this;
        }

        /**
         * Names the subject.
         *
         * @param subject of the same realm
         * @return this
         */
        public Builder subject(SubjectId subject) {
            requireSame(subject.realm());
            this.subjectKey = subject.key();
            return this;
        }

        /**
         * Names the client.
         *
         * @param client of the same realm
         * @return this
         */
        public Builder client(ClientId client) {
            requireSame(client.realm());
            this.clientKey = client.key();
            return this;
        }

        /**
         * Names the key that verified the signature.
         *
         * @param thumbprint its RFC 7638 thumbprint, or the configured name of a symmetric key; never the header's
         *     {@code kid}
         * @return this
         */
        public Builder signingKey(String thumbprint) {
            this.signingKeyKey = RevocationTarget.signingKey(thumbprint).key();
            return this;
        }

        /**
         * Sets {@code iat}.
         *
         * @param instant floored to the claim's granularity
         * @return this
         */
        public Builder issuedAt(Instant instant) {
            this.issuedAt = Objects.requireNonNull(instant, "issuedAt");
            return this;
        }

        /**
         * Sets {@code auth_time}.
         *
         * @param instant floored to the claim's granularity
         * @return this
         */
        public Builder authenticatedAt(Instant instant) {
            this.authenticatedAt = Objects.requireNonNull(instant, "authenticatedAt");
            return this;
        }

        /**
         * Sets how far the issuer's clock may be ahead of ours; subtracted from the issuer's instants.
         *
         * @param value not negative
         * @return this
         */
        public Builder skew(Duration value) {
            if (value.isNegative()) {
                throw new IllegalArgumentException("skew must not be negative");
            }
            this.skew = value;
            return this;
        }

        /**
         * Makes the facts.
         *
         * @return the value
         * @throws InvalidIdentifierException if the session id is ours and belongs to another subject's bucket
         */
        public TokenFacts build() {
            if (session == null) {
                return new TokenFacts(this, null, fallbackBucket(), claimed());
            }
            if (session instanceof SessionId ours) {
                if (subjectKey != null && subjectKey.bucket() != ours.bucket()) {
                    throw new InvalidIdentifierException("session id belongs to another subject");
                }
                return new TokenFacts(
                        this,
                        SessionRef.of(realm, ours).key(),
                        ours.bucket(),
                        FactInstants.proven(ours.authenticatedAt()));
            }
            LookupKey key = new SessionRef(realm, session, SessionRef.UNROUTED).key();
            return new TokenFacts(this, key, fallbackBucket(), claimed());
        }

        private FactInstants claimed() {
            return FactInstants.claimed(issuedAt, authenticatedAt, skew);
        }

        private int fallbackBucket() {
            if (subjectKey != null) {
                return subjectKey.bucket();
            }
            if (clientKey != null) {
                return clientKey.bucket();
            }
            return (tokenKey != null ? tokenKey : realm.key()).bucket();
        }

        private void requireSame(Realm other) {
            if (!other.equals(realm)) {
                throw new IllegalArgumentException("facts of one token are of one realm");
            }
        }
    }
}
