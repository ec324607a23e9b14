package dev.curfew.jose;

/** A text is no token that anybody reads. Its message names a rule and never repeats what came. */
public final class UnreadableTokenException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What is wrong with it. */
    public enum Flaw {
        /** It is longer than may be read. */
        TOO_LONG,
        /** It is not a compact JWS in canonical base64url over strict JSON. */
        MALFORMED,
        /** Its header names an unknown algorithm or demands an extension. */
        ALGORITHM
    }

    /** Which. */
    private final Flaw flaw;

    UnreadableTokenException(Flaw flaw, String detail) {
        super(detail);
        this.flaw = flaw;
    }

    public Flaw flaw() {
        return flaw;
    }
}
