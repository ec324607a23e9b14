package dev.curfew.session;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/**
 * Runs a property over many random histories, each from a seed of its own, always the same ones.
 *
 * <p>A failure names its seed. {@code -Dcurfew.seed=17} replays that history alone, {@code -Dcurfew.seeds.times=100}
 * runs a hundred times as many.
 */
public final class Seeds {
    private static final String REPLAY = "curfew.seed";
    private static final String TIMES = "curfew.seeds.times";

    /** What must hold for whatever a generator brings. */
    @FunctionalInterface
    public interface Property {
        /**
         * Throws if it does not hold; answers how many cases were worth something, so that it cannot hold vacuously.
         */
        long exercise(Random random);
    }

    private Seeds() {}

    /** Runs a property, and demands that so many cases at least were worth something. */
    public static void forAll(int histories, long worthAtLeast, Property property) {
        Long replay = Long.getLong(REPLAY);
        if (replay != null) {
            run(replay, property);
            return;
        }
        long worth = 0;
        for (long seed = 0; seed < (long) histories * Integer.getInteger(TIMES, 1); seed++) {
            worth += run(seed, property);
        }
        if (worth < worthAtLeast) {
            throw new AssertionError("only " + worth + " cases exercised the property, expected " + worthAtLeast);
        }
    }

    /** The generator of a seed; neighbouring seeds have nothing in common. */
    public static Random random(long seed) {
        return new Random(seed * 0x9E3779B97F4A7C15L);
    }

    /** One of them. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public static <T> T oneOf(Random random, T... choices) {
        return oneOf(random, List.of(choices));
    }

    /** One of them. */
    public static <T> T oneOf(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** True so many times in a hundred. */
    public static boolean percent(Random random, int chance) {
        return random.nextInt(100) < chance;
    }

    /** A predictable source for what demands a strong one. */
    public static SecureRandom predictable(Random source) {
        return new SecureRandom() {
            @Override
            public void nextBytes(byte[] bytes) {
                source.nextBytes(bytes);
            }
        };
    }

    /** An id whose random half is predictable. */
    public static SessionId mint(Random random, SubjectId subject, Instant authenticatedAt) {
        return SessionId.mint(subject, authenticatedAt, predictable(random));
    }

    private static long run(long seed, Property property) {
        try {
            return property.exercise(random(seed));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ", replay with -D" + REPLAY + "=" + seed + ": " + e.getMessage(), e);
        }
    }
}
