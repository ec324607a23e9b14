package dev.curfew.status;

import dev.curfew.session.LookupKey;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Gives each place of a list an index of its own that nobody can guess from another one. Immutable.
 *
 * <p>A Feistel network over 17 bits, of halves of 8 and 9 bits that take turns; the functions of its rounds are tables
 * filled by HMAC-SHA256 with a key of the list. Whatever these functions are, no two places have the same index. What
 * it hides is which tokens were issued one after the other; who could undo it would learn no more than that.
 */
final class IndexPermutation {
    private static final int ROUNDS = 10;
    private static final int LOW_BITS = 9;
    private static final int LOW = 1 << LOW_BITS;
    private static final int HIGH = 1 << 8;
    private static final int BLOCK = 32;

    /** One for each round, of as many values as the half has that it reads. */
    private final int[][] tables = new int[ROUNDS][];

    IndexPermutation(LookupKey seed) {
        for (int round = 0; round < ROUNDS; round++) {
            // The first round reads the low half and changes the high one; the next one the other way round.
            tables[round] = table(seed, round, round % 2 == 0 ? LOW : HIGH, round % 2 == 0 ? HIGH : LOW);
        }
    }

    /**
     * The index of a place.
     *
     * @param place 0 to 131,071
     * @return in the same range
     */
    int index(int place) {
        int high = place >> LOW_BITS;
        int low = place & LOW - 1;
        for (int round = 0; round < ROUNDS; round += 2) {
            high ^= tables[round][low];
            low ^= tables[round + 1][high];
        }
        return high << LOW_BITS | low;
    }

    private static int[] table(LookupKey seed, int round, int entries, int range) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(seed.toBytes(), "HmacSHA256"));
            ByteBuffer stream = ByteBuffer.allocate(entries * Short.BYTES);
            while (stream.hasRemaining()) {
                int block = stream.position() / BLOCK;
                stream.put(mac.doFinal(ByteBuffer.allocate(2 * Integer.BYTES)
                        .putInt(round)
                        .putInt(block)
                        .array()));
            }
            stream.flip();
            int[] table = new int[entries];
            for (int i = 0; i < entries; i++) {
                table[i] = stream.getShort() & range - 1;
            }
            return table;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
        }
    }
}
