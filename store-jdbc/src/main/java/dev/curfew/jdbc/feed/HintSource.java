package dev.curfew.jdbc.feed;

import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * From where the listener to hints gets its connection. Immutable.
 *
 * @param dataSource the store's own pool or another one; null if there shall be no hints
 * @param isShared whether it is the store's own pool, so that the listener must not starve others
 * @param isStarving whether somebody waits for a connection of it for long
 */
public record HintSource(@Nullable DataSource dataSource, boolean isShared, BooleanSupplier isStarving) {
    public static final HintSource NONE = new HintSource(null, false, () -> false);

    public static HintSource shared(DataSource dataSource, BooleanSupplier isStarving) {
        return new HintSource(dataSource, true, isStarving);
    }

    public static HintSource own(DataSource dataSource) {
        return new HintSource(dataSource, false, () -> false);
    }
}
