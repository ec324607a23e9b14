package dev.curfew.meter;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;

/**
 * A counter for each value of an enumeration, so that what a meter is tagged with can only be one of these.
 * Thread-safe.
 *
 * @param <E> what sets the counters apart
 */
public final class Counts<E extends Enum<E>> {
    private final Map<E, LongAdder> counts;

    /**
     * Starts at zero.
     *
     * @param type of the values
     */
    public Counts(Class<E> type) {
        this.counts = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            counts.put(value, new LongAdder());
        }
    }

    /**
     * Counts one.
     *
     * @param value of what
     */
    public void increment(E value) {
        Objects.requireNonNull(counts.get(value)).increment();
    }

    /**
     * The counters as meters, each tagged with its value in lower case.
     *
     * @param name of the meters
     * @param description for people
     * @param tag the tag's key
     * @param more tags that all of them have
     * @param which values can occur
     * @return one for each such value
     */
    public List<Meter> meters(
            String name, String description, String tag, Map<String, String> more, Predicate<E> which) {
        return counts.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .<Meter>map(entry -> {
                    Map<String, String> tags = new HashMap<>(more);
                    tags.put(tag, entry.getKey().name().toLowerCase(Locale.ROOT));
                    return new Meter.Counter(name, description, tags, entry.getValue()::sum);
                })
                .toList();
    }

    /**
     * The counters as meters, each tagged with its value in lower case.
     *
     * @param name of the meters
     * @param description for people
     * @param tag the tag's key
     * @return one for each value
     */
    public List<Meter> meters(String name, String description, String tag) {
        return meters(name, description, tag, Map.of(), value -> true);
    }
}
