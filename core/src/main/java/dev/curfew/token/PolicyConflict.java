package dev.curfew.token;

/** Finds out whether two policies can stand side by side. */
final class PolicyConflict {
    private PolicyConflict() {}

    /**
     * Refuses two policies of which a token would not know by which it is judged, or whose subjects, sessions or tokens
     * could be taken for each other's.
     *
     * @throws IllegalArgumentException if they conflict
     */
    static void check(IssuerPolicy one, IssuerPolicy other) {
        if (Issuers.mayMeet(one, other)) {
            throw new IllegalArgumentException(
                    one.issuer().equals(other.issuer())
                            ? "policies: " + one.issuer()
                                    + " has two policies, and an issuer has one: put the settings of"
                                    + " both into one, or replace(...) the first"
                            : "policies: " + one.issuer() + " and " + other.issuer()
                                    + " may be the same issuer; remove one, or replace it");
        }
        if (!Realms.mayMeet(one, other)) {
            return;
        }
        if (!one.sharesRealm() || !other.sharesRealm()) {
            throw new IllegalArgumentException("policies: " + one.issuer() + " and " + other.issuer()
                    + " have the same realm" + nameOf(one)
                    + ": give each issuer a realm of its own. Only issuers that share"
                    + " subjects, token ids and session ids may have one together, and then both policies must say"
                    + " sharesRealm()");
        }
        if (sort(one) * sort(other) < 0) {
            throw new IllegalArgumentException("policies: " + one.issuer() + " and " + other.issuer()
                    + " share a realm, so that sessionIds cannot be OURS for one and FOREIGN for the other");
        }
    }

    private static String nameOf(IssuerPolicy policy) {
        return policy instanceof TokenPolicy single ? " \"" + single.realm() + "\"" : "";
    }

    private static int sort(IssuerPolicy policy) {
        return switch (policy.sessionIds()) {
            case OURS -> 1;
            case FOREIGN -> -1;
            case NONE -> 0;
        };
    }

    /** Whether an issuer may be that of both. */
    private static final class Issuers {
        static boolean mayMeet(IssuerPolicy one, IssuerPolicy other) {
            if (one instanceof TenantPolicy several) {
                return other instanceof TenantPolicy too
                        ? several.pattern().mayMeet(too.pattern())
                        : several.pattern().tenantOf(other.issuer()) != null;
            }
            return other instanceof TenantPolicy several
                    ? several.pattern().tenantOf(one.issuer()) != null
                    : one.issuer().equals(other.issuer());
        }
    }

    /** Whether a realm may be that of both. */
    private static final class Realms {
        static boolean mayMeet(IssuerPolicy one, IssuerPolicy other) {
            if (one instanceof TenantPolicy several) {
                return other instanceof TenantPolicy too
                        ? several.realms().mayMeet(too.realms())
                        : other instanceof TokenPolicy single
                                && several.realms().mayBe(single.realm());
            }
            return one instanceof TokenPolicy single
                    && (other instanceof TenantPolicy several
                            ? several.realms().mayBe(single.realm())
                            : other.hasRealm(single.realm()));
        }
    }
}
