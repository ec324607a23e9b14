package dev.curfew.token;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of a signed message (RFC 8417 section 2). Immutable.
 *
 * @param type the URI that names what happened
 * @param members what the message tells about it: String, Long, Double, Boolean, List, Map or null; unmodifiable
 */
public record EventBody(String type, Map<String, @Nullable Object> members) {
    /** Checks that both are there. */
    public EventBody {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(members, "members");
    }

    /** How many members, and nothing of them: the sender chose type and values. */
    @Override
    public String toString() {
        return "EventBody[members=" + members.size() + "]";
    }
}
