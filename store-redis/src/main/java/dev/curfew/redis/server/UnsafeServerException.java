package dev.curfew.redis.server;

import dev.curfew.session.CurfewException;

/**
 * The server is configured so that it may lose or evict revocations, and the host chose to refuse that.
 */
public final class UnsafeServerException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what was found.
     *
     * @param finding what makes the server unsafe
     */
    public UnsafeServerException(String finding) {
        super("Redis is not known to be safe for revocations: " + finding, null);
    }
}
