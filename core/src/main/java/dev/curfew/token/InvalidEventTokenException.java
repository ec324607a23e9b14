package dev.curfew.token;

import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.session.CurfewException;

/**
 * A signed message was refused; the reason is for logs, metrics and the error code of an answer.
 *
 * <p>Neither the message nor the reason contains token text, a claim's value, a key or a key id, and there is no cause.
 */
public final class InvalidEventTokenException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Why a message was refused. New reasons may be added.
     *
     * <p>RFC 8935 section 2.4 has five codes for them: {@code invalid_key} is {@link #ALGORITHM}, {@link #KEY_UNKNOWN}
     * and {@link #SIGNATURE}; {@code invalid_issuer} is {@link #ISSUER}; {@code invalid_audience} is {@link #AUDIENCE};
     * everything else is {@code invalid_request}.
     */
    public enum Reason {
        /** It is longer than messages of its profile may be. */
        TOO_LONG,
        /** It is not a compact JWS in canonical base64url over strict JSON. */
        MALFORMED,
        /** The header's algorithm is not the agreed one, or the header demands an extension. */
        ALGORITHM,
        /** No key of the issuer fits the header. */
        KEY_UNKNOWN,
        /** No fitting key of the issuer made this signature. */
        SIGNATURE,
        /** It is of another issuer. */
        ISSUER,
        /** It is meant for somebody else. */
        AUDIENCE,
        /** It is another kind of token. */
        TYPE,
        /** A required claim is missing, a forbidden one is there, or one has a wrong form. */
        CLAIM,
        /** What is told in it is not exactly one event as the profile has it. */
        EVENT,
        /** The subject is missing, or is not written as its format demands. */
        SUBJECT,
        /** An instant is missing, is not a number of seconds, lies in the future, or contradicts another one. */
        TIMES,
        /** Its time is over. */
        EXPIRED
    }

    /** Why. */
    private final Reason reason;

    /** The detail is one of our own sentences: it names a claim or a rule, and never repeats what came. */
    InvalidEventTokenException(Reason reason, String detail) {
        super("message refused, " + reason + ": " + detail, null);
        this.reason = reason;
    }

    static InvalidEventTokenException of(UnreadableTokenException e) {
        Reason reason = switch (e.flaw()) {
            case TOO_LONG -> Reason.TOO_LONG;
            case MALFORMED -> Reason.MALFORMED;
            case ALGORITHM -> Reason.ALGORITHM;
        };
        return new InvalidEventTokenException(
                reason,
                reason == Reason.TOO_LONG
                        ? "longer than messages of the profile may be"
                        : String.valueOf(e.getMessage()));
    }

    /** {@return why the message was refused} */
    public Reason reason() {
        return reason;
    }
}
