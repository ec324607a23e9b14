package dev.curfew.http;

import dev.curfew.session.SenderKey;
import java.util.Optional;

/**
 * Tells whether a credential comes from whom it is bound to (RFC 9449 section 7, RFC 8705 section 3). Immutable.
 *
 * <p>The host has verified the proof, which is compared here.
 */
final class SenderCheck {
    private SenderCheck() {}

    /** How a credential came. */
    enum Way {
        BEARER,
        DPOP,
        COOKIE
    }

    /**
     * Whether it may be used. What is bound to a key of DPoP is no bearer token, and what is not bound to one does not
     * come by the scheme of DPoP.
     */
    static boolean permits(Optional<SenderKey> bound, EndpointRequest request, Way way) {
        if (bound.isPresent() && !bound.equals(request.senderKey())) {
            return false;
        }
        boolean isDpop = bound.filter(key -> key.kind() == SenderKey.Kind.JKT).isPresent();
        return switch (way) {
            case BEARER -> !isDpop;
            case DPOP -> isDpop;
            case COOKIE -> true;
        };
    }
}
