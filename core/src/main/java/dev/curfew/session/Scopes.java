package dev.curfew.session;

import java.util.Set;

/** What scopes a session may have: those of RFC 6749 §3.3, within bounds. */
public final class Scopes {
    /** The most scopes of a session. */
    public static final int MAX_COUNT = 100;

    /** The most characters of a scope. */
    public static final int MAX_LENGTH = 256;

    private Scopes() {}

    /**
     * Takes scopes that come from outside.
     *
     * @param scopes each a {@code scope-token}: visible ASCII without quotation mark and backslash
     * @return an unmodifiable copy
     * @throws InvalidIdentifierException if there are too many, or one is too long or no {@code scope-token}
     */
    public static Set<String> require(Set<String> scopes) {
        Set<String> copy = Identifiers.requireAll(scopes, MAX_COUNT, MAX_LENGTH, "scope");
        for (String scope : copy) {
            if (!scope.chars().allMatch(Scopes::isScopeCharacter)) {
                throw new InvalidIdentifierException("scope has a character that RFC 6749 does not allow");
            }
        }
        return copy;
    }

    private static boolean isScopeCharacter(int c) {
        return c > ' ' && c < 0x7F && c != '"' && c != '\\';
    }
}
