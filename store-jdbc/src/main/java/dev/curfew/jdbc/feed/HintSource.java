package dev.curfew.jdbc.feed;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Where the listener to hints gets its connection. Immutable.
 *
 * @param dataSource the store's own pool or another one; null if there shall be no hints
 * @param isShared whether it is the store's own pool, so that the listener must not starve others
 */
public record HintSource(@Nullable DataSource dataSource, boolean isShared) {
    public static final HintSource NONE = new HintSource(null, false);

    public static HintSource shared(DataSource dataSource) {
        return new HintSource(dataSource, true);
    }

    public static HintSource own(DataSource dataSource) {
        return new HintSource(dataSource, false);
    }
}
