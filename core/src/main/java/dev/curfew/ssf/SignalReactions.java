package dev.curfew.ssf;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.ssf.Reaction.Scope;
import dev.curfew.token.EventBody;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which security events end something here, and what. Immutable.
 *
 * <p>The {@linkplain #usual usual} ones:
 *
 * <ul>
 *   <li>CAEP {@code session-revoked}: the session, or all sessions of the subject;
 *   <li>CAEP {@code credential-change} unless something was created, RISC {@code account-disabled}, {@code
 *       account-purged}, {@code credential-compromise}, {@code account-credential-change-required} and {@code
 *       sessions-revoked}: all of the subject;
 *   <li>CAEP {@code token-claims-change} of a {@code jwt_id}: that token.
 * </ul>
 */
public final class SignalReactions {
    private static final String CAEP = "https://schemas.openid.net/secevent/caep/event-type/";
    private static final String RISC = "https://schemas.openid.net/secevent/risc/event-type/";
    private static final String CREDENTIAL_CHANGE = CAEP + "credential-change";

    private static final SignalReactions USUAL = new SignalReactions(Map.of(
            CAEP + "session-revoked",
            new Reaction(Scope.LOGINS, RevocationReason.BACKCHANNEL_LOGOUT),
            CAEP + "token-claims-change",
            new Reaction(Scope.TOKEN, RevocationReason.POLICY),
            CREDENTIAL_CHANGE,
            new Reaction(Scope.SUBJECT, RevocationReason.CREDENTIAL_CHANGED),
            RISC + "account-credential-change-required",
            new Reaction(Scope.SUBJECT, RevocationReason.CREDENTIAL_CHANGED),
            RISC + "account-disabled",
            new Reaction(Scope.SUBJECT, RevocationReason.ACCOUNT_DISABLED),
            RISC + "account-purged",
            new Reaction(Scope.SUBJECT, RevocationReason.ACCOUNT_DISABLED),
            RISC + "credential-compromise",
            new Reaction(Scope.SUBJECT, RevocationReason.SUSPICIOUS_ACTIVITY),
            RISC + "sessions-revoked",
            new Reaction(Scope.SUBJECT, RevocationReason.BACKCHANNEL_LOGOUT)));

    private final Map<String, Reaction> byType;

    private SignalReactions(Map<String, Reaction> byType) {
        this.byType = Collections.unmodifiableMap(new LinkedHashMap<>(byType));
    }

    /** {@return those of the events above} */
    public static SignalReactions usual() {
        return USUAL;
    }

    /**
     * Lets one more type of event end all of its subject.
     *
     * @param eventType the URI that names what happened, letter by letter
     * @param reason of the revocation
     * @return new reactions
     * @throws IllegalArgumentException if the type speaks of the stream and nobody on it, or the reason is one that is
     *     never stored
     */
    public SignalReactions ending(String eventType, RevocationReason reason) {
        if (Objects.requireNonNull(eventType, "eventType").isEmpty() || StreamEvents.isAboutStream(eventType)) {
            throw new IllegalArgumentException("ending(eventType, ...) is the type of an event about a subject, and is"
                    + " \"" + eventType + "\"");
        }
        if (Objects.requireNonNull(reason, "reason") == RevocationReason.EXPIRED) {
            throw new IllegalArgumentException("ending(..., reason): EXPIRED is the reason of no revocation");
        }
        Map<String, Reaction> more = new LinkedHashMap<>(byType);
        more.put(eventType, new Reaction(Scope.SUBJECT, reason));
        return new SignalReactions(more);
    }

    /**
     * Lets a type of event end nothing: it is told to the listener.
     *
     * @param eventType one of {@link #eventTypes}
     * @return new reactions
     * @throws IllegalArgumentException if it ends nothing as it is
     */
    public SignalReactions without(String eventType) {
        if (!byType.containsKey(eventType)) {
            throw new IllegalArgumentException(
                    "without(eventType) is one of " + byType.keySet() + ", and is \"" + eventType + "\"");
        }
        Map<String, Reaction> less = new LinkedHashMap<>(byType);
        less.remove(eventType);
        return new SignalReactions(less);
    }

    /** {@return the types of events that end something: what a stream is asked for, in {@code events_requested}} */
    public Set<String> eventTypes() {
        return byType.keySet();
    }

    /** What an event ends, if anything. */
    Optional<Reaction> to(EventBody event) {
        // A credential more is no reason to end what was begun with the others; whoever says nothing means a change.
        boolean isCreated = event.type().equals(CREDENTIAL_CHANGE)
                && "create".equals(event.members().get("change_type"));
        return isCreated ? Optional.empty() : Optional.ofNullable(byType.get(event.type()));
    }

    @Override
    public String toString() {
        return "SignalReactions" + byType.keySet();
    }
}
