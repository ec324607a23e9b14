package dev.curfew.jose;

/** A text is not the JSON object that it should be; says nothing more, since it may be anybody's text. */
public final class NotStrictJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Without a stack trace: whoever sends nonsense should not make us work for it. */
    NotStrictJsonException() {
        super("not strict JSON", null, false, false);
    }
}
