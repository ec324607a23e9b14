package dev.curfew.token;

import dev.curfew.jose.KeyLoads;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of the tokens of many issuers whose {@code iss} differs in the name of a tenant. Immutable, but for
 * the keys behind it, and the tenants if the host decides on each use.
 *
 * <p>Each tenant has a realm of its own, unless the host declares one for all.
 *
 * <pre>{@code
 * TenantPolicy policy = TenantPolicy.forIssuers("https://{tenant}.eu.auth0.com/")
 *         .tenants("acme", "globex")
 *         .realms("auth0")
 *         .keysOfEach("https://{tenant}.eu.auth0.com/.well-known/jwks.json")
 *         .tokens(tokens -> tokens.audience("https://api.example.com")
 *                 .sessionIds(SessionIds.FOREIGN)
 *                 .maxTokenLifetime(Duration.ofHours(1)))
 *         .build();
 * }</pre>
 */
public final class TenantPolicy implements IssuerPolicy {
    private final IssuerPattern pattern;
    private final Predicate<String> allowed;
    private final TenantRealms realms;
    private final TokenPolicy template;
    private final @Nullable TenantKeys keysOfEach;

    TenantPolicy(
            IssuerPattern pattern,
            Predicate<String> allowed,
            TenantRealms realms,
            TokenPolicy template,
            @Nullable TenantKeys keysOfEach) {
        this.pattern = pattern;
        this.allowed = allowed;
        this.realms = realms;
        this.template = template;
        this.keysOfEach = keysOfEach;
    }

    /**
     * Starts a policy.
     *
     * @param pattern the {@code iss} claim with one place such as <code>{tenant}</code>, which is a whole segment of
     *     the path or a whole label of the host
     * @return a builder
     * @throws IllegalArgumentException if it is no such pattern of https
     */
    public static TenantPolicyBuilder forIssuers(String pattern) {
        return new TenantPolicyBuilder(IssuerPattern.of("forIssuers", pattern));
    }

    @Override
    public String issuer() {
        return pattern.toString();
    }

    @Override
    public Duration skew() {
        return template.skew();
    }

    @Override
    public Duration maxTokenLifetime() {
        return template.maxTokenLifetime();
    }

    @Override
    public SessionIds sessionIds() {
        return template.sessionIds();
    }

    @Override
    public boolean sharesRealm() {
        return template.sharesRealm();
    }

    @Override
    public Naming naming(RevocationTarget.Kind kind) {
        return template.naming(kind);
    }

    @Override
    public boolean hasRealm(Realm realm) {
        if (realms.only() != null) {
            return realms.only().equals(realm);
        }
        String tenant = realms.tenantOf(realm);
        return tenant != null && pattern.isTenant(tenant) && allows(tenant);
    }

    /** The policy for this issuer, or null if it is none of ours; nothing is loaded. */
    @Nullable
    TokenPolicy find(String issuer) {
        String tenant = pattern.tenantOf(issuer);
        if (tenant == null || !allows(tenant)) {
            return null;
        }
        TokenKeys keys = keysOfEach == null ? template.keys() : keysOfEach.of(tenant, issuer);
        return template.derived(realms.of(tenant), issuer, keys, new Tenant(this, tenant));
    }

    boolean allows(String tenant) {
        boolean isAllowed = allowed.test(tenant);
        if (!isAllowed && keysOfEach != null) {
            keysOfEach.forget(tenant);
        }
        return isAllowed;
    }

    IssuerPattern pattern() {
        return pattern;
    }

    TenantRealms realms() {
        return realms;
    }

    int maxTokenLength() {
        return template.maxTokenLength();
    }

    @Nullable
    KeyLoads loads() {
        return keysOfEach == null ? template.keys().source().loads() : keysOfEach.loads();
    }

    @Override
    public String toString() {
        return "TenantPolicy[issuers=" + pattern + ", sessionIds=" + sessionIds() + "]";
    }
}
