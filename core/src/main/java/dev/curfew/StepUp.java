package dev.curfew;

import dev.curfew.crypto.SecretToken;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Evidence;
import dev.curfew.session.SessionRef;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionRenewal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A proof of more than was proven at the login, begun before it is checked. Immutable.
 *
 * <p>The session goes on. Its secret is exchanged together with its evidence, so that a token that was stolen before
 * does not gain what the person has proven.
 */
public final class StepUp {
    private final SessionCredentials credentials;
    private final SessionRef session;
    private final Instant begun;

    StepUp(SessionCredentials credentials, SessionRef session, Instant begun) {
        this.credentials = credentials;
        this.session = session;
        this.begun = begun;
    }

    /**
     * Carries this step-up across a redirect, for example to an identity provider and back: encrypted and
     * authenticated, so that it may travel in a cookie or a {@code state} parameter.
     * {@link SessionCredentials#resumeStepUp} takes it up again for the same session, within an hour of its beginning,
     * and only where the same {@link SessionServiceBuilder#loginSealingKey} is set. It proves nothing by itself. No
     * round trip.
     *
     * @return text of base64url characters
     */
    public String seal() {
        return credentials.seal(session, begun);
    }

    /**
     * The evidence, for an access token that is issued now to a client without a session token or a refresh token of
     * ours; the session keeps its old evidence then.
     *
     * @param acr the class of the proof, as {@code acr} claims name it
     * @param amr the methods, as {@code amr} claims name them (RFC 8176)
     * @return with the instant at which the step-up began
     * @throws dev.curfew.session.InvalidIdentifierException if one of them is empty or longer than 256 characters, or
     *     there are more than 32 methods
     */
    public Evidence evidence(String acr, Set<String> amr) {
        return new Evidence(begun, Optional.of(acr), amr).requireStorable();
    }

    /**
     * Writes the evidence to the session and exchanges its secret, once the proof was found to be right. Two round
     * trips. A token that is bound to a key is refused as of the wrong sender, be it a session token or a refresh
     * token, and one of a session with a client as of the wrong client if it is a refresh token: those need a renewal
     * that names them.
     *
     * @param acr the class of the proof, as {@code acr} claims name it
     * @param amr the methods, as {@code amr} claims name them (RFC 8176)
     * @param presented the session token or refresh token that the client has, as it came
     * @return the new token, or why there is none; a token of another session than the caller's is refused as invalid
     * @throws dev.curfew.session.InvalidIdentifierException if {@code acr} or a method is empty or longer than 256
     *     characters, or there are more than 32 methods; nothing was exchanged
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer; the exchange may have happened
     */
    public RenewResult complete(String acr, Set<String> amr, String presented) {
        return complete(acr, amr, presented, SessionRenewal.ofSecret());
    }

    /**
     * The same with more to write or to prove: an attempt key, so that it can be repeated, the client of a refresh
     * token, or the key to which a session token or a refresh token is bound.
     *
     * @param acr the class of the proof, as {@code acr} claims name it
     * @param amr the methods, as {@code amr} claims name them (RFC 8176)
     * @param presented the session token or refresh token that the client has, as it came
     * @param renewal whose evidence is replaced
     * @return the new token, or why there is none; a token of another session than the caller's is refused as invalid
     * @throws dev.curfew.session.InvalidIdentifierException if {@code acr} or a method is empty or longer than 256
     *     characters, or there are more than 32 methods; nothing was exchanged
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer; the exchange may have happened
     */
    public RenewResult complete(String acr, Set<String> amr, String presented, SessionRenewal renewal) {
        boolean isOfCaller = SecretToken.parse(presented)
                .filter(token ->
                        SessionRef.of(session.realm(), token.session()).key().equals(session.key()))
                .isPresent();
        return isOfCaller
                ? credentials.renew(session.realm(), presented, renewal.evidence(evidence(acr, amr)))
                : RenewResult.Refused.because(CredentialRefusal.INVALID);
    }
}
