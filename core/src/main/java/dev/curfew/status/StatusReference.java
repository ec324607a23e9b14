package dev.curfew.status;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the status of one token stands (Token Status List, section 6). Immutable.
 *
 * @param uri of the list
 * @param index in it; not negative
 */
public record StatusReference(URI uri, long index) {
    private static final String STATUS = "status";
    private static final String LIST = "status_list";

    /** Checks the index. */
    public StatusReference {
        Objects.requireNonNull(uri, "uri");
        if (index < 0) {
            throw new IllegalArgumentException("index must not be negative, and is " + index);
        }
    }

    /** {@return the value of the claim {@code status}} */
    public Map<String, Object> claim() {
        return Map.of(LIST, Map.of("idx", index, "uri", uri.toString()));
    }

    /** What the claim {@code status} of a token names; nothing if it is not written as the specification has it. */
    static Optional<StatusReference> of(Map<String, ? extends @Nullable Object> claims) {
        if (claims.get(STATUS) instanceof Map<?, ?> status
                && status.get(LIST) instanceof Map<?, ?> list
                && list.get("idx") instanceof Long index
                && index >= 0
                && list.get("uri") instanceof String uri) {
            try {
                return Optional.of(new StatusReference(URI.create(uri), index));
            } catch (IllegalArgumentException e) {
                // As below.
            }
        }
        return Optional.empty();
    }

    static boolean isMissing(Map<String, ? extends @Nullable Object> claims) {
        return !claims.containsKey(STATUS);
    }
}
