package dev.curfew.deliver;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * A request to another party brought no answer. Its message names the rule or the failure, and neither the address nor
 * anything of the request.
 */
public final class OutgoingException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /** Why there is no answer. New reasons may be added. */
    public enum Reason {
        /** The host did not allow it, or its address is one that is never asked: trying again is pointless. */
        NOT_ALLOWED,
        /** As many requests are under way as may be, to this receiver or altogether. */
        BUSY,
        /** There was no connection, or it was lost: no such name, nobody there, no TLS as that name. */
        UNREACHABLE,
        /** The whole answer was not there in time. */
        TIMED_OUT,
        /** The answer was longer than the request allows. */
        TOO_LARGE
    }

    /** Why. */
    private final Reason reason;

    OutgoingException(Reason reason, String detail, @Nullable Throwable cause) {
        super("no answer, " + reason + ": " + detail, cause);
        this.reason = reason;
    }

    /** {@return why there is no answer} */
    public Reason reason() {
        return reason;
    }

    /** {@return false if the same request will fail again: the host must allow it, or the receiver must answer less} */
    @Override
    public boolean isRetryable() {
        return reason != Reason.NOT_ALLOWED && reason != Reason.TOO_LARGE;
    }
}
