package dev.curfew.session;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The 128-bit name under which stores and indexes know an identifier of any length.
 *
 * <p>It is the first half of the SHA-256 over the kind and the parts, each preceded by its length, so that
 * {@code ("a", "bc")} and {@code ("ab", "c")} differ, and no backend's collation, case rule or padding can make two
 * identifiers one. Immutable.
 *
 * @param high the first eight bytes
 * @param low the last eight bytes
 */
public record LookupKey(long high, long low) implements Comparable<LookupKey> {
    /** The size in bytes. */
    public static final int BYTES = 16;

    /**
     * Derives the key of an identifier.
     *
     * @param kind what the identifier names, so that a token and a session of the same name stay apart
     * @param parts the identifier, from the outermost namespace inwards; well-formed Unicode
     * @return the key
     * @throws InvalidIdentifierException if a part is not well-formed Unicode
     */
    public static LookupKey of(String kind, String... parts) {
        MessageDigest sha256 = sha256();
        update(sha256, kind);
        for (String part : parts) {
            update(sha256, part);
        }
        return fromBytes(sha256.digest());
    }

    /**
     * Derives the key of a name that people write into settings, and that must read the same in each of them.
     *
     * @param kind what the name names
     * @param name well-formed Unicode, not empty, without a blank at its begin or end
     * @return the key
     * @throws InvalidIdentifierException if it is no such name
     */
    public static LookupKey ofName(String kind, String name) {
        return of(kind, Identifiers.requireName(name, kind));
    }

    /**
     * Reads a key back.
     *
     * @param bytes at least 16 bytes, of which the first 16 count
     * @return the key
     */
    public static LookupKey fromBytes(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new LookupKey(buffer.getLong(), buffer.getLong());
    }

    /** {@return the key as a store writes it: a new array of 16 bytes} */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(high).putLong(low).array();
    }

    /** {@return the 12-bit routing bucket of whatever this key names, 0 to 4095} */
    public int bucket() {
        return (int) (low & SessionRef.BUCKET_MASK);
    }

    /**
     * Compares as the bytes of {@link #toBytes} compare without a sign, which is how databases order binary columns.
     */
    @Override
    public int compareTo(LookupKey other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(low);
    }

    /** The key in hexadecimal: a pseudonym, safe to log. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }

    private static void update(MessageDigest digest, String part) {
        ByteBuffer bytes = Identifiers.utf8(part, "identifier");
        digest.update(
                ByteBuffer.allocate(Integer.BYTES).putInt(bytes.remaining()).flip());
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
