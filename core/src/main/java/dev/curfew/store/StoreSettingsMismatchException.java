package dev.curfew.store;

import dev.curfew.session.CurfewException;
import java.time.Duration;

/**
 * The store was installed with another retention than the host configures now.
 */
public final class StoreSettingsMismatchException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the refusal.
     *
     * @param stored what stands in the store
     * @param configured what the host asks for
     */
    public StoreSettingsMismatchException(Duration stored, Duration configured) {
        super(
                "retention is " + stored + " in the store, but " + configured
                        + " is configured: it is fixed when a store"
                        + " is installed. Say retention(Duration.parse(\"" + stored + "\")), or install another store,"
                        + " with a prefix of its own",
                null);
    }
}
