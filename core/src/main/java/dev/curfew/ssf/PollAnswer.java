package dev.curfew.ssf;

import dev.curfew.jose.NotStrictJsonException;
import dev.curfew.jose.StrictJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a transmitter answers to a poll (RFC 8936 section 2.3). Immutable.
 *
 * @param sets texts of SETs, null for what is none, by the {@code jti} under which they came, in their order
 * @param moreAvailable whether there are more to be had
 */
record PollAnswer(Map<String, @Nullable String> sets, boolean moreAvailable) {
    /**
     * Reads it. Of more SETs than were asked for the rest is left, and comes again.
     *
     * @throws PollFailedException if it is no such answer
     */
    static PollAnswer parse(byte[] body, int most) throws PollFailedException {
        Map<String, @Nullable Object> members;
        try {
            members = StrictJson.object(body);
        } catch (NotStrictJsonException e) {
            throw new PollFailedException("the answer is no JSON object");
        }
        Object sent = members.get("sets");
        Object more = members.getOrDefault("moreAvailable", false);
        if (!((sent == null ? Map.of() : sent) instanceof Map<?, ?> all) || !(more instanceof Boolean isMore)) {
            throw new PollFailedException("sets is no object, or moreAvailable is neither true nor false");
        }
        Map<String, @Nullable String> sets = new LinkedHashMap<>();
        for (Map.Entry<?, ?> set : all.entrySet()) {
            if (sets.size() < most) {
                sets.put(String.valueOf(set.getKey()), set.getValue() instanceof String text ? text : null);
            }
        }
        return new PollAnswer(Collections.unmodifiableMap(sets), isMore || all.size() > most);
    }

    /** How many came. */
    @Override
    public String toString() {
        return "PollAnswer[" + sets.size() + (moreAvailable ? ", more]" : "]");
    }
}
