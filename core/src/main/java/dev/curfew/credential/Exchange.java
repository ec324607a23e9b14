package dev.curfew.credential;

import dev.curfew.crypto.SecretToken;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.store.FoundSession;
import java.util.Optional;

/** What became of the wish to exchange a credential for its successor. Immutable. */
sealed interface Exchange {
    /** The successor stands, by this call or, as a replay, by an earlier one of the same bearer. */
    record Exchanged(SecretToken next, boolean isReplay) implements Exchange {}

    /**
     * It was exchanged before, and its bearer is not known to be the same.
     *
     * @param held what stands now
     * @param isTolerated whether that was so short a time ago that a sibling may do it
     * @param generationsBehind 1 for the one that was exchanged last, 2 for any older one
     */
    record Superseded(HeldCredential held, boolean isTolerated, int generationsBehind) implements Exchange {
        /** Whether it was the current one until the session itself was renewed: no sign of a thief. */
        boolean isByRenewal() {
            return generationsBehind == 1
                    && held.state().last() != null
                    && held.state().last().isRenewal();
        }
    }

    /** The session is over; the row with what covers it, if there is one. */
    record Over(Optional<FoundSession> found) implements Exchange {}

    /** Nothing was changed, for another reason. */
    record Refused(CredentialRefusal why) implements Exchange {}

    /** It is still the current one, but what was to be exchanged with it has changed meanwhile; read it again. */
    record Overtaken() implements Exchange {}
}
