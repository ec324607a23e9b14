package dev.curfew;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.token.SubjectIdentifier;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream says has ended: values only, made from a message that was verified. Immutable.
 *
 * <p>A message is named by its upstream and its id ({@code jti}), so that whoever hears of it again, on whatever node,
 * means the same act.
 */
public final class UpstreamSignal {
    private final Upstream upstream;
    private final String messageId;
    private final String subjectIssuer;
    private final @Nullable String subject;
    private final @Nullable SubjectIdentifier identifier;
    private final @Nullable String session;
    private final SubjectIdentifier.@Nullable JwtId token;
    private final Instant endedAt;
    private final RevocationReason reason;
    private final Actor.Kind initiator;

    private UpstreamSignal(Builder builder, Instant endedAt) {
        this.upstream = builder.upstream;
        this.messageId = builder.messageId;
        this.subjectIssuer = builder.subjectIssuer;
        this.subject = builder.subject;
        this.identifier = builder.identifier;
        this.session = builder.session;
        this.token = builder.token;
        this.endedAt = endedAt;
        this.reason = builder.reason;
        this.initiator = builder.initiator;
    }

    /**
     * Begins what one message says.
     *
     * @param upstream whose message it is, as its verification has proven
     * @param messageId its {@code jti}
     * @return a builder
     */
    public static Builder of(Upstream upstream, String messageId) {
        return new Builder(upstream, messageId);
    }

    /** {@return whose message it is} */
    public Upstream upstream() {
        return upstream;
    }

    /** {@return the name of the message, its {@code jti}} */
    public String messageId() {
        return messageId;
    }

    /** {@return whom it is about, as {@link #subjectIssuer} names them, if it says} */
    public Optional<String> subject() {
        return Optional.ofNullable(subject);
    }

    /** {@return who named the subject; the upstream itself unless it said otherwise} */
    public String subjectIssuer() {
        return subjectIssuer;
    }

    /**
     * {@return whom it is about, where it says so by another name than an issuer and its {@code sub}: an email address,
     * say, or several names}
     */
    public Optional<SubjectIdentifier> identifier() {
        return Optional.ofNullable(identifier);
    }

    /** {@return which one token it is about, if it is about one} */
    public Optional<SubjectIdentifier.JwtId> token() {
        return Optional.ofNullable(token);
    }

    /** {@return which session of the upstream's it is about, if it says} */
    public Optional<String> session() {
        return Optional.ofNullable(session);
    }

    /** {@return up to when logins are over, by the upstream's clock} */
    public Instant endedAt() {
        return endedAt;
    }

    /** {@return why} */
    public RevocationReason reason() {
        return reason;
    }

    /** {@return what sort of actor began it} */
    public Actor.Kind initiator() {
        return initiator;
    }

    /** Names nobody. */
    @Override
    public String toString() {
        return "UpstreamSignal[" + upstream + ", " + reason + " at " + endedAt + "]";
    }

    /** Collects what a message says. Confined to one thread. */
    public static final class Builder {
        private final Upstream upstream;
        private final String messageId;
        private String subjectIssuer;
        private @Nullable String subject;
        private @Nullable SubjectIdentifier identifier;
        private @Nullable String session;
        private SubjectIdentifier.@Nullable JwtId token;
        private @Nullable Instant endedAt;
        private RevocationReason reason = RevocationReason.BACKCHANNEL_LOGOUT;
        private Actor.Kind initiator = Actor.Kind.SYSTEM;

        private Builder(Upstream upstream, String messageId) {
            this.upstream = Objects.requireNonNull(upstream, "upstream");
            this.messageId = Objects.requireNonNull(messageId, "messageId");
            this.subjectIssuer = upstream.issuer();
        }

        /**
         * Names whom it is about.
         *
         * @param value as the upstream names them
         * @return this
         */
        public Builder subject(String value) {
            return subject(upstream.issuer(), value);
        }

        /**
         * Names whom it is about, in the words of another issuer.
         *
         * @param issuer who names them so; none but an {@linkplain Upstream#subjectIssuers issuer that the upstream may
         *     speak about} has an effect
         * @param value their {@code sub}
         * @return this
         */
        public Builder subject(String issuer, String value) {
            this.subjectIssuer = Objects.requireNonNull(issuer, "issuer");
            this.subject = Objects.requireNonNull(value, "subject");
            this.identifier = null;
            return this;
        }

        /**
         * Names whom it is about, by whatever name. One of an issuer and its {@code sub} is as
         * {@link #subject(String, String)}, an opaque one as {@link #subject(String)}; for any other the upstream's
         * {@linkplain Upstream.Builder#subjects resolver} is asked, for each one of {@linkplain
         * SubjectIdentifier.Aliases several}, and whoever is found under one of them is meant.
         *
         * @param value neither complex nor a token
         * @return this
         */
        public Builder subject(SubjectIdentifier value) {
            Objects.requireNonNull(value, "subject");
            if (value instanceof SubjectIdentifier.IssSub person) {
                return subject(person.iss(), person.sub());
            }
            if (value instanceof SubjectIdentifier.Opaque own) {
                return subject(own.id());
            }
            if (value instanceof SubjectIdentifier.Complex || value instanceof SubjectIdentifier.JwtId) {
                throw new IllegalArgumentException("subject(...) is one subject, and is " + value);
            }
            this.subject = null;
            this.identifier = value;
            return this;
        }

        /**
         * Says that it is about one token alone, whoever it is of and whenever it was issued.
         *
         * @param value with the upstream itself as issuer: any other has no effect
         * @return this
         */
        public Builder token(SubjectIdentifier.JwtId value) {
            this.token = Objects.requireNonNull(value, "token");
            return this;
        }

        /**
         * Names the session that it is about.
         *
         * @param value the upstream's own {@code sid}
         * @return this
         */
        public Builder session(String value) {
            this.session = Objects.requireNonNull(value, "session");
            return this;
        }

        /**
         * Says up to when logins are over.
         *
         * @param value the message's own instant, whenever it came
         * @return this
         */
        public Builder endedAt(Instant value) {
            this.endedAt = Objects.requireNonNull(value, "endedAt");
            return this;
        }

        /**
         * Says why, and what sort of actor began it.
         *
         * @param newReason the provider's logout unless said otherwise
         * @param newInitiator the provider's machinery unless said otherwise
         * @return this
         */
        public Builder because(RevocationReason newReason, Actor.Kind newInitiator) {
            this.reason = Objects.requireNonNull(newReason, "reason");
            this.initiator = Objects.requireNonNull(newInitiator, "initiator");
            return this;
        }

        /**
         * Makes the signal.
         *
         * @return the value
         * @throws IllegalStateException if it names neither a subject, nor a session, nor a token; a token beside one
         *     of the others; or no instant
         */
        public UpstreamSignal build() {
            boolean isAboutLogins = subject != null || identifier != null || session != null;
            if (!isAboutLogins && token == null) {
                throw new IllegalStateException(
                        "a signal names whom it is about: subject(...), session(...), or both;" + " or token(...)");
            }
            if (isAboutLogins && token != null) {
                throw new IllegalStateException(
                        "a signal is about token(...) alone, or about subject(...) and" + " session(...)");
            }
            if (endedAt == null) {
                throw new IllegalStateException(
                        "a signal says up to when logins are over: endedAt(...), the message's own instant");
            }
            return new UpstreamSignal(this, endedAt);
        }
    }
}
