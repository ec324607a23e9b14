package dev.curfew.redis.server;

import dev.curfew.session.CurfewException;

/**
 * The store was installed with another number of partitions than the host configures now; it is fixed for the life of
 * the data.
 */
public final class PartitionsMismatchException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Names both numbers.
     *
     * @param stored the number in the store
     * @param configured the number that the host configures
     */
    public PartitionsMismatchException(int stored, int configured) {
        super(
                "partitions is " + stored + " in the store, but " + configured
                        + " is configured: it is fixed when a store is"
                        + " installed. Say partitions(" + stored
                        + "), or install another store, with a keyPrefix of its"
                        + " own",
                null);
    }
}
