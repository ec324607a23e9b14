package dev.curfew.contract;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A session as a test holds it: the row, and the names behind the row's keys. Immutable.
 *
 * @param subject whose it is
 * @param handle its public name
 * @param row what a store is given
 */
public record GivenSession(SubjectId subject, SessionHandle handle, StoredSession row) {
    /** Checks that nothing is missing. */
    public GivenSession {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(handle, "handle");
        Objects.requireNonNull(row, "row");
    }

    /** {@return where it is to be found} */
    public SessionRef ref() {
        return SessionRef.of(subject, handle);
    }

    /** {@return what a revocation of it names} */
    public RevocationTarget target() {
        return RevocationTarget.session(ref());
    }

    /** {@return what spares it from a cut-off} */
    public ExemptSession exempt() {
        return ExemptSession.of(ref());
    }

    /**
     * An access token of it, issued and authenticated when it began.
     *
     * @param jti the token's id
     * @return the facts
     */
    public TokenFacts token(String jti) {
        return TokenFacts.in(subject.realm())
                .token(TokenId.ofJti(jti))
                .session(handle)
                .subject(subject)
                .issuedAt(row.authenticatedAt())
                .authenticatedAt(row.authenticatedAt())
                .build();
    }

    /** Collects the parts of a {@link GivenSession}. Confined to one thread. */
    public static final class Builder {
        private final SubjectId subject;
        private Instant began = Given.NOW;
        private @Nullable Instant stored;
        private Duration absolute = Duration.ofDays(30);
        private Duration idle = Duration.ofDays(30);
        private @Nullable SessionHandle handle;
        private @Nullable ClientId client;
        private @Nullable String secret;
        private byte[] credential = {};
        private byte[] payload = {1, 2, 3};

        Builder(SubjectId subject) {
            this.subject = Objects.requireNonNull(subject, "subject");
        }

        /**
         * Sets when it began.
         *
         * @param instant the session's {@code authenticatedAt}
         * @return this
         */
        public Builder began(Instant instant) {
            this.began = instant;
            return this;
        }

        /**
         * Sets when it is stored, and so last seen; else when it began.
         *
         * @param instant the session's {@code createdAt}
         * @return this
         */
        public Builder stored(Instant instant) {
            this.stored = instant;
            return this;
        }

        /**
         * Sets how long it lasts from its beginning, in all.
         *
         * @param duration until its absolute end
         * @return this
         */
        public Builder lasting(Duration duration) {
            this.absolute = duration;
            return this;
        }

        /**
         * Sets how long it may be idle.
         *
         * @param duration until its idle end
         * @return this
         */
        public Builder idle(Duration duration) {
            this.idle = duration;
            return this;
        }

        /**
         * Gives it the handle of a foreign provider.
         *
         * @param sid the provider's name for it
         * @return this
         */
        public Builder foreign(String sid) {
            this.handle = new ForeignSessionId(sid);
            return this;
        }

        /**
         * Gives it an id of ours, in place of a new one.
         *
         * @param id of the same subject
         * @return this
         */
        public Builder id(SessionId id) {
            this.handle = id;
            this.began = id.authenticatedAt();
            return this;
        }

        /**
         * Sets the application that it was begun by.
         *
         * @param value the client
         * @return this
         */
        public Builder client(ClientId value) {
            this.client = value;
            return this;
        }

        /**
         * Sets its secret.
         *
         * @param value the text, of which the row has the hash
         * @return this
         */
        public Builder secret(String value) {
            this.secret = value;
            return this;
        }

        /**
         * Sets what stands beside its secret.
         *
         * @param value at most 255 bytes
         * @return this
         */
        public Builder credential(byte[] value) {
            this.credential = value.clone();
            return this;
        }

        /**
         * Sets what the store does not understand.
         *
         * @param value any bytes
         * @return this
         */
        public Builder payload(byte[] value) {
            this.payload = value.clone();
            return this;
        }

        /**
         * Makes the session.
         *
         * @return the value
         */
        public GivenSession build() {
            SessionHandle named = handle == null ? Given.sessionId(subject, began) : handle;
            Instant end = began.plus(absolute);
            StoredSession.Builder row = StoredSession.of(subject, SessionRef.of(subject, named))
                    .authenticatedAt(began)
                    .createdAt(stored == null ? began : stored)
                    .ends(end, idle)
                    .forgetAfter(earlier(end.plus(Given.LONGEST_TOKEN), Revocation.NEVER))
                    .credential(credential)
                    .payload(payload);
            if (client != null) {
                row.clientKey(client.key());
            }
            if (secret != null) {
                row.secretHash(SecretHash.of(secret));
            }
            return new GivenSession(subject, named, row.build());
        }

        private static Instant earlier(Instant a, Instant b) {
            return a.isBefore(b) ? a : b;
        }
    }
}
