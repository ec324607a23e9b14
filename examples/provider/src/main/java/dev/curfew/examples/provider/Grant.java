package dev.curfew.examples.provider;

import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a code stands for. Immutable.
 *
 * @param party that it was made for
 * @param redirect where it was sent
 * @param challenge whose secret the relying party shows with the code (PKCE)
 * @param nonce which the ID token repeats
 * @param scopes that were asked for
 * @param subject who signed in
 * @param session the sign-on at this provider, the {@code sid}
 * @param authenticatedAt when the person proved who they are, the {@code auth_time}
 */
record Grant(
        RelyingParty party,
        URI redirect,
        String challenge,
        Optional<String> nonce,
        Set<String> scopes,
        SubjectId subject,
        SessionHandle session,
        Instant authenticatedAt) {}
