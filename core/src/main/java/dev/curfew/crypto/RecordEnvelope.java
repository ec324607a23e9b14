package dev.curfew.crypto;

import dev.curfew.session.LookupKey;
import java.util.Optional;

/**
 * Encrypts the value of a record that nodes share, so that it can be read only under its own group and item.
 * Thread-safe.
 *
 * <p>The layout is that of {@link RowEnvelope} with the version byte 2. Another version of the same record opens, too:
 * who can write to the store can put an older value back.
 */
public final class RecordEnvelope {
    static final int VERSION = 2;

    private final RowEnvelope envelope;

    /**
     * Makes an envelope maker.
     *
     * @param ring the host's keys
     */
    public RecordEnvelope(KeyRing ring) {
        this.envelope = new RowEnvelope(ring, VERSION, RowKeys.RECORD);
    }

    /**
     * Tells an envelope from a plain value, by its first byte.
     *
     * @param stored what a store keeps
     * @return true if it is said to be encrypted
     */
    public static boolean isEnvelope(byte[] stored) {
        return stored.length > 0 && stored[0] == VERSION;
    }

    /**
     * The id of the key that an envelope names, which nobody has authenticated yet.
     *
     * @param envelope what a store keeps
     * @return the id; nothing if it is damaged
     */
    public static Optional<String> keyId(byte[] envelope) {
        return RowEnvelope.keyId(envelope, VERSION);
    }

    /**
     * Seals a value with the current key.
     *
     * @param group of the record
     * @param item of the record
     * @param plain the value
     * @return the envelope, at most 46 bytes longer
     */
    public byte[] seal(LookupKey group, LookupKey item, byte[] plain) {
        return envelope.seal(item, plain, group.toBytes());
    }

    /**
     * Opens an envelope.
     *
     * @param group of the record
     * @param item of the record
     * @param sealed as it was sealed
     * @return the value
     * @throws UndecodablePayloadException if it is damaged, of another record, or of a key with the same id that is
     *     another one
     * @throws MissingKeyException if the ring has no key of that id
     */
    public byte[] open(LookupKey group, LookupKey item, byte[] sealed) {
        return envelope.open("record", item, sealed, group.toBytes());
    }
}
