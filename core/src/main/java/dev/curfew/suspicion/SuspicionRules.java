package dev.curfew.suspicion;

import dev.curfew.event.SuspicionKind;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How much of what is suspicious. Immutable.
 *
 * <p>Each node counts what it sees itself: behind a balancer, a threshold is reached later than the sum of all nodes
 * says.
 */
public final class SuspicionRules {
    /** The highest threshold, which bounds the memory. */
    public static final int MAX_THRESHOLD = 100;

    private static final Duration MAX_WINDOW = Duration.ofDays(1);

    private final Map<SuspicionKind, Rule> rules;

    private SuspicionRules(Map<SuspicionKind, Rule> rules) {
        this.rules = rules;
    }

    /** Up to so many within so long is usual. */
    record Rule(int threshold, Duration window) {}

    /**
     * {@return the rules: more than 20 terminations, 10 foreign ids or 10 uses of revoked tokens within 10 minutes, or
     * more than 5 addresses within an hour}
     */
    public static SuspicionRules defaults() {
        Duration tenMinutes = Duration.ofMinutes(10);
        return none().moreThan(20, SuspicionKind.TERMINATIONS, tenMinutes)
                .moreThan(10, SuspicionKind.FOREIGN_IDS, tenMinutes)
                .moreThan(10, SuspicionKind.REVOKED_TOKENS, tenMinutes)
                .moreThan(5, SuspicionKind.ADDRESSES, Duration.ofHours(1));
    }

    /** {@return no rule at all, to begin with} */
    public static SuspicionRules none() {
        return new SuspicionRules(new EnumMap<>(SuspicionKind.class));
    }

    /**
     * The same with another rule for one kind.
     *
     * @param threshold how many are usual, 1 to {@link #MAX_THRESHOLD}; one more is suspicious
     * @param kind of what
     * @param window within how long, up to a day; it must have been quiet for as long before the same can be suspicious
     *     again
     * @return the rules
     */
    public SuspicionRules moreThan(int threshold, SuspicionKind kind, Duration window) {
        Objects.requireNonNull(kind, "kind");
        if (threshold < 1 || threshold > MAX_THRESHOLD) {
            throw new IllegalArgumentException("threshold must be 1 to " + MAX_THRESHOLD + ", and is " + threshold);
        }
        if (window.isNegative() || window.isZero() || window.compareTo(MAX_WINDOW) > 0) {
            throw new IllegalArgumentException("window must be positive, and at most a day, and is " + window);
        }
        Map<SuspicionKind, Rule> more = new EnumMap<>(rules);
        more.put(kind, new Rule(threshold, window));
        return new SuspicionRules(more);
    }

    /**
     * The same without one kind.
     *
     * @param kind what is never suspicious
     * @return the rules
     */
    public SuspicionRules without(SuspicionKind kind) {
        Map<SuspicionKind, Rule> less = new EnumMap<>(rules);
        less.remove(Objects.requireNonNull(kind, "kind"));
        return new SuspicionRules(less);
    }

    Optional<Rule> of(SuspicionKind kind) {
        return Optional.ofNullable(rules.get(kind));
    }
}
