package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import java.util.OptionalLong;

/** What became of the wish to revoke. Immutable. */
public sealed interface RevocationOutcome {
    /**
     * The target is revoked, by this call or an earlier one.
     *
     * @param target what sort of thing was recorded; coarser than asked for if a session or subject had
     *     caused too many revocations, or a bounded store had no room
     * @param count how many live sessions (for a token: tokens) this act ended: exact for a token, session or subject, nothing
     *     for a client, a realm or a signing key
     * @param changed whether this call wrote anything; false if it was revoked already, or expired
     */
    record Revoked(RevocationTarget.Kind target, OptionalLong count, boolean changed) implements RevocationOutcome {}

    /**
     * The caller's own token or session is revoked; nothing was changed.
     *
     * @param by what covers the caller; if its session is over, what ended that rather than what revoked its token
     */
    record CallerRevoked(Revocation by) implements RevocationOutcome {}

    /** The target is not the caller's, or there is no such target; nothing was changed, and nobody can tell which. */
    record NotOwned() implements RevocationOutcome {}

    /** The caller's token names no session, so that "all others" means nothing; nothing was changed. */
    record NoCurrentSession() implements RevocationOutcome {}
}
