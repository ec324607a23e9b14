package dev.curfew.lease;

import dev.curfew.store.SharedRecord;
import dev.curfew.store.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * What stands in the record of a lease: a format byte, the owner (16), until when it is held (8), the state. Immutable,
 * as long as nobody changes the array.
 */
final class LeaseRecord {
    private static final byte FORMAT = 1;
    private static final int HEAD = 1 + 3 * Long.BYTES;

    private final UUID owner;
    private final Instant until;
    private final byte[] state;

    private LeaseRecord(UUID owner, Instant until, byte[] state) {
        this.owner = owner;
        this.until = until;
        this.state = state;
    }

    /** Without a state, and over. */
    static LeaseRecord first(UUID owner) {
        return new LeaseRecord(owner, Instant.EPOCH, new byte[0]);
    }

    /** Which holder. */
    UUID owner() {
        return owner;
    }

    /** The end of its term, by the clock of its node. */
    Instant until() {
        return until;
    }

    /** What only the holder changes; not copied. */
    byte[] state() {
        return state;
    }

    byte[] encode() {
        return ByteBuffer.allocate(HEAD + state.length)
                .put(FORMAT)
                .putLong(owner.getMostSignificantBits())
                .putLong(owner.getLeastSignificantBits())
                .putLong(until.toEpochMilli())
                .put(state)
                .array();
    }

    static LeaseRecord decode(SharedRecord stored) {
        ByteBuffer buffer = ByteBuffer.wrap(stored.value());
        if (buffer.remaining() < HEAD || buffer.get() != FORMAT) {
            throw new UndecodableRecordException(
                    "the record " + stored.key().item() + " is no lease of this version", stored.version(), null);
        }
        UUID owner = new UUID(buffer.getLong(), buffer.getLong());
        Instant until = Instant.ofEpochMilli(buffer.getLong());
        byte[] state = new byte[buffer.remaining()];
        buffer.get(state);
        return new LeaseRecord(owner, until, state);
    }

    LeaseRecord heldBy(UUID next, Instant end) {
        return new LeaseRecord(next, end, state);
    }

    LeaseRecord withState(byte[] next) {
        return new LeaseRecord(owner, until, next);
    }
}
