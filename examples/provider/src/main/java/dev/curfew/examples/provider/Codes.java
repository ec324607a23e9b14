package dev.curfew.examples.provider;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Codes that are good once, for a minute. Thread-safe. They are in this process: a provider with several nodes keeps
 * them where all of them look.
 */
final class Codes {
    private static final Duration LIFE = Duration.ofMinutes(1);

    private final SecureRandom random = new SecureRandom();
    private final ConcurrentHashMap<String, Waiting> waiting = new ConcurrentHashMap<>();
    private final Clock clock;

    Codes(Clock clock) {
        this.clock = clock;
    }

    private record Waiting(Grant grant, Instant until) {}

    String issue(Grant grant) {
        Instant now = clock.instant();
        waiting.values().removeIf(one -> !now.isBefore(one.until()));
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String code = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        waiting.put(code, new Waiting(grant, now.plus(LIFE)));
        return code;
    }

    /** Removed whoever shows it, so that a code that was seen on the way is good for one of the two at most. */
    Optional<Grant> redeem(String code) {
        return Optional.ofNullable(waiting.remove(code))
                .filter(one -> clock.instant().isBefore(one.until()))
                .map(Waiting::grant);
    }
}
