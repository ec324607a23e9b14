package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.JwkSetDownloads;
import dev.curfew.jose.KeyLoadSettings;
import dev.curfew.jose.KeyLoads;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The keys of each tenant, loaded from an address of its own. Thread-safe.
 *
 * <p>A tenant's keys are loaded apart from all others': neither its outage nor its load concerns them. Nobody's keys
 * are given up for want of room; beyond the bound a further tenant is refused.
 */
final class TenantKeys {
    private final IssuerPattern addresses;
    private final KeyLoadSettings settings;
    private final int most;
    private final JwkSetDownloads downloads;
    private final KeyLoads loads = new KeyLoads();
    private final Map<String, TokenKeys> byTenant = new ConcurrentHashMap<>();

    TenantKeys(IssuerPattern addresses, KeyLoadSettings settings, int most) {
        this.addresses = addresses;
        this.settings = settings;
        this.most = most;
        this.downloads = new JwkSetDownloads(settings);
    }

    /**
     * The keys of a tenant that the host allows.
     *
     * @throws KeysUnavailableException if there is no room for another tenant
     */
    TokenKeys of(String tenant, String issuer) {
        TokenKeys known = byTenant.get(tenant);
        return known != null ? known : add(tenant, issuer);
    }

    private synchronized TokenKeys add(String tenant, String issuer) {
        TokenKeys known = byTenant.get(tenant);
        if (known != null) {
            return known;
        }
        if (byTenant.size() >= most) {
            throw new KeysUnavailableException(
                    "keys are loaded for " + most + " tenants, and for no more: raise tenantsAtMost(...)", null);
        }
        TokenKeys keys = TokenKeys.remote(downloads.from(URI.create(addresses.of(tenant))), settings, loads);
        keys.source().usedBy(issuer);
        byTenant.put(tenant, keys);
        return keys;
    }

    /** Makes room when a tenant is not allowed any more. */
    void forget(String tenant) {
        byTenant.remove(tenant);
    }

    int size() {
        return byTenant.size();
    }

    KeyLoads loads() {
        return loads;
    }
}
