package dev.curfew.subject;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;

/** What became of the wish to name a session. Immutable. */
public sealed interface RenameOutcome {
    /**
     * It has that name, by this call or an earlier one.
     *
     * @param session as it stands from now on
     */
    record Renamed(Session session) implements RenameOutcome {}

    /**
     * There is no such live session of the caller's; nothing was changed, and nobody can tell whether it is another
     * one's, has ended, or never was.
     */
    record NotOwned() implements RenameOutcome {}

    /**
     * The caller's own token or session is revoked; nothing was changed.
     *
     * @param reason why
     */
    record CallerRevoked(RevocationReason reason) implements RenameOutcome {}
}
