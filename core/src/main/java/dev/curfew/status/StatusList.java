package dev.curfew.status;

import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The statuses of many tokens, a few bits for each, as a status list token carries them (Token Status List, section 4).
 * Immutable.
 */
public final class StatusList {
    private static final Set<Integer> BITS = Set.of(1, 2, 4, 8);
    private static final int BUFFER = 8 * 1024;

    private final int bits;
    private final byte[] packed;

    private StatusList(int bits, byte[] packed) {
        this.bits = bits;
        this.packed = packed;
    }

    /**
     * Packs statuses.
     *
     * @param bits for each: 1, 2, 4 or 8
     * @param entries how many; a multiple of those that share a byte, at most 2^26
     * @param status of each index, asked once and in order; not negative, and not more than the bits hold
     * @return the list
     * @throws IllegalArgumentException if one of them is not so
     */
    public static StatusList of(int bits, int entries, IntUnaryOperator status) {
        requireBits(bits);
        int shared = Byte.SIZE / bits;
        if (entries < 0 || entries > 1 << 26 || entries % shared != 0) {
            throw new IllegalArgumentException(
                    "entries must be 0 to 2^26, and a multiple of " + shared + ", and is " + entries);
        }
        byte[] packed = new byte[entries / shared];
        for (int i = 0; i < entries; i++) {
            int value = status.applyAsInt(i);
            if (value < 0 || value >= 1 << bits) {
                throw new IllegalArgumentException("status " + value + " does not fit into " + bits + " bits");
            }
            packed[i / shared] |= (byte) (value << i % shared * bits);
        }
        return new StatusList(bits, packed);
    }

    /**
     * Reads the members {@code bits} and {@code lst} of a status list.
     *
     * @param bits for each status: 1, 2, 4 or 8
     * @param lst base64url without padding, of a ZLIB stream
     * @param maxBytes how long the list may be once it is inflated; no more than that is ever made of it
     * @return the list
     * @throws InvalidStatusListException if it is not such a list, or a longer one
     */
    public static StatusList decode(int bits, String lst, int maxBytes) {
        if (!BITS.contains(bits)) {
            throw new InvalidStatusListException("bits is none of 1, 2, 4 and 8");
        }
        return new StatusList(bits, inflate(bytes(lst), maxBytes));
    }

    /** {@return the bits of each status: 1, 2, 4 or 8} */
    public int bits() {
        return bits;
    }

    /** {@return how many statuses there are} */
    public long size() {
        return (long) packed.length * (Byte.SIZE / bits);
    }

    /**
     * The status of one index.
     *
     * @param index 0 or more
     * @return 0 to 255: 0 is valid, 1 invalid, 2 suspended (section 7)
     * @throws IndexOutOfBoundsException if the list is shorter
     */
    public int get(long index) {
        Objects.checkIndex(index, size());
        int shared = Byte.SIZE / bits;
        int shift = (int) (index % shared) * bits;
        return (packed[(int) (index / shared)] & 0xFF) >> shift & (1 << bits) - 1;
    }

    /** {@return the member {@code lst}: base64url of the ZLIB stream, compressed as far as it goes} */
    public String encode() {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(packed);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
        } finally {
            deflater.end();
        }
    }

    private static void requireBits(int bits) {
        if (!BITS.contains(bits)) {
            throw new IllegalArgumentException("bits must be 1, 2, 4 or 8, and is " + bits);
        }
    }

    /** Of many spellings that a lenient reader takes for the same bytes, one is right. */
    private static byte[] bytes(String lst) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(lst);
            if (Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(lst)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // As below.
        }
        throw new InvalidStatusListException("lst is not base64url without padding");
    }

    private static byte[] inflate(byte[] compressed, int maxBytes) {
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(compressed);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] buffer = new byte[BUFFER];
            while (!inflater.finished()) {
                int read = inflater.inflate(buffer);
                if (read > maxBytes - out.size()) {
                    throw new InvalidStatusListException("lst inflates to more than may be");
                }
                if (read == 0 && !inflater.finished()) {
                    // It wants more input, or a dictionary: there is neither.
                    throw new InvalidStatusListException("lst ends before its ZLIB stream does");
                }
                out.write(buffer, 0, read);
            }
            if (inflater.getRemaining() > 0) {
                throw new InvalidStatusListException("lst goes on after its ZLIB stream");
            }
            return out.toByteArray();
        } catch (DataFormatException e) {
            throw new InvalidStatusListException("lst is no ZLIB stream");
        } finally {
            inflater.end();
        }
    }

    @Override
    public String toString() {
        return "StatusList[bits=" + bits + ", size=" + size() + "]";
    }
}
