package dev.curfew.revocation;

import dev.curfew.session.ClientId;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.util.Objects;
import java.util.Optional;

/**
 * What is revoked, in the constant size in which it is stored. Immutable.
 *
 * @param kind what sort of thing
 * @param key its lookup key: that which {@link TokenFacts} of whatever it may cover have for the same thing, so that a
 *     store finds it by theirs; a realm's is its {@code realm}, too. No two sorts of things share a key
 * @param realm the lookup key of its realm; {@link #NO_REALM} for a signing key and for a birth
 * @param bucket where it is kept: 0 to 4095, or {@link #EVERYWHERE} for what may cover facts of any bucket; for a
 *     birth, the number of its partition
 */
public record RevocationTarget(Kind kind, LookupKey key, LookupKey realm, int bucket) {
    /** The bucket of a target that may cover facts of any bucket. */
    public static final int EVERYWHERE = -1;

    /** The realm of a target that belongs to none. */
    public static final LookupKey NO_REALM = new LookupKey(0, 0);

    /** The sorts of targets. The codes are stored and never change their meaning. */
    public enum Kind {
        /** One token. */
        TOKEN(1, false),
        /** One session of ours, with every token that carries its id. */
        SESSION(2, false),
        /** One session of a foreign provider, which may use its id again for a later login. */
        FOREIGN_SESSION(3, false),
        /** Whatever of one subject began at or before an instant. */
        SUBJECT(4, true),
        /** Whatever of one client began at or before an instant. */
        CLIENT(5, true),
        /** Whatever of one realm began at or before an instant. */
        REALM(6, true),
        /** Whatever one key verified. */
        SIGNING_KEY(7, false),
        /** Whatever belongs to a partition of the store and is older than it. */
        BIRTH(8, true);

        private static final Kind[] ALL = values();

        private final int code;
        private final boolean cutOff;

        Kind(int code, boolean cutOff) {
            this.code = code;
            this.cutOff = cutOff;
        }

        /** {@return the number that stores write, 1 to 127} */
        public int code() {
            return code;
        }

        /** {@return whether it covers what began at or before {@code issuedBefore}} */
        public boolean isCutOff() {
            return cutOff;
        }

        /**
         * {@return whether a session ends with it; false for a token and a signing key, which end some of its tokens}
         */
        public boolean coversSessions() {
            return this != TOKEN && this != SIGNING_KEY;
        }

        /**
         * Tells whether an instant of the entry decides what is covered: of a cut-off, and of a foreign session, whose
         * id may come back with a later login.
         *
         * @return false for what is covered by its name alone
         */
        public boolean dependsOnInstant() {
            return cutOff || this == FOREIGN_SESSION;
        }

        /** {@return whether it is one session, ours or foreign} */
        public boolean isSession() {
            return this == SESSION || this == FOREIGN_SESSION;
        }

        /** {@return whether the sessions that it ends can be listed; true for a session and a subject} */
        public boolean namesSessions() {
            return isSession() || this == SUBJECT;
        }

        /** {@return whether anybody counts what it ends; true for a token, a session and a subject} */
        public boolean isCounted() {
            return namesSessions() || this == TOKEN;
        }

        /**
         * Reads a stored number.
         *
         * @param code what was stored
         * @return the kind, or nothing if a newer version wrote it
         */
        public static Optional<Kind> ofCode(int code) {
            for (Kind kind : ALL) {
                if (kind.code == code) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    /** Checks that nothing is missing. */
    public RevocationTarget {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(realm, "realm");
        if (bucket < EVERYWHERE || bucket > SessionRef.BUCKET_MASK) {
            throw new IllegalArgumentException("bucket must be -1 to 4095");
        }
    }

    /**
     * The token that these facts describe.
     *
     * @param facts of a verified token
     * @return the target, kept where the token's facts belong
     */
    public static RevocationTarget token(TokenFacts facts) {
        LookupKey key = Objects.requireNonNull(facts.tokenKey(), "facts without a token");
        return new RevocationTarget(Kind.TOKEN, key, facts.realmKey(), facts.bucket());
    }

    /**
     * One token, whoever it is of.
     *
     * @param realm in which it is named
     * @param token its identity
     * @return the target, kept where it covers facts of any bucket
     */
    public static RevocationTarget token(Realm realm, TokenId token) {
        return new RevocationTarget(Kind.TOKEN, token.key(realm), realm.key(), EVERYWHERE);
    }

    /**
     * One session.
     *
     * @param session ours or foreign
     * @return the target
     */
    public static RevocationTarget session(SessionRef session) {
        Kind kind = session.isForeign() ? Kind.FOREIGN_SESSION : Kind.SESSION;
        return new RevocationTarget(kind, session.key(), session.realm().key(), session.bucket());
    }

    /**
     * One subject.
     *
     * @param subject whose tokens and sessions
     * @return the target
     */
    public static RevocationTarget subject(SubjectId subject) {
        LookupKey key = subject.key();
        return new RevocationTarget(Kind.SUBJECT, key, subject.realm().key(), key.bucket());
    }

    /**
     * One client.
     *
     * @param client whose tokens and sessions, of all subjects
     * @return the target
     */
    public static RevocationTarget client(ClientId client) {
        return new RevocationTarget(Kind.CLIENT, client.key(), client.realm().key(), EVERYWHERE);
    }

    /**
     * A whole realm.
     *
     * @param realm whose tokens and sessions
     * @return the target
     */
    public static RevocationTarget realm(Realm realm) {
        return new RevocationTarget(Kind.REALM, realm.key(), realm.key(), EVERYWHERE);
    }

    /**
     * One signing key, in whatever realm it is trusted.
     *
     * @param thumbprint its RFC 7638 thumbprint, or the configured name of a symmetric key
     * @return the target
     * @throws dev.curfew.session.InvalidIdentifierException if it is empty, or a blank stands at its begin or end: no
     *     key has such a name
     */
    public static RevocationTarget signingKey(String thumbprint) {
        return new RevocationTarget(
                Kind.SIGNING_KEY, LookupKey.ofName("signing-key", thumbprint), NO_REALM, EVERYWHERE);
    }

    /**
     * A partition of a store, at its birth.
     *
     * @param partition its number
     * @param partitions how many there are, a power of two of at most 4096
     * @return the target
     */
    public static RevocationTarget birth(int partition, int partitions) {
        if (Integer.bitCount(partitions) != 1
                || partitions > SessionRef.BUCKET_MASK + 1
                || partition < 0
                || partition >= partitions) {
            throw new IllegalArgumentException("partitions must be a power of two up to 4096, and hold the partition");
        }
        return new RevocationTarget(Kind.BIRTH, new LookupKey(0, partitions), NO_REALM, partition);
    }

    /** Whether these facts carry what this target names; instants do not count here. */
    boolean names(TokenFacts facts) {
        return switch (kind) {
            case TOKEN -> key.equals(facts.tokenKey());
            case SESSION, FOREIGN_SESSION -> key.equals(facts.sessionKey());
            case SUBJECT -> key.equals(facts.subjectKey());
            case CLIENT -> key.equals(facts.clientKey());
            case REALM -> key.equals(facts.realmKey());
            case SIGNING_KEY -> key.equals(facts.signingKeyKey());
            case BIRTH -> (facts.bucket() & (int) (key.low() - 1)) == bucket;
        };
    }
}
