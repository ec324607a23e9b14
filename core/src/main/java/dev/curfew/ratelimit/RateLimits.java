package dev.curfew.ratelimit;

import dev.curfew.ratelimit.RateLimitKey.Action;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** The limit of each action. Immutable. */
public final class RateLimits {
    private static final RateLimits DEFAULTS = all(RateLimit.perMinute(60))
            .with(Action.LOGOUT, RateLimit.perMinute(30))
            .with(Action.LIST, RateLimit.perMinute(120));

    private final Map<Action, RateLimit> limits;

    private RateLimits(Map<Action, RateLimit> limits) {
        this.limits = limits;
    }

    /**
     * A start: 30 logouts, 60 revocations, 120 lists and names, and 60 calls without a good token in each minute.
     *
     * @return the shared value
     */
    public static RateLimits defaults() {
        return DEFAULTS;
    }

    /**
     * The same limit for each action; they are counted apart all the same.
     *
     * @param limit of each
     * @return the limits
     */
    public static RateLimits all(RateLimit limit) {
        Objects.requireNonNull(limit, "limit");
        Map<Action, RateLimit> limits = new EnumMap<>(Action.class);
        for (Action action : Action.values()) {
            limits.put(action, limit);
        }
        return new RateLimits(limits);
    }

    /**
     * These limits with another one for an action.
     *
     * @param action whose
     * @param limit its new limit
     * @return a new value
     */
    public RateLimits with(Action action, RateLimit limit) {
        Map<Action, RateLimit> changed = new EnumMap<>(limits);
        changed.put(Objects.requireNonNull(action, "action"), Objects.requireNonNull(limit, "limit"));
        return new RateLimits(changed);
    }

    /**
     * The limit of an action.
     *
     * @param action which
     * @return its limit
     */
    public RateLimit of(Action action) {
        return Objects.requireNonNull(limits.get(Objects.requireNonNull(action, "action")), "every action has a limit");
    }
}
