package dev.curfew.token;

import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.session.CurfewException;

/**
 * A token was refused; the reason is for logs and metrics, and the bearer learns at most that the token is invalid.
 *
 * <p>Neither the message nor the reason contains token text, a claim's value, a key or a key id, and there is no cause.
 */
public final class InvalidTokenException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /** Why a token was refused, in the order of the checks. New reasons may be added. */
    public enum Reason {
        /** It is longer than the policy allows. */
        TOO_LONG,
        /** It is not a compact JWS in canonical base64url over strict JSON. */
        MALFORMED,
        /** The header's algorithm is not allowed, or the header demands an extension. */
        ALGORITHM,
        /** No key of the issuer fits the header. */
        KEY_UNKNOWN,
        /** No fitting key of the issuer made this signature. */
        SIGNATURE,
        /** It is of another issuer. */
        ISSUER,
        /** It is meant for somebody else. */
        AUDIENCE,
        /** It is not an access token. */
        TYPE,
        /** A required claim is missing or is not what the policy requires, or a claim has a wrong type. */
        CLAIM,
        /** It was issued to a client that the policy does not allow. */
        CLIENT,
        /** An instant is missing, is not a number, is out of range, or contradicts another one. */
        TIMES,
        /** The session id is missing, is not one of ours, or belongs to another subject. */
        SESSION_ID,
        /** Nothing tells when the bearer signed in. */
        AUTH_TIME_MISSING,
        /** It cannot be used yet. */
        NOT_YET_VALID,
        /** It cannot be used any more. */
        EXPIRED
    }

    /** Why. */
    private final Reason reason;

    /** The detail is one of our own sentences: it names a claim or a rule, and never repeats what came. */
    InvalidTokenException(Reason reason, String detail) {
        super("token refused, " + reason + ": " + detail, null);
        this.reason = reason;
    }

    static InvalidTokenException of(UnreadableTokenException e) {
        Reason reason = switch (e.flaw()) {
            case TOO_LONG -> Reason.TOO_LONG;
            case MALFORMED -> Reason.MALFORMED;
            case ALGORITHM -> Reason.ALGORITHM;
        };
        return new InvalidTokenException(reason, String.valueOf(e.getMessage()));
    }

    /** {@return why the token was refused} */
    public Reason reason() {
        return reason;
    }
}
