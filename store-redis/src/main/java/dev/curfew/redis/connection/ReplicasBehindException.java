package dev.curfew.redis.connection;

/** Fewer replicas than demanded have a write; the cause of a {@link dev.curfew.store.StoreUnavailableException}. */
final class ReplicasBehindException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ReplicasBehindException(long acknowledged, int demanded) {
        super(acknowledged + " of " + demanded + " replicas have it");
    }
}
