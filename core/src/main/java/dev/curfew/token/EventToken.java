package dev.curfew.token;

import dev.curfew.session.Realm;
import dev.curfew.token.EventTokenPolicy.Profile;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message whose signature, issuer, audience, type and times were right when it was verified; only an
 * {@link EventTokenVerifier} makes one. Immutable.
 */
public final class EventToken {
    private final EventTokenPolicy policy;
    private final EventContent content;
    private final Map<String, @Nullable Object> claims;

    EventToken(EventTokenPolicy policy, EventContent content, Map<String, @Nullable Object> claims) {
        this.policy = policy;
        this.content = content;
        this.claims = claims;
    }

    /** {@return what the message was verified to be} */
    public Profile profile() {
        return policy.profile();
    }

    /** {@return the realm of everything that the message names} */
    public Realm realm() {
        return policy.realm();
    }

    /** {@return the exact issuer of the policy, which signed the message} */
    public String issuer() {
        return policy.issuer();
    }

    /**
     * What tells the message from all others of its issuer.
     *
     * @return the claim {@code jti}; of a status list without one, a hash of what was signed
     */
    public String id() {
        return content.id();
    }

    /**
     * When the issuer signed it.
     *
     * @return the claim {@code iat}, to the second, never later than now and skew; of a client assertion without it,
     *     {@code exp} less the longest lifetime, which is not later
     */
    public Instant issuedAt() {
        return content.times().issuedAt();
    }

    /** {@return the claim {@code exp}, to the second, or nothing if the message has none} */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(content.times().expiresAt());
    }

    /**
     * {@return when the event happened, the claim {@code toe} (RFC 8417 section 2.2), to the second, or nothing if the
     * message does not tell}
     */
    public Optional<Instant> happenedAt() {
        return Optional.ofNullable(content.times().happenedAt());
    }

    /**
     * The claim {@code sub}.
     *
     * @return not empty; nothing if the message has none, and always nothing of a security event
     */
    public Optional<String> subject() {
        return Optional.ofNullable(content.names().subject());
    }

    /**
     * The claim {@code sid} of a logout token.
     *
     * @return not empty; nothing if the message has none, and always nothing of the other profiles
     */
    public Optional<String> sessionId() {
        return Optional.ofNullable(content.names().sessionId());
    }

    /** {@return the claim {@code txn}, equal in messages of one cause, or nothing if it is no text or not there} */
    public Optional<String> transaction() {
        return Optional.ofNullable(content.names().transaction());
    }

    /**
     * Whom or what a security event is about: the claim {@code sub_id} (RFC 9493), or the {@code subject} inside the
     * event where the policy says {@link EventTokenPolicy.Builder#legacySubject()}.
     *
     * @return nothing of the other profiles, and of a verification event in the old dialect, which has none
     */
    public Optional<SubjectIdentifier> subjectIdentifier() {
        return Optional.ofNullable(content.names().subjectIdentifier());
    }

    /**
     * The one event: its type, and its members. Of a logout token, the logout event.
     *
     * @return the event
     * @throws IllegalStateException if messages of this profile tell of no event: a status list, an assertion
     */
    public EventBody event() {
        if (content.event() == null) {
            throw new IllegalStateException("a message of the profile " + profile() + " tells of no event");
        }
        return content.event();
    }

    /**
     * All claims as they were read, for the host's own use.
     *
     * @return an unmodifiable map of JSON values: String, Long, Double, Boolean, List, Map or null
     */
    public Map<String, @Nullable Object> claims() {
        return claims;
    }

    /** The profile and a pseudonym of the realm, nothing that the issuer wrote. */
    @Override
    public String toString() {
        return "EventToken[profile=" + profile() + ", realm=" + realm().key() + "]";
    }
}
