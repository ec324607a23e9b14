package dev.curfew.micrometer;

import dev.curfew.meter.Meter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Binds meters to a registry. Immutable.
 *
 * <p>In Spring Boot it is a bean for each: <pre>{@code @Bean
 * MeterBinder sessionMetrics(SessionService sessions) {
 *     return new CurfewMetrics(sessions.meters());
 * }
 *
 * @Bean
 * MeterBinder tokenMetrics(TokenVerifier verifier) {
 *     return new CurfewMetrics(verifier.meters());
 * }}</pre>
 */
public final class CurfewMetrics implements MeterBinder {
    private final List<Meter> meters;

    /**
     * Takes meters that are bound later.
     *
     * @param meters for example {@code sessions.meters()}
     */
    public CurfewMetrics(List<Meter> meters) {
        this.meters = List.copyOf(meters);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        meters.forEach(meter -> bind(meter, registry));
    }

    /** A registry refers to what it reads only weakly; each function holds its meter, so that it is not lost. */
    private static void bind(Meter meter, MeterRegistry registry) {
        Tags tags = Tags.empty();
        for (var tag : meter.tags().entrySet()) {
            tags = tags.and(tag.getKey(), tag.getValue());
        }
        if (meter instanceof Meter.Counter counter) {
            FunctionCounter.builder(
                            meter.name(), counter, same -> counter.count().getAsLong())
                    .description(meter.description())
                    .tags(tags)
                    .register(registry);
        } else if (meter instanceof Meter.Timer timer) {
            FunctionTimer.builder(
                            meter.name(),
                            timer,
                            same -> timer.count().getAsLong(),
                            same -> timer.totalNanos().getAsLong(),
                            TimeUnit.NANOSECONDS)
                    .description(meter.description())
                    .tags(tags)
                    .register(registry);
        } else if (meter instanceof Meter.Gauge gauge) {
            Gauge.builder(meter.name(), gauge, same -> gauge.value().getAsDouble())
                    .description(meter.description())
                    .baseUnit(gauge.unit().isEmpty() ? null : gauge.unit())
                    .tags(tags)
                    .register(registry);
        }
    }
}
