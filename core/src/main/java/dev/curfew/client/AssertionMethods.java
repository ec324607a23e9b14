package dev.curfew.client;

import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Refused;
import dev.curfew.client.ClientAuthentication.Unavailable;
import dev.curfew.http.EndpointRequest;
import dev.curfew.jose.ParsedToken;
import dev.curfew.jose.UnreadableTokenException;
import dev.curfew.session.LookupKey;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidEventTokenException;
import dev.curfew.token.VerificationsBusyException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds out who has signed an assertion, which is good once. Thread-safe. */
final class AssertionMethods {
    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final int MAX_LENGTH = 16 * 1024;

    private final UsedAssertions used;

    AssertionMethods(UsedAssertions used) {
        this.used = used;
    }

    /** {@code private_key_jwt}: the assertion says whose it is, and the keys of that client say whether it is so. */
    ClientAuthentication ofClient(CallerCredentials credentials, Function<String, Optional<ClientKeys>> clients) {
        String assertion = credentials.parameter("client_assertion");
        if (assertion == null || !JWT_BEARER.equals(credentials.parameter("client_assertion_type"))) {
            return new Refused();
        }
        String claimed = issuer(assertion);
        if (claimed == null) {
            return new Refused();
        }
        if (credentials.namesOther(claimed)) {
            return new Ambiguous();
        }
        ClientKeys keys = clients.apply(claimed).orElse(null);
        return keys == null ? new Refused() : judge(assertion, keys.assertions(), keys.client(), used::take);
    }

    /**
     * A signed request in the {@code Authorization} header, of the one issuer that its verifier knows. The same request
     * may come again: its caller was told to repeat it, perhaps, or never heard the answer.
     */
    ClientAuthentication ofRequest(
            CallerCredentials credentials,
            EndpointRequest request,
            EventTokenVerifier assertions,
            Function<String, Optional<RegisteredClient>> callers) {
        RegisteredClient caller = callers.apply(assertions.policy().issuer()).orElse(null);
        if (caller == null) {
            return new Refused();
        }
        if (credentials.namesOther(caller.id().value())) {
            return new Ambiguous();
        }
        LookupKey act = LookupKey.of("signed-request", request.method(), hex(request.body()));
        return judge(credentials.authorization(), assertions, caller, (token, skew) -> used.takeFor(token, skew, act));
    }

    /** No place is held while keys or records are waited for: the verifier bounds its mathematics by itself. */
    private static ClientAuthentication judge(
            String assertion,
            EventTokenVerifier verifier,
            RegisteredClient client,
            BiPredicate<EventToken, Duration> take) {
        try {
            EventToken token = verifier.verify(assertion);
            return take.test(token, verifier.policy().skew())
                    ? new Authenticated(client, true, Optional.of(token.id()))
                    : new Refused();
        } catch (InvalidEventTokenException e) {
            return new Refused();
        } catch (VerificationsBusyException e) {
            return new Unavailable();
        }
    }

    private static String hex(byte[] body) {
        return HexFormat.of().formatHex(body);
    }

    /** Of a text of which nothing is believed yet. */
    private static @Nullable String issuer(String assertion) {
        try {
            return ParsedToken.parse(assertion, MAX_LENGTH).claims().get("iss") instanceof String issuer
                    ? issuer
                    : null;
        } catch (UnreadableTokenException e) {
            return null;
        }
    }
}
