package dev.curfew.refresh;

import dev.curfew.refresh.RetryRule.Holder;
import java.util.Objects;

/**
 * How refresh tokens of a service may be exchanged. Immutable.
 *
 * <p>A client that sends an attempt key with each refresh (the header {@code Idempotency-Key}) can repeat a refresh
 * whose answer was lost. Standard OAuth client libraries send none, so that the host has to say what becomes of those.
 */
public final class RefreshPolicy {
    private final RetryRule keyed;
    private final RetryRule keyless;
    private final boolean countsAsActivity;

    private RefreshPolicy(RetryRule keyed, RetryRule keyless, boolean countsAsActivity) {
        this.keyed = keyed;
        this.keyless = keyless;
        this.countsAsActivity = countsAsActivity;
    }

    /**
     * A policy that says what becomes of clients without an attempt key.
     *
     * @param rule {@link RetryRule#strict}, {@link RetryRule#siblings} or {@link RetryRule#anyHolder}
     * @return a policy by which clients with a key get {@link RetryRule#sameAttempt()}
     * @throws IllegalArgumentException if the rule needs a key
     */
    public static RefreshPolicy withoutKey(RetryRule rule) {
        return new RefreshPolicy(RetryRule.sameAttempt(), requireKeyless(rule), false);
    }

    /**
     * Sets what clients with an attempt key get.
     *
     * @param rule {@link RetryRule#sameAttempt()}, with another window or with siblings; or {@link RetryRule#strict}
     *     or {@link RetryRule#siblings}, by which a key is worth nothing
     * @return a changed copy
     * @throws IllegalArgumentException if the rule answers whoever has no key
     */
    public RefreshPolicy withKey(RetryRule rule) {
        if (rule.holder() == Holder.ANYBODY) {
            throw new IllegalArgumentException(
                    "withKey needs sameAttempt(), strict() or siblings(...): anyHolder(...) asks for no key");
        }
        return new RefreshPolicy(rule, keyless, countsAsActivity);
    }

    /**
     * Lets each refresh begin the session's idle time anew. Without it, only requests do.
     *
     * @return a changed copy
     */
    public RefreshPolicy countsAsActivity() {
        return new RefreshPolicy(keyed, keyless, true);
    }

    /** {@return the rule for clients with an attempt key} */
    public RetryRule keyed() {
        return keyed;
    }

    /** {@return the rule for clients without an attempt key, unless their login has one of its own} */
    public RetryRule keyless() {
        return keyless;
    }

    /** {@return whether a refresh begins the session's idle time anew} */
    public boolean isActivity() {
        return countsAsActivity;
    }

    /**
     * Checks that a rule does without an attempt key.
     *
     * @param rule of a policy or a login
     * @return the same
     * @throws IllegalArgumentException if it needs a key
     */
    static RetryRule requireKeyless(RetryRule rule) {
        if (Objects.requireNonNull(rule, "rule").holder() == Holder.SAME_ATTEMPT) {
            throw new IllegalArgumentException(
                    "a client without an attempt key cannot repeat it: strict(), siblings(...) or anyHolder(...)");
        }
        return rule;
    }

    /** The rules. */
    @Override
    public String toString() {
        return "RefreshPolicy[with key " + keyed + ", without " + keyless + "]";
    }
}
