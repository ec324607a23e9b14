package dev.curfew.status;

import dev.curfew.token.EventToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A verified list, and how long it may be held. Immutable.
 *
 * @param list the statuses
 * @param issuedAt when it was signed
 * @param expiresAt from when on it says nothing any more, or null
 * @param ttl how old it may become before it is asked for again, within our own bounds
 */
record HeldList(StatusList list, Instant issuedAt, @Nullable Instant expiresAt, Duration ttl) {
    private static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final Duration LONGEST = Duration.ofDays(1);
    private static final int MOST_INFLATED = 8 * 1024 * 1024;

    /**
     * Reads the claims of a status list token.
     *
     * @param skew how far the issuer's clock and ours may differ
     * @throws InvalidStatusListException if they are not those of one
     */
    static HeldList of(EventToken token, Duration skew) {
        if (!(token.claims().get("status_list") instanceof Map<?, ?> members)
                || !(members.get("bits") instanceof Long bits)
                || bits > Byte.SIZE
                || !(members.get("lst") instanceof String lst)) {
            throw new InvalidStatusListException("bits is no number, or lst is no text");
        }
        return new HeldList(
                StatusList.decode(Math.max(0, bits.intValue()), lst, MOST_INFLATED),
                token.issuedAt(),
                token.expiresAt().map(end -> end.plus(skew)).orElse(null),
                ttl(token));
    }

    /** From when on the next one is asked for, while this one is still good; never within the shortest time. */
    Duration renewAfter() {
        Duration early = ttl.multipliedBy(3).dividedBy(4);
        return early.compareTo(SHORTEST) < 0 ? SHORTEST : early;
    }

    /** At {@code exp} and the skew it is expired. */
    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** Without one, the shortest: a list is asked for again rather than believed for long (section 13.7). */
    private static Duration ttl(EventToken token) {
        Object value = token.claims().getOrDefault("ttl", SHORTEST.toSeconds());
        return Optional.ofNullable(value)
                .filter(Number.class::isInstance)
                .map(Number.class::cast)
                .filter(seconds -> seconds.doubleValue() > 0)
                .map(seconds -> Duration.ofSeconds(
                        Math.min(LONGEST.toSeconds(), Math.max(SHORTEST.toSeconds(), seconds.longValue()))))
                .orElseThrow(() -> new InvalidStatusListException("ttl is no positive number"));
    }
}
