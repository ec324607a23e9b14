package dev.curfew.token;

import dev.curfew.session.Realm;
import org.jspecify.annotations.Nullable;

/**
 * Which realm each tenant has: one of its own, {@code prefix:tenant}, or one for all. Immutable.
 *
 * <p>No tenant's name contains a colon, so that two tenants, or two prefixes, never make the same realm.
 *
 * @param prefix of the realms, or of the only one its name
 * @param only the realm of all tenants, or null if each has its own
 */
record TenantRealms(String prefix, @Nullable Realm only) {
    Realm of(String tenant) {
        return only != null ? only : Realm.of(prefix + ":" + tenant);
    }

    /** The tenant whose own realm this may be, or null if it is that of none. */
    @Nullable
    String tenantOf(Realm realm) {
        String start = prefix + ":";
        String name = realm.name();
        return name.startsWith(start) && name.indexOf(':', start.length()) < 0 ? name.substring(start.length()) : null;
    }

    boolean mayBe(Realm realm) {
        return only != null ? only.equals(realm) : tenantOf(realm) != null;
    }

    boolean mayMeet(TenantRealms other) {
        if (only != null) {
            return other.mayBe(only);
        }
        return other.only != null ? mayBe(other.only) : prefix.equals(other.prefix);
    }
}
