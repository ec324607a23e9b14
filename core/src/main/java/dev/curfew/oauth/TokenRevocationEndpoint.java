package dev.curfew.oauth;

import dev.curfew.CredentialHolder;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.RegisteredClient;
import dev.curfew.endpoint.Callers;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.oauth.TokenRequests.TokenRequest;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.token.AuthenticToken;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Token revocation (RFC 7009): a client gives back what was issued to it. Thread-safe.
 *
 * <p>What is acknowledged was revoked before the answer was made. A text that nobody knows, one whose time is over and
 * one that was revoked before are answered with the same bytes as one that is revoked now; a
 * {@code token_type_hint} changes nothing. A token of another client is refused with {@code invalid_grant}, and lives
 * on. What is Curfew's is sought in the realms that the client {@linkplain RegisteredClient#actingOn may act on}, so
 * that one of another realm is unknown. Offered by {@code POST} alone: neither {@code GET} nor JSONP.
 *
 * <table>
 * <caption>What a token ends</caption>
 * <tr><th>token</th><th>ends</th><th>round trips</th></tr>
 * <tr><td>{@code cfr1_}, {@code cfs1_}, also one that was exchanged since</td><td>its session, and so all access tokens
 * that name it</td><td>2, or 1 if it had ended; 1 more for each realm in which it was sought in vain</td></tr>
 * <tr><td>access token</td><td>itself, and not its session; but its session, for all clients, once a hundred tokens of
 * the session stand revoked one by one ({@link dev.curfew.SessionServiceBuilder#revocationsAtMost}), or a store in
 * memory is full</td><td>1</td></tr>
 * <tr><td>refresh token of the host's</td><td>its session if that was begun for this client, else itself</td><td>2</td>
 * </tr>
 * </table>
 */
public final class TokenRevocationEndpoint {
    private final SessionService service;
    private final PresentedTokens tokens;
    private final TokenRequests requests;
    private final EndpointFailures failures = new EndpointFailures(TokenRevocationEndpoint.class);
    private final List<String> authenticationMethods;

    private TokenRevocationEndpoint(Builder builder) {
        this.service = builder.service;
        this.tokens = builder.tokens;
        this.requests = new TokenRequests(new Callers(builder.clients, builder.challengeRealm), true);
        this.authenticationMethods = List.copyOf(builder.clients.methods());
    }

    /**
     * Starts an endpoint.
     *
     * @param service whose sessions and tokens are given back
     * @param clients who they are; public ones may call too
     * @param tokens what texts are that are none of Curfew's own
     * @return a builder
     */
    public static Builder of(SessionService service, ClientAuthenticator clients, PresentedTokens tokens) {
        return new Builder(service, clients, tokens);
    }

    /**
     * Answers a request. Never throws for anything that a client or an outage can cause.
     *
     * @param request {@code POST} of a form with {@code token}, and the client's credentials
     * @return 200 without a body; or 400, 401, 405, 413, 415, 503 with an error in JSON
     */
    public EndpointResponse answer(EndpointRequest request) {
        return failures.answer(request, () -> {
            TokenRequest asked = requests.read(request);
            if (asked.isOurs()) {
                end(asked);
            } else {
                Optional<PresentedToken> presented = PresentedTokenSearch.find(tokens, asked.token());
                if (presented.isPresent()) {
                    revoke(presented.get(), asked.caller().client());
                }
            }
            return EndpointAnswers.empty(200);
        });
    }

    List<String> authenticationMethods() {
        return authenticationMethods;
    }

    private void end(TokenRequest asked) throws RefusedRequestException {
        RegisteredClient client = asked.caller().client();
        Optional<CredentialHolder> holder = CredentialSearch.find(service, client, asked.token());
        if (holder.isEmpty()) {
            return;
        }
        if (!holder.get().mayBeOf(client.id())) {
            throw ofOther();
        }
        service.credentials().revoke(holder.get());
    }

    private void revoke(PresentedToken presented, RegisteredClient client) throws RefusedRequestException {
        AuthenticToken token = presented.token().orElse(null);
        if (token == null) {
            throw RefusedRequestException.of(400, "unsupported_token_type", "tokens of this type are not revoked");
        }
        boolean isOfClient = token.client().map(client.id()::equals).orElse(true);
        if (!isOfClient || !client.mayActOn(token.realm())) {
            throw ofOther();
        }
        RevocationCause cause = RevocationCause.byUser(RevocationReason.USER_LOGOUT);
        if (presented.kind() == PresentedToken.Kind.REFRESH && isSessionOf(client, token)) {
            service.revokeSession(
                    token.subject().orElseThrow(), token.session().orElseThrow().handle(), cause);
        } else {
            service.revokeToken(token, cause);
        }
    }

    /** One sign-on may serve several clients: who gives back a token of its own must not sign the others out. */
    private boolean isSessionOf(RegisteredClient client, AuthenticToken token) {
        SessionRef session = token.session().orElse(null);
        SubjectId subject = token.subject().orElse(null);
        return session != null
                && subject != null
                && service.findSession(session)
                        .map(FoundSession::session)
                        .filter(row -> client.id().key().equals(row.clientKey().orElse(null)))
                        .isPresent();
    }

    private static RefusedRequestException ofOther() {
        return RefusedRequestException.of(400, "invalid_grant", "the token was issued to another client");
    }

    /** Collects the settings of a {@link TokenRevocationEndpoint}. Confined to one thread. */
    public static final class Builder {
        private final SessionService service;
        private final ClientAuthenticator clients;
        private final PresentedTokens tokens;
        private String challengeRealm = "oauth";

        private Builder(SessionService service, ClientAuthenticator clients, PresentedTokens tokens) {
            this.service = Objects.requireNonNull(service, "service");
            this.clients = Objects.requireNonNull(clients, "clients");
            this.tokens = Objects.requireNonNull(tokens, "tokens");
        }

        /**
         * Names the realm of challenges ({@code WWW-Authenticate}), which is no realm of sessions.
         *
         * @param name visible ASCII characters and spaces; {@code oauth} by default
         * @return this
         */
        public Builder challengeRealm(String name) {
            this.challengeRealm = Callers.requireRealm(name);
            return this;
        }

        /**
         * Makes the endpoint.
         *
         * @return an endpoint for all threads
         */
        public TokenRevocationEndpoint build() {
            return new TokenRevocationEndpoint(this);
        }
    }
}
