package dev.curfew;

import dev.curfew.session.CurfewException;

/**
 * A session was to begin at a {@link SessionService} that was closed. Nothing was written. Retryable, because another
 * node, or this application after its restart, may begin it: the endpoints and the filters answer it as an outage.
 */
public final class ServiceClosedException extends CurfewException {
    private static final long serialVersionUID = 1L;

    ServiceClosedException() {
        super(
                "the service is closed, and begins no session any more: close it after everything that uses it, and"
                        + " use it no more",
                null);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
