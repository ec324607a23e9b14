package dev.curfew.http;

import org.jspecify.annotations.Nullable;

/**
 * Reads a text as the kind of token that its beginning says it is. Thread-safe.
 *
 * @param sessionTokens for what begins as a session token
 * @param accessTokens for everything else, or null if nothing else is a token
 */
record TokenReaders(TokenReader sessionTokens, @Nullable TokenReader accessTokens) implements TokenReader {
    @Override
    public @Nullable Presented read(EndpointRequest request, String text, Purpose purpose) throws Rejection {
        if (SessionTokenReader.isMeant(text)) {
            return sessionTokens.read(request, text, purpose);
        }
        return accessTokens == null ? null : accessTokens.read(request, text, purpose);
    }

    @Override
    public TokenReader withoutWaiting() {
        return new TokenReaders(
                sessionTokens.withoutWaiting(), accessTokens == null ? null : accessTokens.withoutWaiting());
    }
}
