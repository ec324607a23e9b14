package dev.curfew.atrest;

import dev.curfew.session.CredentialKind;
import dev.curfew.session.Evidence;
import dev.curfew.session.Scopes;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionLabel;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a payload has since version 3, and only some sessions have. Immutable.
 *
 * @param evidence how and when the person last proved who they are, to the millisecond; null if nothing is known but
 *     that it was when the session began
 * @param label what the person calls the session, or null
 * @param scopes what is granted to it; copied
 * @param senderKey whose proof must come with its credential, or null
 * @param credential which kind of credential it has, or null
 */
public record SessionExtras(
        @Nullable Evidence evidence,
        @Nullable String label,
        Set<String> scopes,
        @Nullable SenderKey senderKey,
        @Nullable CredentialKind credential) {
    /** Nothing of all that. */
    public static final SessionExtras NONE = new SessionExtras(null, null, Set.of(), null, null);

    /**
     * Checks what can be stored.
     *
     * @throws dev.curfew.session.InvalidIdentifierException if a part breaks its rule
     */
    public SessionExtras {
        evidence = evidence == null ? null : evidence.requireStorable();
        label = label == null ? null : SessionLabel.require(label);
        scopes = Scopes.require(scopes);
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "SessionExtras";
    }
}
