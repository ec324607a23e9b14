package dev.curfew.token;

import dev.curfew.jose.NumericDate;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads single claims of a message as its profile needs them, and refuses what has another form. Immutable.
 *
 * @param all the payload
 * @param latest the last instant that a signed time may name: now and the skew
 */
record EventClaims(Map<String, @Nullable Object> all, Instant latest) {
    boolean has(String name) {
        return all.containsKey(name);
    }

    String requiredText(String name) {
        String text = optionalText(name);
        if (text == null) {
            throw refused(Reason.CLAIM, name + " is missing");
        }
        return text;
    }

    /** Null if the claim is not there; one that is there, be it null or empty, must be a text. */
    @Nullable
    String optionalText(String name) {
        if (!has(name)) {
            return null;
        }
        if (all.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw refused(Reason.CLAIM, name + " is empty, or is not a string");
    }

    /** Null unless it is a text. */
    @Nullable
    String textOrNothing(String name) {
        return all.get(name) instanceof String text ? text : null;
    }

    /** An object, whatever is in it. */
    @SuppressWarnings("unchecked") // the names of a JSON object are strings
    Map<String, @Nullable Object> object(String name, Reason reason) {
        if (all.get(name) instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw refused(reason, name + " is missing, or is not an object");
    }

    void forbid(String name) {
        if (has(name)) {
            throw refused(Reason.CLAIM, "has " + name + ", which no message of the profile has");
        }
    }

    Instant requiredPast(String name) {
        Instant instant = optionalPast(name);
        if (instant == null) {
            throw refused(Reason.TIMES, name + " is missing");
        }
        return instant;
    }

    /** An instant that cannot lie in the future, as if it were milliseconds; null if the claim is not there. */
    @Nullable
    Instant optionalPast(String name) {
        return past(name, all);
    }

    /** The same of a member of another object. */
    @Nullable
    Instant past(String name, Map<String, ? extends @Nullable Object> members) {
        Instant instant = instant(name, members);
        // Exactly at the latest instant is allowed.
        if (instant != null && instant.isAfter(latest)) {
            throw refused(Reason.TIMES, name + " is in the future by more than the skew: are these milliseconds?");
        }
        return instant;
    }

    @Nullable
    Instant optionalInstant(String name) {
        return instant(name, all);
    }

    /** An explicit JSON null is not an absent claim: it is not a number. */
    private static @Nullable Instant instant(String name, Map<String, ? extends @Nullable Object> members) {
        if (!members.containsKey(name)) {
            return null;
        }
        return NumericDate.read(members.get(name))
                .orElseThrow(() -> refused(Reason.TIMES, name + " is not a number of seconds in a sane range"));
    }

    static InvalidEventTokenException refused(Reason reason, String detail) {
        return new InvalidEventTokenException(reason, detail);
    }

    /** Shows nothing of what came. */
    @Override
    public String toString() {
        return "EventClaims";
    }
}
