package dev.curfew.token;

import dev.curfew.refresh.AttemptKey;
import dev.curfew.session.ClientId;
import dev.curfew.session.Evidence;
import dev.curfew.session.SenderKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is written to a session in the step that exchanges its secret. Immutable. */
public final class SessionRenewal {
    private static final SessionRenewal OF_SECRET = new SessionRenewal(null, null, null, null, null);

    private final @Nullable Map<String, String> attributes;
    private final @Nullable Evidence evidence;
    private final @Nullable AttemptKey attempt;
    private final @Nullable ClientId client;
    private final @Nullable SenderKey sender;

    private SessionRenewal(
            @Nullable Map<String, String> attributes,
            @Nullable Evidence evidence,
            @Nullable AttemptKey attempt,
            @Nullable ClientId client,
            @Nullable SenderKey sender) {
        this.attributes = attributes;
        this.evidence = evidence;
        this.attempt = attempt;
        this.client = client;
        this.sender = sender;
    }

    /** {@return a renewal of the secret alone} */
    public static SessionRenewal ofSecret() {
        return OF_SECRET;
    }

    /**
     * Puts attributes in the place of those that the session has: what it may do from now on.
     *
     * @param values well-formed Unicode; copied
     * @return a changed copy
     */
    public SessionRenewal attributes(Map<String, String> values) {
        return new SessionRenewal(Map.copyOf(values), evidence, attempt, client, sender);
    }

    /**
     * Puts evidence in the place of the one that the session has.
     *
     * @param value with an instant from before the proof was checked
     * @return a changed copy
     * @throws dev.curfew.session.InvalidIdentifierException if a text in it is longer than 256 characters, or it has
     *     more than 32 methods
     */
    public SessionRenewal evidence(Evidence value) {
        return new SessionRenewal(attributes, value.requireStorable(), attempt, client, sender);
    }

    /**
     * Makes the renewal repeatable: whoever repeats the same key with the same token gets the same answer, for an hour
     * and until the new token is used for the next renewal.
     *
     * @param key 16 to 128 visible ASCII characters, drawn at random for this renewal
     * @return a changed copy
     * @throws IllegalArgumentException if it is no such key
     */
    public SessionRenewal attempt(String key) {
        return new SessionRenewal(attributes, evidence, AttemptKey.of(key), client, sender);
    }

    /**
     * Names the client that presents a refresh token. Demanded if the session has one; of a session token nobody asks.
     *
     * @param value of the session's realm
     * @return a changed copy
     */
    public SessionRenewal client(ClientId value) {
        return new SessionRenewal(attributes, evidence, attempt, Objects.requireNonNull(value, "client"), sender);
    }

    /**
     * Names the key whose possession the request proves. Demanded of a session token or a refresh token that is
     * bound to one.
     *
     * @param proven the key, whose proof the host has verified
     * @return a changed copy
     */
    public SessionRenewal sender(SenderKey proven) {
        return new SessionRenewal(attributes, evidence, attempt, client, Objects.requireNonNull(proven, "sender"));
    }

    /** {@return the new attributes, unmodifiable; nothing if they stay} */
    public Optional<Map<String, String>> attributes() {
        return Optional.ofNullable(attributes);
    }

    /** {@return the new evidence; nothing if it stays} */
    public Optional<Evidence> evidence() {
        return Optional.ofNullable(evidence);
    }

    /** {@return who presents the token, if that is known} */
    public Optional<ClientId> client() {
        return Optional.ofNullable(client);
    }

    /** {@return the key that the request proves, if it does} */
    public Optional<SenderKey> sender() {
        return Optional.ofNullable(sender);
    }

    /** {@return the attempt key, if the renewal can be repeated} */
    public Optional<AttemptKey> attempt() {
        return Optional.ofNullable(attempt);
    }
}
