package dev.curfew.http;

import dev.curfew.token.VerifiedToken;

/** Whether a request may go on. Immutable. */
public sealed interface AuthenticationResult {
    /**
     * It may.
     *
     * @param token of the caller: authentic, within its times, and not revoked
     */
    record Authenticated(VerifiedToken token) implements AuthenticationResult {}

    /**
     * It may not.
     *
     * @param response to write as it is
     */
    record Refused(EndpointResponse response) implements AuthenticationResult {}
}
