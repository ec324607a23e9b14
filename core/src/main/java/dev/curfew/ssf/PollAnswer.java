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
    private static final int MOST = 100;

    /**
     * Reads it. Of more SETs than may come at once the rest is left, and comes again.
     *
     * @throws PollFailedException if it is no such answer
     */
    static PollAnswer parse(byte[] body) throws PollFailedException {
        Map<String, @Nullable Object> members;
        try {
            members = StrictJson.object(body);
        } catch (NotStrictJsonException e) {
            throw new PollFailedException("the answer is no JSON object");
        }
        Object more = members.getOrDefault("moreAvailable", false);
        if (!(members.getOrDefault("sets", Map.of()) instanceof Map<?, ?> all) || !(more instanceof Boolean isMore)) {
            throw new PollFailedException("sets is no object, or moreAvailable is neither true nor false");
        }
        Map<String, @Nullable String> sets = new LinkedHashMap<>();
        for (Map.Entry<?, ?> set : all.entrySet()) {
            if (sets.size() < MOST) {
                sets.put(String.valueOf(set.getKey()), set.getValue() instanceof String text ? text : null);
            }
        }
        return new PollAnswer(Collections.unmodifiableMap(sets), isMore || all.size() > MOST);
    }

    /** How many came. */
    @Override
    public String toString() {
        return "PollAnswer[" + sets.size() + (moreAvailable ? ", more]" : "]");
    }
}
