package dev.curfew.oauth;

import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.crypto.SecretToken;
import dev.curfew.endpoint.Callers;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.FormParameters;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.session.CredentialKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request that is a form about one token, by a caller who is known. Thread-safe. */
final class TokenRequests {
    /** RFC 8707 and RFC 8693 let these come several times. */
    private static final Set<String> REPEATABLE = Set.of("resource", "audience");

    private final Callers callers;
    private final boolean mayBePublic;

    TokenRequests(Callers callers, boolean mayBePublic) {
        this.callers = callers;
        this.mayBePublic = mayBePublic;
    }

    /**
     * What somebody asks.
     *
     * @param caller who
     * @param form what it says besides
     * @param token the text that it is about, to be shown to nobody
     */
    record TokenRequest(Authenticated caller, FormParameters form, String token) {
        /** Whether the text is one of Curfew's own, right or not: the host is not asked for it. */
        boolean isOurs() {
            return token.startsWith(CredentialKind.SESSION_TOKEN.prefix())
                    || token.startsWith(CredentialKind.REFRESH_TOKEN.prefix());
        }

        /** What the text is for, by its form. */
        boolean isOfKind(CredentialKind kind) {
            return SecretToken.parse(token).filter(ours -> ours.kind() == kind).isPresent();
        }

        /** No token must come to a log. */
        @Override
        public String toString() {
            return "TokenRequest[" + caller + "]";
        }
    }

    /** The form comes first, since it may name the caller; then who calls; then what is asked. */
    TokenRequest read(EndpointRequest request) throws RefusedRequestException, UnreadableFormException {
        return read(request, null);
    }

    /** The same of a grant, whose token is the parameter of that name. */
    TokenRequest read(EndpointRequest request, @Nullable String grantType)
            throws RefusedRequestException, UnreadableFormException {
        if (!request.method().equals("POST")) {
            throw RefusedRequestException.methodNotAllowed("POST");
        }
        FormParameters form = request.form();
        if (!REPEATABLE.containsAll(form.repeated())) {
            throw RefusedRequestException.malformed("a parameter came more than once");
        }
        Authenticated caller = mayBePublic ? callers.require(request) : callers.requireConfidential(request);
        if (grantType != null && !require(form, "grant_type").equals(grantType)) {
            throw RefusedRequestException.of(400, "unsupported_grant_type", "here is but the grant type " + grantType);
        }
        return new TokenRequest(caller, form, require(form, grantType == null ? "token" : grantType));
    }

    private static String require(FormParameters form, String name)
            throws RefusedRequestException, UnreadableFormException {
        return form.find(name)
                .orElseThrow(() -> RefusedRequestException.malformed("the parameter " + name + " is missing"));
    }
}
