package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException.Reason;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Judges the encoding of an Ed25519 public key (RFC 8032 section 5.1.3), which the JDK decodes only when it verifies.
 *
 * <p>Needs no x: points that differ in its sign alone are decodable together, and have the same order.
 */
public final class Ed25519Point {
    static final int BYTES = 32;

    private static final BigInteger ONE = BigInteger.ONE;
    private static final BigInteger P = ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger HALF = P.subtract(ONE).shiftRight(1);
    private static final BigInteger D = BigInteger.valueOf(-121665)
            .multiply(BigInteger.valueOf(121666).modInverse(P))
            .mod(P);

    /** The cofactor is eight: three doublings lead a point of small order to the neutral one, and no other. */
    private static final int DOUBLINGS = 3;

    private Ed25519Point() {}

    /** What is wrong with it, if anything is. */
    public static Optional<Reason> faultOf(byte[] encoded) {
        if (encoded.length != BYTES) {
            return Optional.of(Reason.ED25519_POINT);
        }
        byte[] bigEndian = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bigEndian[i] = encoded[BYTES - 1 - i];
        }
        boolean isXOdd = bigEndian[0] < 0;
        bigEndian[0] &= 0x7F;
        BigInteger y = new BigInteger(1, bigEndian);
        BigInteger xSquared = xSquared(y.multiply(y).mod(P));
        boolean isXZero = xSquared.signum() == 0;
        // Zero has no odd spelling, although it would be read as zero.
        if (y.compareTo(P) >= 0 || isXOdd && isXZero) {
            return Optional.of(Reason.ED25519_NOT_CANONICAL);
        }
        if (!isXZero && !xSquared.modPow(HALF, P).equals(ONE)) {
            return Optional.of(Reason.ED25519_POINT);
        }
        return isOfSmallOrder(y) ? Optional.of(Reason.ED25519_SMALL_ORDER) : Optional.empty();
    }

    private static boolean isOfSmallOrder(BigInteger start) {
        BigInteger y = start;
        for (int i = 0; i < DOUBLINGS; i++) {
            BigInteger ySquared = y.multiply(y).mod(P);
            BigInteger xSquared = xSquared(ySquared);
            BigInteger product = D.multiply(xSquared).multiply(ySquared);
            y = ySquared.add(xSquared)
                    .multiply(ONE.subtract(product).modInverse(P))
                    .mod(P);
        }
        return y.equals(ONE);
    }

    /**
     * By the equation of the curve, {@code -x² + y² = 1 + d x² y²}. The divisor is never zero, as -1/d is no square.
     */
    private static BigInteger xSquared(BigInteger ySquared) {
        return ySquared.subtract(ONE)
                .multiply(D.multiply(ySquared).add(ONE).modInverse(P))
                .mod(P);
    }
}
