package dev.curfew.token;

import dev.curfew.session.Evidence;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionRef;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, proven by a credential that was authentic and within its times when it was verified. Immutable; only
 * verification makes one.
 *
 * <p>A caller may be revoked: that is the checker's question, and it comes after this one. Whatever takes a caller asks
 * for no more than this type says, so that it does not matter by which kind of credential somebody calls.
 */
public sealed interface Caller extends Authentic permits VerifiedToken, SessionCaller {
    /**
     * How far an issuer's clock, or the start of a login behind a cut-off, may be ahead. Behind a bulk revocation a
     * login begins up to twice the node skew and a second later than the clock: from a node skew of 5 seconds on, that
     * is more than this.
     */
    Duration MOST_AHEAD = Duration.ofSeconds(10);

    /**
     * Reads a session's public handle as the caller's issuer means it: an id of ours, or an issuer's own.
     *
     * @param handle as it stands in a URL
     * @return the session of that handle, which need not exist nor be the caller's; nothing if the handle is malformed,
     *     or is an issuer's own and the caller has no subject
     */
    Optional<SessionRef> sessionNamed(String handle);

    /**
     * How and when the person proved who they are, as far as the credential says so. An instant comes from the
     * credential itself, else from the id of a session of ours.
     *
     * @return the evidence, or nothing if nothing tells when that was
     */
    Optional<Evidence> evidence();

    /**
     * The key to which the credential is bound, so that it is worth nothing without a proof of that key.
     *
     * @return the key, or nothing if anybody may bear the credential
     */
    Optional<SenderKey> senderKey();

    /**
     * Tells whether the credential may be used by a request that proves this key. The host verifies the proof, of DPoP
     * or of mutual TLS; verification of a token does not ask for it, and neither does the checker. The endpoints of
     * {@code dev.curfew.http} ask this for each request. By RFC 9449, section 7.2, a token that is bound to a key of
     * DPoP is to be refused as a bearer token even so.
     *
     * @param proven what the request proves, or null if it proves nothing
     * @return true if the credential is bound to this very key, or to none
     */
    default boolean isUsableWith(@Nullable SenderKey proven) {
        return senderKey().map(bound -> bound.equals(proven)).orElse(true);
    }

    /**
     * Demands that the person has proven who they are lately, before something that is worth it (RFC 9470). An instant
     * in the future by more than ten seconds proves nothing. Where the node skew is 5 seconds or more, that may be the
     * login right behind a bulk revocation, which is challenged until the clock has come near.
     *
     * @param max how long ago the proof may be
     * @param now the instant of the request
     * @param acr the classes of which the proof must be one; any, if none is named
     * @throws ReauthenticationRequiredException if there is no such proof; answer a challenge
     */
    default void requireAuthenticatedWithin(Duration max, Instant now, String... acr)
            throws ReauthenticationRequiredException {
        List<String> demanded = List.of(acr);
        boolean isProven = evidence()
                .filter(proof -> Duration.between(proof.at(), now).compareTo(max) <= 0)
                .filter(proof -> Duration.between(now, proof.at()).compareTo(MOST_AHEAD) <= 0)
                .filter(proof -> demanded.isEmpty()
                        || proof.acr().filter(demanded::contains).isPresent())
                .isPresent();
        if (!isProven) {
            throw new ReauthenticationRequiredException(max, demanded);
        }
    }
}
