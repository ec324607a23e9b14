package dev.curfew.client;

import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import java.util.Objects;
import java.util.Set;

/**
 * A client or a resource server as the host has registered it: its name, and what it may speak about. Immutable.
 */
public final class RegisteredClient {
    private final ClientId id;
    private final Set<Realm> realms;
    private final Set<String> resources;

    private RegisteredClient(ClientId id, Set<Realm> realms, Set<String> resources) {
        this.id = Objects.requireNonNull(id, "id");
        this.realms = Set.copyOf(realms);
        this.resources = Set.copyOf(resources);
    }

    /**
     * A client that may speak about its own realm, and about no resource.
     *
     * @param id its name, which is the {@code client_id} of tokens that are issued to it
     * @return the registration
     */
    public static RegisteredClient of(ClientId id) {
        return new RegisteredClient(id, Set.of(id.realm()), Set.of());
    }

    /**
     * Names the realms whose tokens and subjects it may speak about, in place of its own alone.
     *
     * @param values at least one, none twice
     * @return a changed copy
     * @throws IllegalArgumentException if there is none, or one comes twice
     */
    public RegisteredClient actingOn(Realm... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("actingOn(...) names at least one realm");
        }
        return new RegisteredClient(id, Set.of(values), resources);
    }

    /**
     * Names the resources that it is: only tokens whose {@code aud} is one of these are introspected for it.
     *
     * @param audiences as they stand in tokens, compared character by character; none twice
     * @return a changed copy
     * @throws IllegalArgumentException if one comes twice
     */
    public RegisteredClient resources(String... audiences) {
        return new RegisteredClient(id, realms, Set.of(audiences));
    }

    /** {@return its name} */
    public ClientId id() {
        return id;
    }

    /** {@return the realms whose tokens and subjects it may speak about, unmodifiable} */
    public Set<Realm> realms() {
        return realms;
    }

    /** {@return the resources that it is, unmodifiable} */
    public Set<String> resources() {
        return resources;
    }

    /**
     * Tells whether it may speak about what is of a realm.
     *
     * @param realm of a token or a subject
     * @return whether that is one of its realms
     */
    public boolean mayActOn(Realm realm) {
        return realms.contains(realm);
    }

    /** A pseudonym. */
    @Override
    public String toString() {
        return "RegisteredClient[" + id + "]";
    }
}
