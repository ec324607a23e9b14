package dev.curfew.http;

import dev.curfew.RevocationOutcome;
import dev.curfew.RevocationOutcome.CallerRevoked;
import dev.curfew.RevocationOutcome.NotOwned;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.token.Authentic;

/** What became of the wish to end the session of a credential. */
enum Ending {
    /** It has ended. */
    ENDED,
    /** It has ended; the time of the credential was over. */
    ENDED_EXPIRED,
    /** It had ended before. */
    WAS_OVER,
    /** The credential cannot end a session that lives on, or another one has taken the place of its own. */
    REFUSED;

    /** What a logout of a caller came to. */
    static Ending of(Authentic caller, RevocationOutcome outcome, boolean isExpired) {
        if (outcome instanceof NotOwned) {
            return REFUSED;
        }
        boolean wasRevoked = outcome instanceof CallerRevoked;
        if (outcome instanceof CallerRevoked refused && !isOver(caller, refused)) {
            return REFUSED;
        }
        if (isExpired) {
            return ENDED_EXPIRED;
        }
        return wasRevoked ? WAS_OVER : ENDED;
    }

    /**
     * A token that was revoked by itself, or with its key, cannot end the session, which lives on; and of a session
     * that another one has replaced, a late logout would take the cookies of the new one.
     */
    private static boolean isOver(Authentic caller, CallerRevoked refused) {
        return refused.by().reason() != RevocationReason.REPLACED && isOfSession(caller, refused);
    }

    private static boolean isOfSession(Authentic caller, CallerRevoked refused) {
        return caller.session().isEmpty() || refused.by().target().kind().coversSessions();
    }
}
