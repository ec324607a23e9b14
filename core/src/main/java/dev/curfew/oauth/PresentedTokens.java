package dev.curfew.oauth;

import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import java.util.Objects;
import java.util.Optional;

/**
 * Tells what a presented text is. Session tokens and refresh tokens of Curfew ({@code cfs1_}, {@code cfr1_}) are not
 * asked for. Implementations are thread-safe.
 */
@FunctionalInterface
public interface PresentedTokens {
    /**
     * What a text is. A hint of the client's is not passed on: it must not change the outcome.
     *
     * @param text as it came, of any form
     * @return what it is; nothing for an unknown one, a forged one, or one whose time is over
     * @throws InvalidTokenException as good as nothing
     * @throws dev.curfew.session.CurfewException for an outage, which is answered 503
     */
    Optional<PresentedToken> find(String text);

    /**
     * Access tokens that a verifier reads. No round trip, unless keys have to be loaded.
     *
     * @param verifier of these tokens
     * @return what finds them
     */
    static PresentedTokens verifiedBy(TokenVerifier verifier) {
        Objects.requireNonNull(verifier, "verifier");
        return text -> Optional.of(PresentedToken.access(verifier.verify(text)));
    }

    /**
     * Asks others for what is unknown here: tokens of the host's own form behind JWTs.
     *
     * @param others to be asked then
     * @return both as one
     */
    default PresentedTokens or(PresentedTokens others) {
        Objects.requireNonNull(others, "others");
        return text -> PresentedTokenSearch.find(this, text).or(() -> others.find(text));
    }
}
