package dev.curfew.http;

import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitDecision.Quota;
import dev.curfew.ratelimit.RateLimitKey.Action;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the limiter said about a call. Immutable.
 *
 * @param action what was counted
 * @param decision the limiter's answer
 */
record CallCount(Action action, RateLimitDecision decision) {
    /** The largest Integer of a structured field (RFC 9651 section 3.3.1). */
    private static final long LARGEST = 999_999_999_999_999L;

    private static final Duration LONGEST = Duration.ofSeconds(Integer.MAX_VALUE);

    /** The name of the quota policy. */
    String policy() {
        return action.name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@code RateLimit-Policy} and {@code RateLimit} of draft-ietf-httpapi-ratelimit-headers-10, as lists of RFC 9651
     * with one String each; none if the limiter does not know its quota. A partition key is not told: it would name the
     * caller.
     */
    List<HeaderField> headers() {
        Optional<Quota> quota = decision.quota();
        if (quota.isEmpty()) {
            return List.of();
        }
        RateLimit limit = quota.get().limit();
        String name = HttpText.quote(policy());
        return List.of(
                new HeaderField(
                        "RateLimit-Policy", name + ";q=" + limit.permits() + ";w=" + wholeSeconds(limit.period())),
                new HeaderField(
                        "RateLimit",
                        name + ";r=" + Math.min(quota.get().remaining(), LARGEST) + ";t="
                                + wholeSeconds(quota.get().reset())));
    }

    /**
     * Rounded up, so that whoever waits as long as told waits long enough; but not beyond what fits into 32 bits, which
     * is 68 years, because a limiter may say "for ever" and clients read no larger number.
     */
    static long wholeSeconds(Duration duration) {
        return duration.compareTo(LONGEST) >= 0
                ? LONGEST.toSeconds()
                : duration.plusNanos(999_999_999).toSeconds();
    }
}
