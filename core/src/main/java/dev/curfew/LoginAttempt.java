package dev.curfew;

import dev.curfew.refresh.RefreshBinding;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Evidence;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    private final LoginTerms terms;

    LoginAttempt(Logins logins, Instant authenticatedAt, @Nullable SubjectId subject, LoginTerms terms) {
        this.logins = logins;
        this.authenticatedAt = authenticatedAt;
        this.subject = subject;
        this.terms = terms;
    }

    private LoginAttempt with(LoginTerms changed) {
        return new LoginAttempt(logins, authenticatedAt, subject, changed);
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
        return new LoginAttempt(logins, authenticatedAt, Objects.requireNonNull(identified, "subject"), terms);
    }

    /**
     * Names the application that logs in, so that revoking the client ends the session too, and that a refresh token of
     * the session is good for this client only.
     *
     * @param application of the subject's realm
     * @return the same login with its client
     */
    public LoginAttempt client(ClientId application) {
        return with(terms.withClient(Objects.requireNonNull(application, "client")));
    }

    /**
     * Keeps something of the host's with the session.
     *
     * @param values well-formed Unicode; copied
     * @return the same login with these attributes
     */
    public LoginAttempt attributes(Map<String, String> values) {
        return with(terms.withAttributes(values));
    }

    /**
     * Lets the session last shorter than the service's lifetimes say: those are of "remember me", say, and this login
     * does without.
     *
     * @param shorter neither end later than the service's
     * @return the same login with these lifetimes
     * @throws IllegalArgumentException if one is longer than the service's
     */
    public LoginAttempt lifetimes(SessionLifetimes shorter) {
        return with(terms.withLifetimes(logins.rules().requireShorter(shorter)));
    }

    /**
     * Says how the person proved who they are, for {@link dev.curfew.token.Caller#evidence()}.
     *
     * @param acr the class of the proof, as {@code acr} claims name it
     * @param amr the methods, as {@code amr} claims name them (RFC 8176)
     * @return the same login with this evidence
     * @throws dev.curfew.session.InvalidIdentifierException if one of them is longer than 256 characters, or there are
     *     more than 32 methods
     */
    public LoginAttempt evidence(String acr, Set<String> amr) {
        Evidence evidence = new Evidence(authenticatedAt, Optional.of(acr), amr).requireStorable();
        return with(terms.withEvidence(acr, evidence.amr()));
    }

    /**
     * Hands out a session token, which authenticates the session with each request, in a cookie or as a bearer token.
     *
     * @return the same login, whose result has the token
     */
    public LoginAttempt withSessionToken() {
        return with(terms.withCredential(CredentialKind.SESSION_TOKEN, RefreshBinding.none()));
    }

    /**
     * Hands out a session token that is good only with a proof of a key, by DPoP or mutual TLS. The endpoints refuse it
     * without that proof; who authenticates by {@link SessionCredentials#authenticate} asks
     * {@link Caller#isUsableWith}.
     *
     * @param sender the key, whose possession the host has verified
     * @return the same login, whose result has the token
     */
    public LoginAttempt withSessionToken(SenderKey sender) {
        return with(terms.withCredential(
                CredentialKind.SESSION_TOKEN, RefreshBinding.none().sender(sender)));
    }

    /**
     * Hands out a refresh token, which is exchanged for access tokens and for its own successor.
     *
     * @param binding what it is bound to
     * @return the same login, whose result has the token
     * @throws IllegalStateException if the service has no {@link SessionServiceBuilder#refreshTokens}, or the binding's
     *     retry rule needs encryption that the service does not have
     */
    public LoginAttempt withRefreshToken(RefreshBinding binding) {
        logins.rules().requireRefresh(binding);
        return with(terms.withCredential(CredentialKind.REFRESH_TOKEN, binding));
    }

    /**
     * Ends the caller's session in the step in which the new one begins: whoever logs in again on the same device. The
     * session limit does not count it. A session of another subject is left alone.
     *
     * @param caller whose session is replaced
     * @return the same login
     * @throws IllegalArgumentException if the caller has no session, or is another subject than the login was begun for
     */
    public LoginAttempt replacing(Caller caller) {
        SessionRef session = caller.session()
                .orElseThrow(() -> new IllegalArgumentException("the caller has no session that could be replaced"));
        if (subject != null && caller.subject().filter(subject::equals).isEmpty()) {
            throw new IllegalArgumentException("the caller is another subject than the login was begun for");
        }
        return with(terms.replacing(session));
    }

    /**
     * Ties the session to the login at an identity provider from which it begins, so that it ends with that one, on
     * whatever node the provider's logout arrives, also if that overtakes this login. Two round trips more, and one
     * more if the provider names its session.
     *
     * @param login what its verified ID token said
     * @return the same login, which is overtaken if that login has ended
     * @throws IllegalArgumentException if the subject of this login is in the upstream's own realm: a logout there
     *     would end all sessions of the subject, of other providers too
     * @throws IllegalStateException if the store keeps no shared records
     */
    public LoginAttempt upstream(UpstreamLogin login) {
        logins.requireLinks();
        if (subject != null && subject.realm().equals(login.upstream().realm())) {
            throw new IllegalArgumentException("the subject is in the realm \"" + subject.realm()
                    + "\", which is the upstream's own: give the upstream a realm that no session of yours is in");
        }
        return with(terms.from(login));
    }

    /**
     * Begins the session, once the credentials were found to be right. One round trip.
     *
     * @param device what a person will recognise it by
     * @return the session, or why there is none
     * @throws LoginRefusedException if the session's absolute lifetime is over already, the ID token of
     *     {@link #upstream} is a day old, or {@code tokenPolicies(...)} were given and none has the subject's realm
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
     * @throws IllegalStateException if the login is tied to one at a provider, which is known only behind the redirect
     */
    public String seal() {
        if (terms.upstream() != null) {
            throw new IllegalStateException("upstream(...) comes behind the redirect, when the ID token is verified:"
                    + " a login that is tied to one at a provider is not sealed");
        }
        return logins.seal(this);
    }

    /** {@return the instant by which cut-offs will judge the session, to the millisecond} */
    public Instant authenticatedAt() {
        return authenticatedAt;
    }

    Optional<SubjectId> subject() {
        return Optional.ofNullable(subject);
    }

    LoginTerms terms() {
        return terms;
    }
}
