package dev.curfew.jose;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** The signature algorithms that are known at all; {@code none} is not among them. */
public enum Algorithm {
    HS256(Family.SECRET, 32),
    HS384(Family.SECRET, 48),
    HS512(Family.SECRET, 64),
    RS256(Family.RSA, 32),
    RS384(Family.RSA, 48),
    RS512(Family.RSA, 64),
    PS256(Family.RSA, 32),
    PS384(Family.RSA, 48),
    PS512(Family.RSA, 64),
    ES256(Family.P256, 32),
    ES384(Family.P384, 48),
    ES512(Family.P521, 64),
    EDDSA("EdDSA", Family.ED25519, 64),
    ED25519("Ed25519", Family.ED25519, 64);

    /** What a key must be to go with an algorithm. */
    public enum Family {
        SECRET,
        RSA,
        P256,
        P384,
        P521,
        ED25519
    }

    private final String joseName;
    private final Family family;
    private final int hashBytes;

    Algorithm(Family family, int hashBytes) {
        this.joseName = name();
        this.family = family;
        this.hashBytes = hashBytes;
    }

    Algorithm(String joseName, Family family, int hashBytes) {
        this.joseName = joseName;
        this.family = family;
        this.hashBytes = hashBytes;
    }

    /** The comparison is exact: {@code hs256} and {@code nOnE} are unknown. */
    public static Optional<Algorithm> named(String joseName) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.joseName.equals(joseName))
                .findFirst();
    }

    public static Set<Algorithm> of(Family family) {
        Set<Algorithm> found = EnumSet.allOf(Algorithm.class);
        found.removeIf(algorithm -> algorithm.family != family);
        return found;
    }

    public static Set<Algorithm> asymmetric() {
        return EnumSet.complementOf(EnumSet.of(HS256, HS384, HS512));
    }

    public static boolean isMixed(Collection<Algorithm> algorithms) {
        long symmetric = algorithms.stream().filter(Algorithm::isSymmetric).count();
        return symmetric > 0 && symmetric < algorithms.size();
    }

    boolean isSymmetric() {
        return family == Family.SECRET;
    }

    Family family() {
        return family;
    }

    int hashBytes() {
        return hashBytes;
    }

    JWSAlgorithm toNimbus() {
        return JWSAlgorithm.parse(joseName);
    }
}
