package dev.curfew.client;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Forbidden;
import dev.curfew.client.ClientAuthentication.Refused;
import dev.curfew.client.ClientAuthentication.Unavailable;
import dev.curfew.http.EndpointRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.SenderKey;
import dev.curfew.token.AuthenticToken;
import dev.curfew.token.InvalidTokenException;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out whose an access token is that has to have a scope. Thread-safe. */
final class BearerMethod {
    private final TokenVerifier verifier;
    private final TokenRevocationChecker checker;
    private final String scope;
    private final Function<ClientId, Optional<RegisteredClient>> clients;
    private final Verifications signatures = new Verifications();
    private final Verifications awaitingKeys = new Verifications();

    BearerMethod(
            TokenVerifier verifier,
            TokenRevocationChecker checker,
            String scope,
            Function<ClientId, Optional<RegisteredClient>> clients) {
        this.verifier = verifier;
        this.checker = checker;
        this.scope = scope;
        this.clients = clients;
    }

    ClientAuthentication judge(CallerCredentials credentials, EndpointRequest request) {
        try {
            AuthenticToken token = find(credentials.authorization()).orElse(null);
            if (token == null) {
                return new Unavailable();
            }
            return token instanceof VerifiedToken verified ? judge(verified, credentials, request) : new Refused();
        } catch (InvalidTokenException e) {
            return new Refused();
        }
    }

    /**
     * Nothing if there was no place in time. Who has to wait for keys stands apart: a crowd of unknown keys holds up no
     * token whose key is known.
     */
    private Optional<AuthenticToken> find(String text) {
        Optional<Optional<AuthenticToken>> tried = signatures.run(() -> verifier.tryVerify(text));
        return tried.isPresent() && tried.get().isEmpty()
                ? awaitingKeys.<AuthenticToken>run(() -> verifier.verify(text))
                : tried.flatMap(Function.identity());
    }

    private ClientAuthentication judge(VerifiedToken token, CallerCredentials credentials, EndpointRequest request) {
        RegisteredClient client = token.client().flatMap(clients).orElse(null);
        if (client == null || !isOfSender(token, request)) {
            return new Refused();
        }
        if (credentials.namesOther(client.id().value())) {
            return new Ambiguous();
        }
        RevocationDecision decision = checker.check(token);
        return switch (decision.outcome()) {
            case ACTIVE -> hasScope(token) ? Authenticated.of(client) : new Forbidden();
            case REVOKED -> new Refused();
            // Whoever asks about others is not let pass by an outage policy.
            case UNKNOWN -> new Unavailable();
        };
    }

    /** What is bound to a key of DPoP is no bearer token (RFC 9449 §7.2). */
    private static boolean isOfSender(VerifiedToken token, EndpointRequest request) {
        return token.isUsableWith(request.senderKey().orElse(null))
                && token.senderKey()
                        .filter(key -> key.kind() == SenderKey.Kind.JKT)
                        .isEmpty();
    }

    /** {@code scope} of RFC 9068, or {@code scp} as Entra and Okta write it. */
    private boolean hasScope(VerifiedToken token) {
        return names(token.claims().get("scope")) || names(token.claims().get("scp"));
    }

    private boolean names(@Nullable Object claim) {
        if (claim instanceof String words) {
            return Arrays.asList(words.split(" ", -1)).contains(scope);
        }
        return claim instanceof List<?> words && words.contains(scope);
    }
}
