package dev.curfew;

import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A login that was begun before its credentials are checked, so that a revocation in between ends it. Immutable.
 *
 * <p>Its beginning is fixed: completing it reads neither the clock nor the cut-offs to decide on which side of a
 * cut-off it stands.
 */
public final class LoginAttempt {
    private final Logins logins;
    private final Instant authenticatedAt;
    private final @Nullable SubjectId subject;
    private final @Nullable ClientId client;
    private final Map<String, String> attributes;

    LoginAttempt(
            Logins logins,
            Instant authenticatedAt,
            @Nullable SubjectId subject,
            @Nullable ClientId client,
            Map<String, String> attributes) {
        this.logins = logins;
        this.authenticatedAt = authenticatedAt;
        this.subject = subject;
        this.client = client;
        this.attributes = Map.copyOf(attributes);
    }

    /**
     * Names the subject of a login that was begun without one.
     *
     * @param identified who it turned out to be
     * @return the same login with its subject
     * @throws IllegalStateException if it was begun for another subject
     */
    public LoginAttempt identifiedAs(SubjectId identified) {
        if (subject != null && !subject.equals(identified)) {
            throw new IllegalStateException("the login was begun for another subject: begin again");
        }
        return new LoginAttempt(
                logins, authenticatedAt, Objects.requireNonNull(identified, "subject"), client, attributes);
    }

    /**
     * Names the application that logs in, so that revoking the client ends the session too.
     *
     * @param application of the subject's realm
     * @return the same login with its client
     */
    public LoginAttempt client(ClientId application) {
        return new LoginAttempt(
                logins, authenticatedAt, subject, Objects.requireNonNull(application, "client"), attributes);
    }

    /**
     * Keeps something of the host's with the session.
     *
     * @param values well-formed Unicode; copied
     * @return the same login with these attributes
     */
    public LoginAttempt attributes(Map<String, String> values) {
        return new LoginAttempt(logins, authenticatedAt, subject, client, values);
    }

    /**
     * Begins the session, once the credentials were found to be right. One round trip.
     *
     * @param device what a person will recognise it by
     * @return the session, or why there is none
     * @throws LoginRefusedException if the session's absolute lifetime is over already, or {@code tokenPolicies(...)}
     *     were given and none has the subject's realm
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer
     * @throws dev.curfew.store.StoreFullException if a bounded store has no room
     */
    public LoginResult complete(DeviceInfo device) {
        if (subject == null) {
            throw new IllegalStateException("call identifiedAs(subject) before complete(device)");
        }
        return logins.complete(this, subject, Objects.requireNonNull(device, "device"));
    }

    /**
     * Carries this login across a redirect, for example to an identity provider and back: encrypted and authenticated,
     * so that it may travel in a cookie or a {@code state} parameter. {@link SessionService#resumeLogin} takes it up
     * again, within an hour, and only where the same {@link SessionServiceBuilder#loginSealingKey} is set. No round
     * trip.
     *
     * @return text of base64url characters
     */
    public String seal() {
        return logins.seal(this);
    }

    /** {@return the instant by which cut-offs will judge the session, to the millisecond} */
    public Instant authenticatedAt() {
        return authenticatedAt;
    }

    Optional<SubjectId> subject() {
        return Optional.ofNullable(subject);
    }

    Optional<ClientId> client() {
        return Optional.ofNullable(client);
    }

    Map<String, String> attributes() {
        return attributes;
    }
}
