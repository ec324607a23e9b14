package dev.curfew.ssf;

import dev.curfew.Upstream;
import dev.curfew.UpstreamSignal;
import dev.curfew.jose.NumericDate;
import dev.curfew.revocation.Actor;
import dev.curfew.ssf.Reaction.Scope;
import dev.curfew.token.EventBody;
import dev.curfew.token.EventToken;
import dev.curfew.token.SubjectIdentifier;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an event ends (CAEP 1.0, RISC 1.0; Shared Signals Framework 1.0, section 3). Immutable.
 *
 * <p>Of a complex subject the members {@code user} and {@code session} are understood; any other, and one in a format
 * that nobody here resolves, narrows nothing down, unless it is critical.
 */
final class SignalReader {
    private static final String USER = "user";
    private static final String SESSION = "session";

    private final Upstream upstream;
    private final SignalReactions reactions;
    private final EventTime eventTime;
    private final OpaqueMeaning opaque;
    private final Set<String> critical;

    SignalReader(
            Upstream upstream,
            SignalReactions reactions,
            EventTime eventTime,
            OpaqueMeaning opaque,
            Set<String> critical) {
        this.upstream = upstream;
        this.reactions = reactions;
        this.eventTime = eventTime;
        this.opaque = opaque;
        this.critical = Set.copyOf(critical);
    }

    /**
     * What was read: one of both.
     *
     * @param signal what ends
     * @param why why nothing does
     */
    record Reading(@Nullable UpstreamSignal signal, SignalListener.@Nullable Why why) {}

    Reading read(EventToken token, EventBody event) {
        Reaction reaction = reactions.to(event).orElse(null);
        if (reaction == null) {
            return new Reading(null, SignalListener.Why.OTHER_EVENT);
        }
        SubjectIdentifier subject = token.subjectIdentifier().orElse(null);
        if (subject instanceof SubjectIdentifier.Complex complex && !isCriticalUnderstood(complex, token)) {
            return new Reading(null, SignalListener.Why.CRITICAL_MEMBER);
        }
        UpstreamSignal.Builder signal = UpstreamSignal.of(upstream, token.id())
                .endedAt(endedAt(token, event))
                .because(reaction.reason(), initiator(event));
        return subject != null && isNamed(subject, reaction.scope(), signal)
                ? new Reading(signal.build(), null)
                : new Reading(null, SignalListener.Why.OTHER_SUBJECT);
    }

    /** By the names that came: a member that is malformed is not among those that were read. */
    private boolean isCriticalUnderstood(SubjectIdentifier.Complex complex, EventToken token) {
        return !(token.claims().get("sub_id") instanceof Map<?, ?> came)
                || critical.stream()
                        .filter(came::containsKey)
                        .allMatch(name -> isUnderstood(name, complex.members().get(name)));
    }

    private boolean isUnderstood(String name, @Nullable SubjectIdentifier member) {
        return member != null && (name.equals(USER) && isPerson(member) || name.equals(SESSION) && isSession(member));
    }

    /** Whether it could be found out who that is. */
    private boolean isPerson(SubjectIdentifier name) {
        return name instanceof SubjectIdentifier.IssSub
                || name instanceof SubjectIdentifier.Opaque
                || name instanceof SubjectIdentifier.Aliases several
                        && several.identifiers().stream().anyMatch(this::isPerson)
                || upstream.resolvesNames() && !(name instanceof SubjectIdentifier.JwtId);
    }

    private static boolean isSession(SubjectIdentifier name) {
        return name instanceof SubjectIdentifier.Opaque;
    }

    /** Whether the signal names anything now. */
    private boolean isNamed(SubjectIdentifier subject, Scope scope, UpstreamSignal.Builder signal) {
        if (scope == Scope.TOKEN) {
            if (subject instanceof SubjectIdentifier.JwtId token) {
                signal.token(token);
                return true;
            }
            return false;
        }
        if (subject instanceof SubjectIdentifier.Complex complex) {
            return isNamed(complex, scope, signal);
        }
        // What happens to an account happens to no session.
        if (scope == Scope.LOGINS
                && opaque == OpaqueMeaning.SESSION
                && subject instanceof SubjectIdentifier.Opaque session) {
            signal.session(session.id());
            return true;
        }
        return isPersonNamed(subject, signal);
    }

    private boolean isNamed(SubjectIdentifier.Complex complex, Scope scope, UpstreamSignal.Builder signal) {
        SubjectIdentifier user = complex.members().get(USER);
        boolean isUserNamed = user != null && isPersonNamed(user, signal);
        boolean isSessionMeant = scope == Scope.LOGINS || !isUserNamed;
        if (isSessionMeant && complex.members().get(SESSION) instanceof SubjectIdentifier.Opaque session) {
            signal.session(session.id());
            return true;
        }
        return isUserNamed;
    }

    private boolean isPersonNamed(SubjectIdentifier name, UpstreamSignal.Builder signal) {
        if (!isPerson(name)) {
            return false;
        }
        signal.subject(name);
        return true;
    }

    /** The verifier has seen to it that each of them is a number of seconds that is not in the future. */
    private Instant endedAt(EventToken token, EventBody event) {
        if (eventTime == EventTime.OF_MESSAGE) {
            return token.issuedAt();
        }
        return NumericDate.read(event.members().get("event_timestamp"))
                .or(token::happenedAt)
                .orElseGet(token::issuedAt);
    }

    private static Actor.Kind initiator(EventBody event) {
        return event.members().get("initiating_entity") instanceof String entity
                ? switch (entity) {
                    case "admin" -> Actor.Kind.ADMIN;
                    case "user" -> Actor.Kind.USER;
                    case "policy" -> Actor.Kind.POLICY;
                    default -> Actor.Kind.SYSTEM;
                }
                : Actor.Kind.SYSTEM;
    }
}
