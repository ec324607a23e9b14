package dev.curfew.session;

import java.util.Objects;

/**
 * The application that a token was issued to ({@code client_id} or {@code azp}), within its realm. Immutable.
 *
 * @param realm the namespace
 * @param value well-formed Unicode, not empty
 */
public record ClientId(Realm realm, String value) {
    /**
     * Names a client.
     *
     * @throws InvalidIdentifierException if no store could keep that value
     */
    public ClientId {
        Objects.requireNonNull(realm, "realm");
        Identifiers.require(value, "client");
    }

    /** {@return the lookup key of this client; costs one hash} */
    public LookupKey key() {
        return LookupKey.of("client", realm.name(), value);
    }

    /** A pseudonym. */
    @Override
    public String toString() {
        return "client:" + key();
    }
}
