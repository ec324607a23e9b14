package dev.curfew.http;

/**
 * The body of a request is not a form that can be read in one way only. The message quotes nothing of it.
 */
public final class UnreadableFormException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with a body. */
    public enum Flaw {
        /** It is longer than {@link FormParameters#MAX_BYTES}. */
        TOO_LARGE(413),
        /** The request does not say that it is {@code application/x-www-form-urlencoded}. */
        MEDIA_TYPE(415),
        /** A name or a value is not encoded as forms are, or not in UTF-8. */
        MALFORMED(400),
        /** A parameter that may come once came more than once. */
        REPEATED(400);

        private final int status;

        Flaw(int status) {
            this.status = status;
        }

        /** {@return the HTTP status that says so} */
        public int status() {
            return status;
        }
    }

    /** What is wrong. */
    private final Flaw flaw;

    UnreadableFormException(Flaw flaw, String detail) {
        // A client's mistake is not worth a stack trace.
        super(detail, null, false, false);
        this.flaw = flaw;
    }

    /** {@return what is wrong} */
    public Flaw flaw() {
        return flaw;
    }
}
