package dev.curfew.client;

import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import java.util.Objects;

/**
 * The keys of a registered client, by which it signs assertions about itself (RFC 7523). Immutable; make it once for
 * each client and keep it, since its verifier keeps the keys that were loaded.
 */
public final class ClientKeys {
    private final RegisteredClient client;
    private final EventTokenVerifier assertions;

    private ClientKeys(RegisteredClient client, EventTokenVerifier assertions) {
        this.client = client;
        this.assertions = assertions;
    }

    /**
     * The keys of a client.
     *
     * @param client whose
     * @param assertions verifies them: of the profile {@code CLIENT_ASSERTION}, with the {@code client_id} as issuer,
     *     and as audience the one text that stands for this server, such as its issuer or the address of its token
     *     endpoint
     * @return the keys
     * @throws IllegalArgumentException if the policy is of another profile or another issuer
     */
    public static ClientKeys of(RegisteredClient client, EventTokenVerifier assertions) {
        Objects.requireNonNull(client, "client");
        if (assertions.policy().profile() != Profile.CLIENT_ASSERTION) {
            throw new IllegalArgumentException("the policy of a client's assertions is of the profile "
                    + assertions.policy().profile() + ", and must be of CLIENT_ASSERTION");
        }
        if (!assertions.policy().issuer().equals(client.id().value())) {
            throw new IllegalArgumentException(
                    "the policy of a client's assertions has another issuer than its client id: iss and sub are the"
                            + " client");
        }
        return new ClientKeys(client, assertions);
    }

    /** {@return whose they are} */
    public RegisteredClient client() {
        return client;
    }

    EventTokenVerifier assertions() {
        return assertions;
    }

    /** Nothing of the keys. */
    @Override
    public String toString() {
        return "ClientKeys[" + client + "]";
    }
}
