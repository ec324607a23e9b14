package dev.curfew.session;

/**
 * The namespace of every key: that of one token issuer, or of several that the host declares to share subjects, token
 * ids and session ids. Two realms never see each other. Immutable.
 *
 * <p>Names compare byte for byte.
 */
public final class Realm {
    private final String name;
    private final LookupKey key;

    private Realm(String name) {
        this.name = Identifiers.requireName(name, "realm");
        this.key = LookupKey.of("realm", name);
    }

    /**
     * Names a realm.
     *
     * @param name well-formed Unicode, not empty; it neither begins nor ends with a blank (white space, a control or
     *     format character, whatever shows nothing), because that is a mistake in some setting, and another realm
     * @return the realm
     * @throws InvalidIdentifierException if no store could keep that name, or if a blank stands at its begin or end
     */
    public static Realm of(String name) {
        return new Realm(name);
    }

    /** {@return the name as given} */
    public String name() {
        return name;
    }

    /** {@return the lookup key of the whole realm, computed once} */
    public LookupKey key() {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Realm that && name.equals(that.name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
