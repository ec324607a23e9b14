package dev.curfew.http;

import dev.curfew.token.Caller;

/** Whether a request may go on. Immutable. */
public sealed interface AuthenticationResult {
    /**
     * It may.
     *
     * @param caller authentic, within its times, and not revoked
     */
    record Authenticated(Caller caller) implements AuthenticationResult {}

    /**
     * It may not.
     *
     * @param response to write as it is
     */
    record Refused(EndpointResponse response) implements AuthenticationResult {}
}
