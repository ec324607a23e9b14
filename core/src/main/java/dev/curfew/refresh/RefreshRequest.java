package dev.curfew.refresh;

import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a refresh asks for. Immutable. */
public final class RefreshRequest {
    private final Realm realm;
    private final String token;
    private final @Nullable ClientId client;
    private final @Nullable AttemptKey attempt;
    private final @Nullable SenderKey sender;
    private final @Nullable Set<String> scopes;
    private final boolean isForOwnClient;

    private RefreshRequest(
            Realm realm,
            String token,
            @Nullable ClientId client,
            @Nullable AttemptKey attempt,
            @Nullable SenderKey sender,
            @Nullable Set<String> scopes,
            boolean isForOwnClient) {
        this.realm = Objects.requireNonNull(realm, "realm");
        this.token = Objects.requireNonNull(token, "token");
        this.client = client;
        this.attempt = attempt;
        this.sender = sender;
        this.scopes = scopes;
        this.isForOwnClient = isForOwnClient;
    }

    /**
     * A request with a token alone.
     *
     * @param realm in which the token is looked up; a token of another one is unknown
     * @param token as it came, of any form
     * @return the request
     */
    public static RefreshRequest of(Realm realm, String token) {
        return new RefreshRequest(realm, token, null, null, null, null, false);
    }

    /**
     * Names the client, which the host has authenticated or which has no credentials. Demanded if the session has one.
     *
     * @param value of the same realm, else it is another one's
     * @return a changed copy
     */
    public RefreshRequest client(ClientId value) {
        return new RefreshRequest(realm, token, value, attempt, sender, scopes, isForOwnClient);
    }

    /**
     * Makes the refresh repeatable: the client repeats the same key until it has the answer, and then never again.
     *
     * @param key 16 to 128 visible ASCII characters, drawn at random for this refresh
     * @return a changed copy
     * @throws IllegalArgumentException if it is no such key
     */
    public RefreshRequest attempt(String key) {
        return new RefreshRequest(realm, token, client, AttemptKey.of(key), sender, scopes, isForOwnClient);
    }

    /**
     * Names the key whose possession the request proves, by DPoP or mutual TLS; the host has verified the proof.
     *
     * @param proven the key
     * @return a changed copy
     */
    public RefreshRequest sender(SenderKey proven) {
        return new RefreshRequest(realm, token, client, attempt, proven, scopes, isForOwnClient);
    }

    /**
     * Asks for some of the scopes that were granted (RFC 6749 §6).
     *
     * @param narrower at least one; copied; without this call all that were granted
     * @return a changed copy
     * @throws IllegalArgumentException if there is none
     */
    public RefreshRequest scopes(Set<String> narrower) {
        if (narrower.isEmpty()) {
            throw new IllegalArgumentException("a refresh asks for at least one scope, or does not name any");
        }
        return new RefreshRequest(realm, token, client, attempt, sender, Set.copyOf(narrower), isForOwnClient);
    }

    /**
     * Refuses a session that was begun for no client, too: where refresh tokens are issued to clients (RFC 6749 §6),
     * one that was issued to nobody in particular is nobody's.
     *
     * @return a changed copy
     */
    public RefreshRequest ofOwnClientOnly() {
        return new RefreshRequest(realm, token, client, attempt, sender, scopes, true);
    }

    /** {@return whether a session that was begun for no client is refused} */
    public boolean isForOwnClient() {
        return isForOwnClient;
    }

    /** {@return the realm in which the token is looked up} */
    public Realm realm() {
        return realm;
    }

    /** {@return the token as it came} */
    public String token() {
        return token;
    }

    /** {@return who the client is, if that is known} */
    public Optional<ClientId> client() {
        return Optional.ofNullable(client);
    }

    /** {@return the attempt key, if the client sends one} */
    public Optional<AttemptKey> attempt() {
        return Optional.ofNullable(attempt);
    }

    /** {@return the key that the request proves, if it does} */
    public Optional<SenderKey> sender() {
        return Optional.ofNullable(sender);
    }

    /** {@return the scopes that are asked for, unmodifiable; nothing for all that were granted} */
    public Optional<Set<String>> scopes() {
        return Optional.ofNullable(scopes);
    }

    /** Neither token nor key. */
    @Override
    public String toString() {
        return "RefreshRequest[" + realm + "]";
    }
}
