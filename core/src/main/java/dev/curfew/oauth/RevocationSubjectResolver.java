package dev.curfew.oauth;

import dev.curfew.client.RegisteredClient;
import dev.curfew.token.SubjectIdentifier;

/** Finds out whom a caller means, which only the host knows. Implementations are thread-safe. */
@FunctionalInterface
public interface RevocationSubjectResolver {
    /**
     * Finds out whom a caller means.
     *
     * @param identifier what the caller says, never {@link SubjectIdentifier.Other}
     * @param caller who says it: look only among those whom this caller may speak about
     * @return whom, or why nobody
     */
    RevocationSubjects resolve(SubjectIdentifier identifier, RegisteredClient caller);
}
