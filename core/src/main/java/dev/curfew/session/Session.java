package dev.curfew.session;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One signed-in device or client of a subject, as the host sees it; it holds no secret. Immutable.
 */
public final class Session {
    private final SubjectId subject;
    private final SessionHandle handle;
    private final SessionRef ref;
    private final @Nullable ClientId client;
    private final DeviceInfo device;
    private final Map<String, String> attributes;
    private final Instant authenticatedAt;
    private final Instant createdAt;
    private final Instant lastSeenAt;
    private final Instant expiresAt;

    private Session(Builder builder) {
        this.subject = builder.subject;
        this.handle = builder.handle;
        this.ref = SessionRef.of(subject, handle);
        this.client = builder.client;
        this.device = builder.device;
        this.attributes = builder.attributes;
        this.authenticatedAt = Objects.requireNonNull(builder.authenticatedAt, "authenticatedAt");
        this.createdAt = Objects.requireNonNull(builder.createdAt, "createdAt");
        this.lastSeenAt = Objects.requireNonNull(builder.lastSeenAt, "lastSeenAt");
        this.expiresAt = Objects.requireNonNull(builder.expiresAt, "expiresAt");
    }

    /**
     * Starts a session value.
     *
     * @param subject whose session it is
     * @param handle its public name
     * @return a builder that demands the four instants
     */
    public static Builder of(SubjectId subject, SessionHandle handle) {
        return new Builder(subject, handle);
    }

    /** {@return whose session it is} */
    public SubjectId subject() {
        return subject;
    }

    /** {@return its public name, which authenticates nothing} */
    public SessionHandle handle() {
        return handle;
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
        return device;
    }

    /** {@return what the host keeps with it, unmodifiable} */
    public Map<String, String> attributes() {
        return attributes;
    }

    /**
     * {@return the instant by which cut-offs judge it, to the millisecond; may lie a moment after the clock at login}
     */
    public Instant authenticatedAt() {
        return authenticatedAt;
    }

    /** {@return when it was stored, to the millisecond} */
    public Instant createdAt() {
        return createdAt;
    }

    /** {@return when it was last active, to the millisecond, as far as that was written} */
    public Instant lastSeenAt() {
        return lastSeenAt;
    }

    /** {@return the first instant at which it is over whatever happens; it never moves} */
    public Instant expiresAt() {
        return expiresAt;
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
        private Map<String, String> attributes = Map.of();
        private @Nullable Instant authenticatedAt;
        private @Nullable Instant createdAt;
        private @Nullable Instant lastSeenAt;
        private @Nullable Instant expiresAt;

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
