package dev.curfew.http;

/** Which status codes and bodies the endpoints answer with. */
public enum Profile {
    /**
     * 200 or an error with a JSON body of {@code success} and {@code message}; an expired token is 403, an outage 500.
     * The default.
     */
    GUIDE,
    /**
     * 204 without a body; every bad token is 401 (RFC 6750), errors are {@code application/problem+json} (RFC 9457), an
     * outage is 503 with {@code Retry-After}, and logging out twice is answered as logging out once.
     */
    STANDARDS
}
