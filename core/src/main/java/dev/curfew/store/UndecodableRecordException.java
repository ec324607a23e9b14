package dev.curfew.store;

import dev.curfew.session.CurfewException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A record of {@link SharedRecords} cannot be read: damaged, incomplete, written by a newer version, or sealed with a
 * key that is not in the ring. It is no outage: the store does answer, and what it answers about other records is
 * right.
 */
public final class UndecodableRecordException extends CurfewException {
    private static final long serialVersionUID = 1L;
    private static final long UNKNOWN = 0;

    private final long version;

    /**
     * Makes the failure.
     *
     * @param message what is wrong, without a value
     */
    public UndecodableRecordException(String message) {
        this(message, UNKNOWN, null);
    }

    /**
     * Makes the failure of one whose value alone cannot be opened.
     *
     * @param message what is wrong, without a value
     * @param version that stands there
     * @param cause what was met, or null
     */
    public UndecodableRecordException(String message, long version, @Nullable Throwable cause) {
        super(message, cause);
        this.version = version;
    }

    /** {@return the version by which it can be removed or written over, if that can be read} */
    public OptionalLong version() {
        return version == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(version);
    }
}
