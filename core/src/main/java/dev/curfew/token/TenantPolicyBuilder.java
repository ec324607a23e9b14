package dev.curfew.token;

import dev.curfew.session.Realm;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link TenantPolicy}. Confined to one thread. */
public final class TenantPolicyBuilder {
    private static final int FEW_WAITING = 16;

    private final IssuerPattern pattern;
    private @Nullable Predicate<String> allowed;
    private @Nullable TenantRealms realms;
    private @Nullable TokenKeys keys;
    private @Nullable IssuerPattern keyAddresses;
    private RemoteKeyOptions keyOptions =
            RemoteKeyOptions.builder().waitingAtMost(FEW_WAITING).build();
    private UnaryOperator<TokenPolicyBuilder> tokens = policy -> policy;
    private int most = 1_000;
    private boolean isAny;

    TenantPolicyBuilder(IssuerPattern pattern) {
        this.pattern = pattern;
    }

    /**
     * Accepts these tenants and no others. This, {@link #tenantsWhere} or {@link #anyTenant} is required.
     *
     * @param first a tenant as it stands in {@code iss}
     * @param more others
     * @return this
     * @throws IllegalArgumentException if a text could not stand there
     */
    public TenantPolicyBuilder tenants(String first, String... more) {
        Set<String> names = new HashSet<>(List.of(more));
        names.add(first);
        if (!names.stream().allMatch(pattern::isTenant)) {
            throw new IllegalArgumentException("tenants: a name is no tenant that " + pattern + " can match");
        }
        Set<String> fixed = Set.copyOf(names);
        this.most = Math.max(most, fixed.size());
        return allow(fixed::contains, false);
    }

    /**
     * Accepts the tenants that the host knows. It is asked at each use, so that a tenant that it knows no more is
     * refused at once, also where its tokens were verified before.
     *
     * @param isKnown must be quick, must not throw, and is true only for tenants that exist; called by many threads
     * @return this
     */
    public TenantPolicyBuilder tenantsWhere(Predicate<String> isKnown) {
        return allow(Objects.requireNonNull(isKnown, "isKnown"), false);
    }

    /**
     * Accepts <b>every tenant that the issuer has or will have</b>: whoever can open a tenant there can make tokens
     * that open this API. Only where the host itself decides, after verification, what a realm may do. It needs keys
     * that all tenants share.
     *
     * @return this
     */
    public TenantPolicyBuilder anyTenant() {
        return allow(tenant -> true, true);
    }

    private TenantPolicyBuilder allow(Predicate<String> which, boolean any) {
        if (allowed != null) {
            throw new IllegalStateException("call one of tenants(...), tenantsWhere(...) and anyTenant(), once");
        }
        this.allowed = which;
        this.isAny = any;
        return this;
    }

    /**
     * Gives each tenant a realm of its own, whose name is the prefix, a colon and the tenant. This or {@link #oneRealm}
     * is required.
     *
     * @param prefix of no other policy, unless that shares its realms
     * @return this
     */
    public TenantPolicyBuilder realms(String prefix) {
        this.realms = new TenantRealms(Realm.of(prefix).name(), null);
        return this;
    }

    /**
     * Declares that all tenants share subjects, token ids and session ids: the same text means the same thing in each
     * of them. If that is not so, one tenant can end, list and use up what is another's.
     *
     * @param realm of all tenants
     * @return this
     */
    public TenantPolicyBuilder oneRealm(Realm realm) {
        this.realms = new TenantRealms(realm.name(), realm);
        return this;
    }

    /**
     * Sets the keys that all tenants share. This or {@link #keysOfEach} is required.
     *
     * @param value of the issuer
     * @return this
     */
    public TenantPolicyBuilder keys(TokenKeys value) {
        this.keys = Objects.requireNonNull(value, "keys");
        return this;
    }

    /**
     * Loads the keys of each tenant from an address of its own, when the first token of it comes; with the default
     * options, except that at most 16 callers wait for one tenant's keys.
     *
     * @param addresses of https, with the same place as the issuer's
     * @return this
     */
    public TenantPolicyBuilder keysOfEach(String addresses) {
        return keysOfEach(addresses, keyOptions);
    }

    /**
     * Loads the keys of each tenant from an address of its own, when the first token of it comes.
     *
     * @param addresses of https, with the same place as the issuer's
     * @param options for each tenant
     * @return this
     * @throws IllegalArgumentException if it is no such pattern
     */
    public TenantPolicyBuilder keysOfEach(String addresses, RemoteKeyOptions options) {
        this.keyAddresses = IssuerPattern.of("keysOfEach", addresses);
        this.keyOptions = Objects.requireNonNull(options, "options");
        return this;
    }

    /**
     * Bounds how many tenants' keys are loaded; 1,000 by default, or as many as were named. Beyond it the tokens of a
     * further tenant are answered like an outage; nobody's keys are given up for another's.
     *
     * @param tenants positive
     * @return this
     */
    public TenantPolicyBuilder tenantsAtMost(int tenants) {
        if (tenants < 1) {
            throw new IllegalArgumentException("tenantsAtMost must be positive");
        }
        this.most = tenants;
        return this;
    }

    /**
     * Sets what is demanded of each tenant's tokens, all but the keys.
     *
     * @param settings for example {@code tokens -> tokens.audience("https://api.example.com")...}
     * @return this
     */
    public TenantPolicyBuilder tokens(UnaryOperator<TokenPolicyBuilder> settings) {
        this.tokens = Objects.requireNonNull(settings, "settings");
        return this;
    }

    /**
     * Makes the policy.
     *
     * @return the policy
     * @throws IllegalStateException if a required setting is missing or two contradict each other; the message names
     *     them
     * @throws IllegalArgumentException if keys and algorithms do not fit together
     */
    public TenantPolicy build() {
        if (allowed == null) {
            throw new IllegalStateException("missing setting: call tenants(...), tenantsWhere(...) or anyTenant()");
        }
        if (realms == null) {
            throw new IllegalStateException("missing setting: call realms(String) or oneRealm(Realm)");
        }
        if ((keys == null) == (keyAddresses == null)) {
            throw new IllegalStateException("call either keys(TokenKeys) or keysOfEach(String)");
        }
        if (keyAddresses != null && isAny) {
            throw new IllegalStateException("anyTenant() needs keys(TokenKeys): with keysOfEach(...) everybody could"
                    + " have keys loaded from addresses that they choose");
        }
        if (keyAddresses != null && keyAddresses.isInHost() && !pattern.isInHost()) {
            throw new IllegalStateException(
                    "keysOfEach: the tenant stands in a host name, where not all that the issuer's path allows fits");
        }
        TokenKeys shown = keys == null ? TokenKeys.ofTenants() : keys;
        TokenPolicy template = tokens.apply(new TokenPolicyBuilder(Realm.of(realms.prefix()), pattern.toString()))
                .keysOfTenants(shown)
                .build();
        TenantKeys each = keyAddresses == null ? null : new TenantKeys(keyAddresses, keyOptions.settings(), most);
        return new TenantPolicy(pattern, allowed, realms, template, each);
    }
}
