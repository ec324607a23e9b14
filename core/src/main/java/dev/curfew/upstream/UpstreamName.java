package dev.curfew.upstream;

import dev.curfew.revocation.Actor;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.store.OperationId;

/**
 * By what name an upstream stands in revocations, and its messages in the names of acts. Immutable.
 *
 * <p>A message that comes again is the same act, on whatever node, because its name is made of the message alone.
 */
public final class UpstreamName {
    private static final String VIA = "via:";
    private static final int DIGITS = 16;

    private final Realm realm;
    private final String issuer;
    private final String actorId;

    public UpstreamName(Realm realm, String issuer) {
        this.realm = realm;
        this.issuer = issuer;
        this.actorId =
                VIA + LookupKey.of("upstream", realm.name(), issuer).toString().substring(0, DIGITS);
    }

    /** Whether that is an upstream, or another party that says what has ended. */
    public static boolean isActor(Actor actor) {
        return actor.id().startsWith(VIA);
    }

    /** Who revokes: the kind as the message says, by way of this upstream. */
    public Actor actor(Actor.Kind initiator) {
        return new Actor(initiator, actorId);
    }

    /** The name of a message among all others. */
    public LookupKey message(String messageId) {
        return LookupKey.of("upstream-message", realm.name(), issuer, messageId);
    }

    /** The act that a message asks for. */
    public OperationId act(String messageId) {
        LookupKey key = message(messageId);
        return new OperationId(key.high(), key.low());
    }
}
