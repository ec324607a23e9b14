package dev.curfew.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One signed-in device or client of a subject, as the host sees it; it holds no secret. Immutable.
 */
public final class Session {
    private final SubjectId subject;
    private final SessionRef ref;
    private final @Nullable ClientId client;
    private final Looks looks;
    private final Map<String, String> attributes;
    private final Evidence evidence;
    private final Times times;
    private final Grant grant;

    /** By what a person recognises it. */
    private record Looks(DeviceInfo device, @Nullable String label) {}

    /** When it began and was used, and when time ends it. */
    private record Times(
            Instant authenticatedAt, Instant createdAt, Instant lastSeenAt, Instant expiresAt, Duration idleTimeout) {}

    /** What it may do, by what credential, and who may send that. */
    private record Grant(
            Set<String> scopes,
            @Nullable SenderKey senderKey,
            @Nullable CredentialKind credential) {}

    private Session(Builder builder) {
        this.subject = builder.subject;
        this.ref = SessionRef.of(subject, builder.handle);
        this.client = builder.client;
        this.looks = new Looks(builder.device, builder.label);
        this.attributes = builder.attributes;
        this.times = new Times(
                Objects.requireNonNull(builder.authenticatedAt, "authenticatedAt"),
                Objects.requireNonNull(builder.createdAt, "createdAt"),
                Objects.requireNonNull(builder.lastSeenAt, "lastSeenAt"),
                Objects.requireNonNull(builder.expiresAt, "expiresAt"),
                Objects.requireNonNull(builder.idleTimeout, "idleTimeout"));
        this.evidence = builder.evidence == null ? Evidence.at(times.authenticatedAt()) : builder.evidence;
        this.grant = new Grant(builder.scopes, builder.senderKey, builder.credential);
    }

    /**
     * Starts a session value.
     *
     * @param subject whose session it is
     * @param handle its public name
     * @return a builder that demands the four instants and the idle timeout
     */
    public static Builder of(SubjectId subject, SessionHandle handle) {
        return new Builder(subject, handle);
    }

    /** {@return a builder with everything set, to change some of it} */
    public Builder toBuilder() {
        Builder builder = of(subject, handle())
                .device(looks.device())
                .attributes(attributes)
                .authenticatedAt(times.authenticatedAt())
                .createdAt(times.createdAt())
                .lastSeenAt(times.lastSeenAt())
                .expiresAt(times.expiresAt())
                .idleTimeout(times.idleTimeout())
                .scopes(grant.scopes());
        builder.client = client;
        builder.label = looks.label();
        builder.evidence = evidence;
        builder.senderKey = grant.senderKey();
        builder.credential = grant.credential();
        return builder;
    }

    /** {@return whose session it is} */
    public SubjectId subject() {
        return subject;
    }

    /** {@return its public name, which authenticates nothing} */
    public SessionHandle handle() {
        return ref.handle();
    }

    /** {@return where a store finds it} */
    public SessionRef ref() {
        return ref;
    }

    /** {@return the application that it was begun by, if one was named} */
    public Optional<ClientId> client() {
        return Optional.ofNullable(client);
    }

    /** {@return the device, by which a person recognises it} */
    public DeviceInfo device() {
        return looks.device();
    }

    /** {@return what the person calls it, if they gave it a name; one line, to be shown as text and not as markup} */
    public Optional<String> label() {
        return Optional.ofNullable(looks.label());
    }

    /** {@return what the host keeps with it, unmodifiable} */
    public Map<String, String> attributes() {
        return attributes;
    }

    /**
     * {@return the instant by which cut-offs judge it, to the millisecond; may lie a moment after the clock at login}
     */
    public Instant authenticatedAt() {
        return times.authenticatedAt();
    }

    /** {@return when it was stored, to the millisecond} */
    public Instant createdAt() {
        return times.createdAt();
    }

    /** {@return when it was last active, to the millisecond, as far as that was written} */
    public Instant lastSeenAt() {
        return times.lastSeenAt();
    }

    /** {@return the first instant at which it is over whatever happens; it never moves} */
    public Instant expiresAt() {
        return times.expiresAt();
    }

    /** {@return how long it may be idle, positive} */
    public Duration idleTimeout() {
        return times.idleTimeout();
    }

    /**
     * {@return how and when the person last proved who they are, to the millisecond: when it began, if nothing more is
     * known}
     */
    public Evidence evidence() {
        return evidence;
    }

    /** {@return what was granted to it, as OAuth names it; unmodifiable, empty if nothing was named} */
    public Set<String> scopes() {
        return grant.scopes();
    }

    /** {@return the key whose proof must come with its credential, if it is bound to one} */
    public Optional<SenderKey> senderKey() {
        return Optional.ofNullable(grant.senderKey());
    }

    /** {@return what kind of secret credential it was begun with, if with one} */
    public Optional<CredentialKind> credential() {
        return Optional.ofNullable(grant.credential());
    }

    /** A pseudonym. */
    @Override
    public String toString() {
        return "Session[" + ref + "]";
    }

    /** Collects the parts of a {@link Session}. Confined to one thread. */
    public static final class Builder {
        private final SubjectId subject;
        private final SessionHandle handle;
        private @Nullable ClientId client;
        private DeviceInfo device = DeviceInfo.unknown();
        private @Nullable String label;
        private Map<String, String> attributes = Map.of();
        private @Nullable Evidence evidence;
        private Set<String> scopes = Set.of();
        private @Nullable SenderKey senderKey;
        private @Nullable CredentialKind credential;
        private @Nullable Instant authenticatedAt;
        private @Nullable Instant createdAt;
        private @Nullable Instant lastSeenAt;
        private @Nullable Instant expiresAt;
        private @Nullable Duration idleTimeout;

        private Builder(SubjectId subject, SessionHandle handle) {
            this.subject = Objects.requireNonNull(subject, "subject");
            this.handle = Objects.requireNonNull(handle, "handle");
        }

        /**
         * Sets the application.
         *
         * @param value the client
         * @return this
         */
        public Builder client(ClientId value) {
            if (!value.realm().equals(subject.realm())) {
                throw new IllegalArgumentException("client and subject must be of one realm");
            }
            this.client = value;
            return this;
        }

        /**
         * Sets the device.
         *
         * @param value the device
         * @return this
         */
        public Builder device(DeviceInfo value) {
            this.device = Objects.requireNonNull(value, "device");
            return this;
        }

        /**
         * Sets the host's attributes.
         *
         * @param value copied
         * @return this
         */
        public Builder attributes(Map<String, String> value) {
            this.attributes = Map.copyOf(value);
            return this;
        }

        /**
         * Sets the instant by which cut-offs judge the session.
         *
         * @param value the instant
         * @return this
         */
        public Builder authenticatedAt(Instant value) {
            this.authenticatedAt = value;
            return this;
        }

        /**
         * Sets when it was stored.
         *
         * @param value the instant
         * @return this
         */
        public Builder createdAt(Instant value) {
            this.createdAt = value;
            return this;
        }

        /**
         * Sets when it was last active.
         *
         * @param value the instant
         * @return this
         */
        public Builder lastSeenAt(Instant value) {
            this.lastSeenAt = value;
            return this;
        }

        /**
         * Sets its absolute end.
         *
         * @param value the instant
         * @return this
         */
        public Builder expiresAt(Instant value) {
            this.expiresAt = value;
            return this;
        }

        /**
         * Sets how long it may be idle.
         *
         * @param value positive
         * @return this
         */
        public Builder idleTimeout(Duration value) {
            this.idleTimeout = value;
            return this;
        }

        /**
         * Sets how and when the person last proved who they are. Without it: when the session began, and nothing more.
         *
         * @param value the evidence, of which the instant is cut to the millisecond
         * @return this
         * @throws InvalidIdentifierException as {@link Evidence#requireStorable} does
         */
        public Builder evidence(Evidence value) {
            this.evidence = value.requireStorable();
            return this;
        }

        /**
         * Sets what the person calls it.
         *
         * @param value a name
         * @return this
         * @throws InvalidIdentifierException as {@link SessionLabel#require} does
         */
        public Builder label(String value) {
            this.label = SessionLabel.require(value);
            return this;
        }

        /**
         * Takes its name away.
         *
         * @return this
         */
        public Builder withoutLabel() {
            this.label = null;
            return this;
        }

        /**
         * Sets what is granted to it.
         *
         * @param value copied
         * @return this
         * @throws InvalidIdentifierException as {@link Scopes#require} does
         */
        public Builder scopes(Set<String> value) {
            this.scopes = Scopes.require(value);
            return this;
        }

        /**
         * Binds its credential to a key.
         *
         * @param value the key whose proof must come with it
         * @return this
         */
        public Builder senderKey(SenderKey value) {
            this.senderKey = Objects.requireNonNull(value, "senderKey");
            return this;
        }

        /**
         * Sets what kind of secret credential it has.
         *
         * @param value the kind
         * @return this
         */
        public Builder credential(CredentialKind value) {
            this.credential = Objects.requireNonNull(value, "credential");
            return this;
        }

        /**
         * Makes the session.
         *
         * @return the value
         * @throws InvalidIdentifierException if the handle is an id of ours that belongs to another subject
         */
        public Session build() {
            return new Session(this);
        }
    }
}
