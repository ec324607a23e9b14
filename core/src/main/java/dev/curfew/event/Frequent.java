package dev.curfew.event;

import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.LoginRefused;
import dev.curfew.event.SessionEvent.RevocationDenied;
import dev.curfew.event.SessionEvent.RevokedTokenUsed;
import dev.curfew.event.SessionEvent.SessionRenewed;

/**
 * Tells the events that ended nothing and that anybody can cause as often as they like; they give way to the others.
 */
public final class Frequent {
    private Frequent() {}

    /**
     * Tells whether an event may be lost so that others are not.
     *
     * @param event what happened
     * @return true if it ended nothing and anybody can cause it
     */
    public static boolean is(SessionEvent event) {
        return isRepeatable(event) || event instanceof LoginRefused;
    }

    /** Those of which a thousand alike say no more than one with their number. */
    static boolean isRepeatable(SessionEvent event) {
        return event instanceof RevocationDenied
                || event instanceof RevokedTokenUsed
                || event instanceof CheckUnanswered
                || event instanceof SessionRenewed;
    }
}
