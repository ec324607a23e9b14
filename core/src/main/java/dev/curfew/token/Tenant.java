package dev.curfew.token;

/**
 * For whom a policy was derived from a pattern. Immutable.
 *
 * @param of what it was derived from
 * @param name as it stands in the issuer
 */
record Tenant(TenantPolicy of, String name) {
    /** Asked at each use: the host may change its mind. */
    boolean isAllowed() {
        return of.allows(name);
    }

    @Override
    public String toString() {
        return name;
    }
}
