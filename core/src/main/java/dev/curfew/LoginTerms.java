package dev.curfew;

import dev.curfew.refresh.RefreshBinding;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a login asks for beside its subject. Immutable.
 *
 * @param client the application, or null
 * @param attributes what the host keeps with the session
 * @param lifetimes shorter than the service's, or null for these
 * @param credential what is handed out, or null for nothing
 * @param binding what a refresh token is bound to
 * @param acr the class of the proof, or null
 * @param amr the methods of the proof
 * @param replaces the session that ends with it, or null
 */
record LoginTerms(
        @Nullable ClientId client,
        Map<String, String> attributes,
        @Nullable SessionLifetimes lifetimes,
        @Nullable CredentialKind credential,
        RefreshBinding binding,
        @Nullable String acr,
        Set<String> amr,
        @Nullable SessionRef replaces,
        @Nullable UpstreamLogin upstream) {
    static final LoginTerms NONE =
            new LoginTerms(null, Map.of(), null, null, RefreshBinding.none(), null, Set.of(), null, null);

    LoginTerms {
        attributes = Map.copyOf(attributes);
        amr = Set.copyOf(amr);
    }

    /** Whether the release before knows all of it. */
    boolean asksForNothingNew() {
        LoginTerms known = new LoginTerms(client, attributes, null, null, NONE.binding, null, Set.of(), null, null);
        return equals(known);
    }

    LoginTerms withClient(ClientId value) {
        return new LoginTerms(value, attributes, lifetimes, credential, binding, acr, amr, replaces, upstream);
    }

    LoginTerms withAttributes(Map<String, String> value) {
        return new LoginTerms(client, value, lifetimes, credential, binding, acr, amr, replaces, upstream);
    }

    LoginTerms withLifetimes(SessionLifetimes value) {
        return new LoginTerms(client, attributes, value, credential, binding, acr, amr, replaces, upstream);
    }

    LoginTerms withCredential(CredentialKind kind, RefreshBinding boundTo) {
        return new LoginTerms(client, attributes, lifetimes, kind, boundTo, acr, amr, replaces, upstream);
    }

    LoginTerms withEvidence(@Nullable String proofClass, Set<String> methods) {
        return new LoginTerms(
                client, attributes, lifetimes, credential, binding, proofClass, methods, replaces, upstream);
    }

    LoginTerms replacing(SessionRef session) {
        return new LoginTerms(client, attributes, lifetimes, credential, binding, acr, amr, session, upstream);
    }

    LoginTerms from(UpstreamLogin login) {
        return new LoginTerms(client, attributes, lifetimes, credential, binding, acr, amr, replaces, login);
    }
}
