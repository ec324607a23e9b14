package dev.curfew.work;

import org.jspecify.annotations.Nullable;

/**
 * Where a failure came from without what it said: messages of unknown exceptions may quote a token or a claim, and logs
 * must not.
 */
public final class RedactedException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 8;

    public RedactedException(Throwable original) {
        this(original, MAX_CAUSES);
    }

    private RedactedException(Throwable original, int causes) {
        super(original.getClass().getName(), cause(original, causes), false, true);
        setStackTrace(original.getStackTrace());
    }

    private static @Nullable RedactedException cause(Throwable original, int causes) {
        Throwable cause = original.getCause();
        return cause == null || causes == 0 ? null : new RedactedException(cause, causes - 1);
    }
}
