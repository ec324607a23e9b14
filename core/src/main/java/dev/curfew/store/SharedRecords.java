package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An extra ability of a {@link SessionStore}: small, versioned, expiring records in groups, which all nodes share. Each
 * verb is one atomic step. Implementations are thread-safe, and safe on every node at once.
 *
 * <p><b>Versions.</b> A write names the version that it expects and wins only if that still stands; the version grows
 * by one with each write. The first version of a record is drawn at random from more than 10<sup>18</sup>
 * ({@link #nextVersion}), also where another one stood before. So whoever read a record that was removed or forgotten
 * and then written anew does not win by chance. Who goes on writing what it has just created reads its version first.
 *
 * <p><b>Forgetting.</b> From its {@code forgetAfter} on a record counts as absent: it is neither read nor listed, no
 * version of it is expected any more, and its key is free. Where a server has a clock of its own, a record is forgotten
 * only once both say so, that one and the instant of the operation: a node whose clock is ahead neither misses what
 * others still see nor takes its place. {@link SessionStore#purge} removes records an hour after that, and they count
 * towards its limit.
 *
 * <p><b>Horizon.</b> At an instant before the {@link SessionStore horizon} nobody knows which records stood, so that
 * every verb here throws a {@link BeforeHorizonException} then, and writes nothing.
 *
 * <p><b>Failures.</b> A {@link StoreUnavailableException} of a write or a removal leaves open whether it happened; it
 * may even happen later, as long as the version that it expects stands. Repeating it is safe: of all attempts that
 * expect the same version at most one takes effect, and it moves the version, which so tells that somebody wrote. Who
 * must know whether it was itself puts something of its own into the value, repeats the write, and then reads: the
 * repeat, whether it wins or not, is as durable as the store can make it, and a read alone is not. What cannot be read,
 * because it is damaged or of a newer version, is an {@link UndecodableRecordException}, never an absent record.
 *
 * <p>A store that loses its data loses records with them, and a record that is lost is absent.
 *
 * <p><b>Sealed values.</b> Values are to be sealed by whoever writes them; a store looks into none. One that does not
 * open keeps its key and its version: the failure of a {@link #read} tells that version, and a {@link #list} has it
 * apart from the others, so that it can be removed, written over or passed over. {@code SessionService.reencrypt}
 * rewrites no records: each is sealed with the current key when it is next written, and forgotten at its end if it is
 * not. Until then the key that sealed it must stay in the ring.
 */
public interface SharedRecords {
    /** The most bytes of a value. */
    int MAX_VALUE = 64 * 1024;
    /** The most records of a page. */
    int MAX_LIMIT = 1_000;

    /**
     * What stands under a key. One round trip.
     *
     * @param key which
     * @param now the instant of the operation
     * @return the record, unless it is absent or forgotten
     * @throws UndecodableRecordException if what stands there cannot be read; with its version, if that can be
     */
    Optional<SharedRecord> read(RecordKey key, Instant now);

    /**
     * Writes a record if its version is the expected one, with one more then. One round trip, or one short transaction.
     * A repetition of a write whose answer was lost answers false if the first try did happen: read again.
     *
     * @param key which
     * @param expected the version that must stand there; 0 for absent or forgotten
     * @param value what shall stand there, at most {@link #MAX_VALUE} bytes, perhaps none; copied
     * @param forgetAfter from when on it counts as absent, after {@code now}; cut to the millisecond
     * @param now the instant of the operation
     * @return false if another version stands there, which then stays
     * @throws IllegalArgumentException if the version is negative, the value too long, or the record would be forgotten
     *     already
     * @throws StoreFullException if a bounded store has no room for another record
     */
    boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now);

    /**
     * Removes a record if its version is the expected one. One round trip, or one short transaction. A removal that is
     * sent again because its answer was lost answers false, also if a client below the store sends it again.
     *
     * @param key which
     * @param expected the version that must stand there, positive
     * @param now the instant of the operation
     * @return false if another version stands there, or none
     * @throws IllegalArgumentException if the version is not positive
     */
    boolean remove(RecordKey key, long expected, Instant now);

    /**
     * A page of a group, by item, in the order of {@link LookupKey}. What stands there during a whole walk is met
     * exactly once; what is written or removed meanwhile may be met or not. One round trip; at most {@link #MAX_VALUE}
     * bytes for each record.
     *
     * @param group which
     * @param after behind which item, or from the first one on
     * @param limit the most records, 1 to {@link #MAX_LIMIT}
     * @param now the instant of the operation
     * @return a page, which may have fewer records although there are more; apart, those whose value does not open
     * @throws IllegalArgumentException if the limit is out of range
     * @throws UndecodableRecordException if the store itself cannot read one of the page
     */
    RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now);

    /**
     * The version that a write gives, for implementations.
     *
     * @param expected the version that it expects
     * @return one more, or one drawn at random for 0
     */
    static long nextVersion(long expected) {
        return expected == 0 || expected == Long.MAX_VALUE
                ? ThreadLocalRandom.current().nextLong(1, 1L << 62)
                : expected + 1;
    }

    /**
     * Checks what a write is given, for implementations.
     *
     * @param expected version
     * @param value of the record
     * @param forgetAfter of the record
     * @param now the instant of the operation
     * @throws IllegalArgumentException if one of them is out of range
     */
    static void requireWrite(long expected, byte[] value, Instant forgetAfter, Instant now) {
        if (expected < 0) {
            throw new IllegalArgumentException("the expected version of a record must not be negative");
        }
        requireValue(value);
        if (!SessionTimes.millis(forgetAfter, "forgetAfter").isAfter(now)) {
            throw new IllegalArgumentException("forgetAfter must be after now, else the record is absent at once");
        }
    }

    /**
     * Checks a value, for implementations.
     *
     * @param value of a record
     * @return the same
     * @throws IllegalArgumentException if it is longer than {@link #MAX_VALUE} bytes
     */
    static byte[] requireValue(byte[] value) {
        Objects.requireNonNull(value, "value");
        if (value.length > MAX_VALUE) {
            throw new IllegalArgumentException(
                    "the value of a record has " + value.length + " bytes; at most " + MAX_VALUE + " are kept");
        }
        return value;
    }

    /**
     * Checks the version that a removal expects, for implementations.
     *
     * @param expected version
     * @return the same
     * @throws IllegalArgumentException if it is not positive
     */
    static long requireVersion(long expected) {
        if (expected < 1) {
            throw new IllegalArgumentException("a removal expects the version that was read, which is positive");
        }
        return expected;
    }

    /**
     * Checks a limit, for implementations.
     *
     * @param limit of a page
     * @return the same
     * @throws IllegalArgumentException if it is not 1 to {@link #MAX_LIMIT}
     */
    static int requireLimit(int limit) {
        return StoreArguments.requireLimit(limit, MAX_LIMIT);
    }
}
