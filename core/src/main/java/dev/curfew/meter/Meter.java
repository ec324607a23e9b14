package dev.curfew.meter;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Something that is counted or measured, to be read by whatever collects metrics. Immutable; thread-safe to read, at
 * the cost of a few reads of memory.
 *
 * <p>Meters are pulled: Curfew pushes nothing, so that a collector, or none, costs a request nothing. Each exists from
 * the start, with a fixed name and fixed tags; no tag's value comes from a token, a subject or an id.
 */
public sealed interface Meter {
    /** {@return its name in lower case with dots, as Micrometer has it, for example {@code curfew.checks}} */
    String name();

    /** {@return what it measures, in a few words for people} */
    String description();

    /**
     * {@return what sets it apart from others of that name: an unmodifiable, sorted map, whose keys all meters of the
     * name have}
     */
    Map<String, String> tags();

    /**
     * A number of things that happened; it only grows.
     *
     * @param name what
     * @param description for people
     * @param tags what sets it apart
     * @param count since the start of the process
     */
    record Counter(String name, String description, Map<String, String> tags, LongSupplier count) implements Meter {
        /** Copies the tags. */
        public Counter {
            tags = copyOf(tags);
            Objects.requireNonNull(count, "count");
        }
    }

    /**
     * A value that goes up and down.
     *
     * @param name what
     * @param description for people
     * @param unit its base unit: {@code seconds}, or empty for a number of things
     * @param tags what sets it apart
     * @param value now; infinite or NaN if there is none
     */
    record Gauge(String name, String description, String unit, Map<String, String> tags, DoubleSupplier value)
            implements Meter {
        /** Copies the tags. */
        public Gauge {
            tags = copyOf(tags);
            Objects.requireNonNull(value, "value");
        }
    }

    /**
     * A number of things that happened and how long they took together.
     *
     * @param name what
     * @param description for people
     * @param tags what sets it apart
     * @param count since the start of the process
     * @param totalNanos how long all of them took
     */
    record Timer(String name, String description, Map<String, String> tags, LongSupplier count, LongSupplier totalNanos)
            implements Meter {
        /** Copies the tags. */
        public Timer {
            tags = copyOf(tags);
            Objects.requireNonNull(count, "count");
            Objects.requireNonNull(totalNanos, "totalNanos");
        }
    }

    private static Map<String, String> copyOf(Map<String, String> tags) {
        return Collections.unmodifiableMap(new TreeMap<>(tags));
    }
}
