package dev.curfew.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;

/** A record of {@link SharedRecords} as it stands. Immutable. */
public final class SharedRecord {
    private final RecordKey key;
    private final long version;
    private final byte[] value;
    private final Instant forgetAfter;

    /**
     * Makes what a store answers.
     *
     * @param key where it stands
     * @param version which writer comes next, positive
     * @param value what was written, copied; at most {@link SharedRecords#MAX_VALUE} bytes
     * @param forgetAfter from when on it counts as absent; cut to the millisecond
     * @throws IllegalArgumentException if the version is not positive, or the value too long
     */
    public SharedRecord(RecordKey key, long version, byte[] value, Instant forgetAfter) {
        this.key = Objects.requireNonNull(key, "key");
        if (version < 1) {
            throw new IllegalArgumentException("the version of a record must be positive");
        }
        this.version = version;
        this.value = SharedRecords.requireValue(value).clone();
        this.forgetAfter = SessionTimes.millis(forgetAfter, "forgetAfter");
    }

    /** {@return where it stands} */
    public RecordKey key() {
        return key;
    }

    /** {@return the version that the next write expects, positive} */
    public long version() {
        return version;
    }

    /** {@return a copy of what was written} */
    public byte[] value() {
        return value.clone();
    }

    /** {@return how many bytes the value has} */
    public int size() {
        return value.length;
    }

    /** {@return from when on it counts as absent, in milliseconds} */
    public Instant forgetAfter() {
        return forgetAfter;
    }

    /**
     * Tells whether it counts as absent.
     *
     * @param now the instant of the operation
     * @return true from {@code forgetAfter} on
     */
    public boolean isForgotten(Instant now) {
        return !now.isBefore(forgetAfter);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedRecord that
                && key.equals(that.key)
                && version == that.version
                && Arrays.equals(value, that.value)
                && forgetAfter.equals(that.forgetAfter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, version);
    }

    /** Pseudonyms and numbers only. */
    @Override
    public String toString() {
        return "SharedRecord[" + key + ", version " + version + ", " + value.length + " bytes, until " + forgetAfter
                + "]";
    }
}
