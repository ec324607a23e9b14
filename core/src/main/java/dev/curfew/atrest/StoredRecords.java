package dev.curfew.atrest;

import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.MissingKeyException;
import dev.curfew.crypto.RecordEnvelope;
import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.UndecodableRecordException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How values of shared records stand in a store: plain, or encrypted with a key ring, as {@link StoredPayloads} has it.
 * Thread-safe.
 *
 * <p>A plain value has a byte in front of it, by which it is told from an envelope. Whoever encrypts refuses plain
 * values, or somebody who can write to the store could put one of their own there.
 */
public final class StoredRecords {
    /** By how many bytes what stands in the store is longer than the value, at most. */
    public static final int OVERHEAD = 46;

    private static final byte PLAIN = 0;

    private final @Nullable RecordEnvelope envelope;
    private final boolean readsPlain;

    StoredRecords(@Nullable KeyRing ring, boolean readsPlain) {
        this.envelope = ring == null ? null : new RecordEnvelope(ring);
        this.readsPlain = readsPlain;
    }

    /**
     * Writes a value.
     *
     * @param key of the record, under which alone it can be read
     * @param value the content
     * @return a new array, at most {@link #OVERHEAD} bytes longer
     */
    public byte[] write(RecordKey key, byte[] value) {
        return envelope == null
                ? ByteBuffer.allocate(1 + value.length).put(PLAIN).put(value).array()
                : envelope.seal(key.group(), key.item(), value);
    }

    /**
     * Reads a value.
     *
     * @param one as it stands in the store
     * @return the content
     * @throws UndecodableRecordException with its version, if it is damaged, of another record, encrypted with a key
     *     that is not there, or plain though only encrypted ones are read
     */
    public byte[] read(SharedRecord one) {
        byte[] stored = one.value();
        if (!RecordEnvelope.isEnvelope(stored)) {
            return plain(one, stored);
        }
        try {
            if (envelope == null) {
                throw RecordEnvelope.keyId(stored)
                        .<UndecodablePayloadException>map(MissingKeyException::new)
                        .orElseGet(() -> new UndecodablePayloadException("it is damaged", null));
            }
            return envelope.open(one.key().group(), one.key().item(), stored);
        } catch (MissingKeyException e) {
            throw unreadable(one, "it is encrypted with key " + e.keyId() + ", which is not in the key ring", e);
        } catch (UndecodablePayloadException e) {
            throw unreadable(one, "it is damaged, of another record, or its key is another one", e);
        }
    }

    private byte[] plain(SharedRecord one, byte[] stored) {
        if (!readsPlain) {
            throw unreadable(one, "it is not encrypted, and only encrypted ones are read", null);
        }
        if (stored.length == 0 || stored[0] != PLAIN) {
            throw unreadable(one, "it is damaged, or of a later version", null);
        }
        return Arrays.copyOfRange(stored, 1, stored.length);
    }

    private static UndecodableRecordException unreadable(SharedRecord one, String why, @Nullable Throwable cause) {
        RecordKey key = one.key();
        return new UndecodableRecordException(
                "the value of the record " + key.item() + " in group " + key.group() + " cannot be read: " + why,
                one.version(),
                cause);
    }
}
