package dev.curfew.oauth;

import dev.curfew.token.InvalidTokenException;
import java.util.Optional;

/** Asks what a text is, of which a refusal says that nobody knows it. */
final class PresentedTokenSearch {
    private PresentedTokenSearch() {}

    static Optional<PresentedToken> find(PresentedTokens tokens, String text) {
        try {
            return tokens.find(text);
        } catch (InvalidTokenException e) {
            return Optional.empty();
        }
    }
}
