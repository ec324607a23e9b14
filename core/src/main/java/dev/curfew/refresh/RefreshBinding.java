package dev.curfew.refresh;

import dev.curfew.session.Scopes;
import dev.curfew.session.SenderKey;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a login binds its refresh token to. Immutable. */
public final class RefreshBinding {
    private static final RefreshBinding NONE = new RefreshBinding(Set.of(), null, null);

    private final Set<String> scopes;
    private final @Nullable SenderKey sender;
    private final @Nullable RetryRule keyless;

    private RefreshBinding(Set<String> scopes, @Nullable SenderKey sender, @Nullable RetryRule keyless) {
        this.scopes = scopes;
        this.sender = sender;
        this.keyless = keyless;
    }

    /** {@return a binding to nothing but the session and its client} */
    public static RefreshBinding none() {
        return NONE;
    }

    /**
     * Grants scopes: a refresh may ask for some of them, never for others.
     *
     * @param granted copied
     * @return a changed copy
     * @throws dev.curfew.session.InvalidIdentifierException if one is no scope (RFC 6749 §3.3), or there are too many
     */
    public RefreshBinding scopes(Set<String> granted) {
        return new RefreshBinding(Scopes.require(granted), sender, keyless);
    }

    /**
     * Binds it to a key of the client's (RFC 9449 §5, RFC 8705 §4): each refresh has to prove it. For clients without
     * credentials of their own; others are authenticated by these.
     *
     * @param key proven at the login
     * @return a changed copy
     */
    public RefreshBinding sender(SenderKey key) {
        return new RefreshBinding(scopes, Objects.requireNonNull(key, "key"), keyless);
    }

    /**
     * Sets what becomes of refreshes of this session without an attempt key, in place of what the service's
     * {@link RefreshPolicy} says.
     *
     * <p>Not for a token that goes into a cookie, unless the rule tolerates siblings for ten seconds: two tabs of a
     * browser that refresh at once would sign the person out. The endpoints demand this of the policy, and cannot of a
     * login, because nobody tells it where its token goes.
     *
     * @param rule {@link RetryRule#strict}, {@link RetryRule#siblings} or {@link RetryRule#anyHolder}
     * @return a changed copy
     * @throws IllegalArgumentException if the rule needs a key
     */
    public RefreshBinding retry(RetryRule rule) {
        return new RefreshBinding(scopes, sender, RefreshPolicy.requireKeyless(rule));
    }

    /** {@return the scopes that were granted, unmodifiable} */
    public Set<String> scopes() {
        return scopes;
    }

    /** {@return the key that each refresh has to prove, if there is one} */
    public Optional<SenderKey> sender() {
        return Optional.ofNullable(sender);
    }

    /** {@return the rule of this login for refreshes without an attempt key, if it has one} */
    public Optional<RetryRule> retry() {
        return Optional.ofNullable(keyless);
    }
}
