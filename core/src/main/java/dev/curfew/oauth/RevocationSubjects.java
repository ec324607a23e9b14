package dev.curfew.oauth;

import dev.curfew.session.SubjectId;
import java.util.Objects;
import java.util.Set;

/** Whom a global revocation is about, or why nobody's tokens are revoked. Immutable. */
public final class RevocationSubjects {
    /** How a request is answered. */
    enum Kind {
        FOUND,
        UNKNOWN,
        NOT_FOUND,
        NOT_REVOCABLE,
        UNSUPPORTED
    }

    private static final RevocationSubjects UNKNOWN = new RevocationSubjects(Kind.UNKNOWN, Set.of());
    private static final RevocationSubjects NOT_FOUND = new RevocationSubjects(Kind.NOT_FOUND, Set.of());
    private static final RevocationSubjects NOT_REVOCABLE = new RevocationSubjects(Kind.NOT_REVOCABLE, Set.of());
    private static final RevocationSubjects UNSUPPORTED = new RevocationSubjects(Kind.UNSUPPORTED, Set.of());

    private final Kind kind;
    private final Set<SubjectId> subjects;

    private RevocationSubjects(Kind kind, Set<SubjectId> subjects) {
        this.kind = kind;
        this.subjects = Set.copyOf(subjects);
    }

    /**
     * One subject, or several if the person has several accounts.
     *
     * @param subjects whose tokens are to be revoked; of realms that the caller may act on
     * @return what was found; {@link #unknown} if there is none
     */
    public static RevocationSubjects of(Set<SubjectId> subjects) {
        return Objects.requireNonNull(subjects, "subjects").isEmpty()
                ? UNKNOWN
                : new RevocationSubjects(Kind.FOUND, subjects);
    }

    /**
     * Nobody of that name: answered 204, so that nobody learns who has an account.
     *
     * @return nothing found
     */
    public static RevocationSubjects unknown() {
        return UNKNOWN;
    }

    /**
     * Nobody of that name, and the caller may know it: answered 404.
     *
     * @return nothing found
     */
    public static RevocationSubjects notFound() {
        return NOT_FOUND;
    }

    /**
     * Somebody whose tokens cannot be revoked here: answered 422.
     *
     * @return somebody found
     */
    public static RevocationSubjects notRevocable() {
        return NOT_REVOCABLE;
    }

    /**
     * An identifier of a format that the host does not resolve: answered 400.
     *
     * @return nothing sought
     */
    public static RevocationSubjects unsupported() {
        return UNSUPPORTED;
    }

    Kind kind() {
        return kind;
    }

    Set<SubjectId> subjects() {
        return subjects;
    }

    /** Nobody's name. */
    @Override
    public String toString() {
        return "RevocationSubjects[" + kind + "]";
    }
}
