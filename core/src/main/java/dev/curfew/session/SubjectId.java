package dev.curfew.session;

import java.util.Objects;

/**
 * Whose session it is: a subject within its realm, compared byte for byte and never case-folded. Immutable.
 *
 * <p>{@code toString} shows a pseudonym; only {@link #value()} shows the subject.
 *
 * @param realm the namespace
 * @param value the {@code sub} claim; well-formed Unicode, not empty
 */
public record SubjectId(Realm realm, String value) {
    /**
     * Names a subject.
     *
     * @throws InvalidIdentifierException if no store could keep that value
     */
    public SubjectId {
        Objects.requireNonNull(realm, "realm");
        Identifiers.require(value, "subject");
    }

    /** {@return the lookup key of this subject; costs one hash} */
    public LookupKey key() {
        return LookupKey.of("subject", realm.name(), value);
    }

    @Override
    public String toString() {
        return "subject:" + key();
    }
}
