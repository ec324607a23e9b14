package dev.curfew.client;

import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.client.CallerCredentials.Method;
import dev.curfew.session.ClientId;
import dev.curfew.store.SharedRecords;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenVerifier;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The ways of the standards in which callers prove who they are. All are thread-safe.
 *
 * <p>A request that uses two of these methods is ambiguous, whichever of them are accepted (RFC 6749 §2.3); one that
 * uses a method that is not accepted is not let pass. What looks clients up is the host's, and may be asked for any
 * text that a stranger sends. Nobody's address is shut out.
 */
public final class ClientAuthenticators {
    private ClientAuthenticators() {}

    /**
     * {@code client_secret_basic}: name and secret in the {@code Authorization} header, each encoded as forms are (RFC
     * 6749 §2.3.1). An unknown client takes as long as a wrong secret.
     *
     * @param clients by {@code client_id}
     * @return the method
     */
    public static ClientAuthenticator secretBasic(Function<String, Optional<ClientSecret>> clients) {
        SecretMethods secrets = new SecretMethods(Objects.requireNonNull(clients, "clients"));
        return new MethodAuthenticator(
                Method.BASIC, "client_secret_basic", (credentials, request) -> secrets.basic(credentials));
    }

    /**
     * {@code client_secret_post}: name and secret as parameters of the form. An unknown client takes as long as a wrong
     * secret.
     *
     * @param clients by {@code client_id}
     * @return the method
     */
    public static ClientAuthenticator secretPost(Function<String, Optional<ClientSecret>> clients) {
        SecretMethods secrets = new SecretMethods(Objects.requireNonNull(clients, "clients"));
        return new MethodAuthenticator(
                Method.POST, "client_secret_post", (credentials, request) -> secrets.post(credentials));
    }

    /**
     * {@code private_key_jwt} (RFC 7523): an assertion that the client has signed about itself, for this server alone,
     * for five minutes at most, and good once. One round trip, after the signature was found to be right; if the
     * records do not answer, nobody is let pass. At most 64 signatures are verified at once.
     *
     * @param clients by {@code client_id}, which is not believed until the signature is
     * @param used remembers the {@code jti} of each assertion, for all nodes
     * @return the method
     */
    public static ClientAuthenticator privateKeyJwt(
            Function<String, Optional<ClientKeys>> clients, SharedRecords used) {
        return privateKeyJwt(clients, used, Clock.systemUTC());
    }

    /**
     * The same with a clock.
     *
     * @param clients by {@code client_id}, which is not believed until the signature is
     * @param used remembers the {@code jti} of each assertion, for all nodes
     * @param clock read once for each assertion
     * @return the method
     */
    public static ClientAuthenticator privateKeyJwt(
            Function<String, Optional<ClientKeys>> clients, SharedRecords used, Clock clock) {
        Objects.requireNonNull(clients, "clients");
        AssertionMethods assertions = assertions(used, clock);
        return new MethodAuthenticator(
                Method.ASSERTION,
                "private_key_jwt",
                (credentials, request) -> assertions.ofClient(credentials, clients));
    }

    /**
     * A signed request, as Okta sends it for Global Token Revocation: a JWT of the type
     * {@code global-token-revocation+jwt} in the {@code Authorization} header, for the exact address of the endpoint,
     * and good for one request. The same request, with the same body, may come again while its assertion is good: it is
     * the same act then, and its caller was perhaps told to repeat it. So this is for {@code GlobalRevocationEndpoint},
     * where an act that is repeated changes nothing, and for no endpoint that tells something. One round trip after the
     * signature was found to be right, two for a repetition; if the records do not answer, nobody is let pass. At most
     * 64 signatures are verified at once.
     *
     * @param requests verifies them: of the profile {@code REVOCATION_ASSERTION}
     * @param callers by the issuer
     * @param used remembers the {@code jti} of each assertion, for all nodes
     * @return the method
     */
    public static ClientAuthenticator signedJwt(
            EventTokenVerifier requests, Function<String, Optional<RegisteredClient>> callers, SharedRecords used) {
        return signedJwt(requests, callers, used, Clock.systemUTC());
    }

    /**
     * The same with a clock.
     *
     * @param requests verifies them: of the profile {@code REVOCATION_ASSERTION}
     * @param callers by the issuer
     * @param used remembers the {@code jti} of each assertion, for all nodes
     * @param clock read once for each assertion
     * @return the method
     */
    public static ClientAuthenticator signedJwt(
            EventTokenVerifier requests,
            Function<String, Optional<RegisteredClient>> callers,
            SharedRecords used,
            Clock clock) {
        Objects.requireNonNull(callers, "callers");
        if (requests.policy().profile() != Profile.REVOCATION_ASSERTION) {
            throw new IllegalArgumentException("the policy of signed requests is of the profile "
                    + requests.policy().profile() + ", and must be of REVOCATION_ASSERTION");
        }
        AssertionMethods assertions = assertions(used, clock);
        return new MethodAuthenticator(
                Method.BEARER,
                "global-token-revocation+jwt",
                (credentials, request) -> assertions.ofRequest(credentials, request, requests, callers));
    }

    private static AssertionMethods assertions(SharedRecords used, Clock clock) {
        return new AssertionMethods(
                new UsedAssertions(Objects.requireNonNull(used, "used"), Objects.requireNonNull(clock, "clock")));
    }

    /**
     * An access token in the {@code Authorization} header, which must be authentic, not revoked, issued to a client,
     * and have a scope. At most 64 are verified at once, and 64 wait for keys; costs what the checker costs. Such a
     * caller may speak about its own realm, and about no resource.
     *
     * @param verifier of these tokens
     * @param checker of the service
     * @param scope that the token must have, in {@code scope} or {@code scp}; without it the answer is 403
     * @return the method
     */
    public static ClientAuthenticator bearer(TokenVerifier verifier, TokenRevocationChecker checker, String scope) {
        return bearer(verifier, checker, scope, client -> Optional.of(RegisteredClient.of(client)));
    }

    /**
     * The same of clients that are registered.
     *
     * @param verifier of these tokens
     * @param checker of the service
     * @param scope that the token must have, in {@code scope} or {@code scp}; without it the answer is 403
     * @param clients by the client that the token was issued to; nothing refuses it
     * @return the method
     */
    public static ClientAuthenticator bearer(
            TokenVerifier verifier,
            TokenRevocationChecker checker,
            String scope,
            Function<ClientId, Optional<RegisteredClient>> clients) {
        if (scope.isEmpty()) {
            throw new IllegalArgumentException("bearer(...) needs a scope: else any access token would do");
        }
        BearerMethod bearer = new BearerMethod(
                Objects.requireNonNull(verifier, "verifier"),
                Objects.requireNonNull(checker, "checker"),
                scope,
                Objects.requireNonNull(clients, "clients"));
        return new MethodAuthenticator(Method.BEARER, "Bearer", bearer::judge);
    }

    /**
     * Clients without credentials (RFC 6749 §2.1): the parameter {@code client_id} alone. They may end and refresh what
     * was issued to them, and introspect nothing.
     *
     * @param clients those that are registered as public, and no others: a confidential client would be let pass
     *     without its secret
     * @return the method, which comes after all others in {@link #anyOf}
     */
    public static ClientAuthenticator publicClient(Function<String, Optional<RegisteredClient>> clients) {
        return new PublicClients(Objects.requireNonNull(clients, "clients"));
    }

    /**
     * Accepts one of several methods. A request that uses two of them is ambiguous. So is one that a method of the
     * host's lets pass while its form names another client, or while it brings a client secret or an assertion which
     * that method does not name in {@link ClientAuthenticator#methods()}; of a method without names nobody can tell
     * whether these were its own.
     *
     * @param methods in the order in which a challenge names them
     * @return the methods as one
     * @throws IllegalArgumentException if there is none
     */
    public static ClientAuthenticator anyOf(ClientAuthenticator... methods) {
        if (methods.length == 0) {
            throw new IllegalArgumentException("anyOf(...) needs a method");
        }
        return new AnyAuthenticator(List.of(methods));
    }
}
