package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException.Reason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Judges the numbers of an RSA public key, and refuses those whose private key anybody could compute.
 *
 * <p>Costs about what one private operation costs, once for each key that is read: some 10 ms for 2048 bits.
 */
public final class RsaStrength {
    private static final int MIN_BITS = 2048;

    /** A verification costs the square of it. */
    private static final int MAX_BITS = 8192;

    /** FIPS 186-5 section A.1.1. */
    private static final BigInteger MIN_EXPONENT = BigInteger.valueOf(65537);

    private static final int MAX_EXPONENT_BITS = 256;
    private static final int PRIME_CERTAINTY = 64;

    /** Primes this near to each other come from a generator that takes the next one (CVE-2022-26320). */
    private static final int FERMAT_STEPS = 100;

    private static final List<Integer> SMALL_PRIMES = primesBelow(1000);
    private static final BigInteger SMALL_FACTORS =
            SMALL_PRIMES.stream().map(BigInteger::valueOf).reduce(BigInteger.ONE, BigInteger::multiply);

    /** The largest prime that the generator of the shortest keys used: all longer keys show it too. */
    private static final int ROCA_LAST_PRIME = 167;

    private static final List<BitSet> ROCA_REMAINDERS = SMALL_PRIMES.stream()
            .filter(prime -> prime <= ROCA_LAST_PRIME)
            .map(RsaStrength::powersOf65537)
            .toList();

    private RsaStrength() {}

    /** What is wrong with it, if anything is; the cheap questions come first. */
    public static Optional<Reason> faultOf(BigInteger modulus, BigInteger exponent) {
        if (modulus.signum() <= 0 || modulus.bitLength() < MIN_BITS || modulus.bitLength() > MAX_BITS) {
            return Optional.of(Reason.RSA_SIZE);
        }
        if (!exponent.testBit(0) || exponent.compareTo(MIN_EXPONENT) < 0 || exponent.bitLength() > MAX_EXPONENT_BITS) {
            return Optional.of(Reason.RSA_EXPONENT);
        }
        if (!modulus.testBit(0)) {
            return Optional.of(Reason.RSA_MODULUS_EVEN);
        }
        if (isRoca(modulus)) {
            return Optional.of(Reason.RSA_ROCA);
        }
        if (!modulus.gcd(SMALL_FACTORS).equals(BigInteger.ONE) || hasNearFactors(modulus)) {
            return Optional.of(Reason.RSA_MODULUS_FACTORED);
        }
        // Of a product of two primes, the first round finds that it is none.
        return modulus.isProbablePrime(PRIME_CERTAINTY) ? Optional.of(Reason.RSA_MODULUS_PRIME) : Optional.empty();
    }

    /**
     * Nemec and others, "The Return of Coppersmith's Attack" (2017), section 2.3: for each small prime the modulus is
     * congruent to a power of 65537. One random modulus in about 2^60 is as well.
     */
    public static boolean isRoca(BigInteger modulus) {
        for (int i = 0; i < ROCA_REMAINDERS.size(); i++) {
            int remainder = modulus.mod(BigInteger.valueOf(SMALL_PRIMES.get(i))).intValue();
            if (!ROCA_REMAINDERS.get(i).get(remainder)) {
                return false;
            }
        }
        return true;
    }

    /** Fermat's method: {@code n = a² - b²}, tried with the first values of a. Finds squares too. */
    private static boolean hasNearFactors(BigInteger modulus) {
        BigInteger a = modulus.sqrt();
        if (a.multiply(a).compareTo(modulus) < 0) {
            a = a.add(BigInteger.ONE);
        }
        for (int i = 0; i < FERMAT_STEPS; i++) {
            BigInteger square = a.multiply(a).subtract(modulus);
            if (isSquare(square)) {
                return true;
            }
            a = a.add(BigInteger.ONE);
        }
        return false;
    }

    private static boolean isSquare(BigInteger number) {
        // Squares end in one of four hexadecimal digits, and the root is dear.
        int digit = number.intValue() & 0xF;
        if (digit != 0 && digit != 1 && digit != 4 && digit != 9) {
            return false;
        }
        BigInteger root = number.sqrt();
        return root.multiply(root).equals(number);
    }

    private static BitSet powersOf65537(int prime) {
        BitSet powers = new BitSet(prime);
        int power = 1 % prime;
        while (!powers.get(power)) {
            powers.set(power);
            power = power * (65537 % prime) % prime;
        }
        return powers;
    }

    private static List<Integer> primesBelow(int end) {
        List<Integer> primes = new ArrayList<>();
        for (int number = 2; number < end; number++) {
            int candidate = number;
            if (primes.stream().allMatch(prime -> candidate % prime != 0)) {
                primes.add(number);
            }
        }
        return List.copyOf(primes);
    }
}
