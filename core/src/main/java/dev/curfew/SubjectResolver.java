package dev.curfew;

import dev.curfew.session.SubjectId;
import dev.curfew.token.SubjectIdentifier;
import java.util.Optional;

/**
 * Says whom another party's name of a person means here, as only the host knows. Thread-safe; called for authentic
 * messages alone, on the thread that brought them.
 */
@FunctionalInterface
public interface SubjectResolver {
    /**
     * Resolves a name.
     *
     * @param identifier an email address, a telephone number, an account, or what an issuer calls its subject
     * @return the subject of a session or token here; nothing if nobody has that name, of whom then nothing is recorded
     * @throws RuntimeException if it cannot be found out now, so that the message is not acknowledged and comes again
     */
    Optional<SubjectId> resolve(SubjectIdentifier identifier);
}
