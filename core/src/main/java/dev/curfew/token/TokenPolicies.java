package dev.curfew.token;

import dev.curfew.session.Realm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The policies by which tokens are judged, which may change while the application runs. Thread-safe.
 *
 * <p>Give the same object to the verifier and to the session service. From the moment at which {@link #remove} returns,
 * tokens of that policy are refused, also those that were verified before; until {@link #add} returns, they are not
 * accepted yet. Nobody waits for a change, and a change waits for nobody.
 */
public final class TokenPolicies {
    /** Guarded by this. */
    private final List<Consumer<? super IssuerPolicy>> demands = new ArrayList<>();

    private volatile PolicyTable table;

    private TokenPolicies(PolicyTable table) {
        this.table = table;
    }

    /**
     * Collects policies.
     *
     * @param first a policy
     * @param more of other issuers
     * @return the collection
     * @throws IllegalArgumentException if two may have the same issuer, or the same realm that they do not declare to
     *     share
     */
    public static TokenPolicies of(IssuerPolicy first, IssuerPolicy... more) {
        List<IssuerPolicy> all = new ArrayList<>();
        all.add(Objects.requireNonNull(first, "first"));
        all.addAll(List.of(more));
        return new TokenPolicies(PolicyTable.of(all));
    }

    /**
     * Begins without any policy: every token is refused until one is added.
     *
     * @return an empty collection
     */
    public static TokenPolicies empty() {
        return new TokenPolicies(PolicyTable.of(List.of()));
    }

    /**
     * Adds a policy.
     *
     * @param policy of another issuer than those that are here
     * @throws IllegalArgumentException if its issuer or its realm is another policy's
     * @throws IllegalStateException if a service that uses these policies would forget revocations before its tokens
     *     expire, see {@link #demand}
     */
    public synchronized void add(IssuerPolicy policy) {
        PolicyTable next = table.with(policy);
        demands.forEach(demand -> demand.accept(policy));
        table = next;
    }

    /**
     * Removes a policy: its tokens are refused at once.
     *
     * @param policy the very one that was added
     * @return whether it was here
     */
    public synchronized boolean remove(IssuerPolicy policy) {
        PolicyTable next = table.without(policy);
        boolean wasHere = next.all().size() < table.all().size();
        table = next;
        return wasHere;
    }

    /**
     * Puts a policy in another one's place in one step, so that no token is refused in between.
     *
     * @param old the very one that was added
     * @param policy takes its place, usually with the same issuer
     * @throws IllegalArgumentException if the old one is not here, or as {@link #add} does
     * @throws IllegalStateException as {@link #add} does
     */
    public synchronized void replace(IssuerPolicy old, IssuerPolicy policy) {
        PolicyTable rest = table.without(old);
        if (rest.all().size() == table.all().size()) {
            throw new IllegalArgumentException("replace: the old policy is not here");
        }
        PolicyTable next = rest.with(policy);
        demands.forEach(demand -> demand.accept(policy));
        table = next;
    }

    /** {@return all policies as they are now, in the order in which they came} */
    public List<IssuerPolicy> all() {
        return table.all();
    }

    /**
     * Whether a realm is that of a policy.
     *
     * @param realm any
     * @return true if tokens of it are accepted
     */
    public boolean hasRealm(Realm realm) {
        return table.hasRealm(realm);
    }

    /**
     * Makes a demand on all policies, those that are here and those that will be added.
     *
     * @param requirement throws with a sentence if a policy does not meet it; called within {@link #add}
     * @throws RuntimeException what the requirement throws; then it is not kept
     */
    public synchronized void demand(Consumer<? super IssuerPolicy> requirement) {
        Objects.requireNonNull(requirement, "requirement");
        table.all().forEach(requirement);
        demands.add(requirement);
    }

    PolicyTable table() {
        return table;
    }

    /** Issuers only. */
    @Override
    public String toString() {
        return "TokenPolicies" + table.all().stream().map(IssuerPolicy::issuer).toList();
    }
}
