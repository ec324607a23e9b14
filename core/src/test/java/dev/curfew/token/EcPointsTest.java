package dev.curfew.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.math.BigInteger;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import org.junit.jupiter.api.Test;

/** Which points of a curve are a key that a host hands over as an object of its own: a platform's would check them. */
class EcPointsTest {
    private static final ECPublicKey P256 = (ECPublicKey) TestIssuer.P256.getPublic();
    private static final BigInteger PRIME =
            ((ECFieldFp) P256.getParams().getCurve().getField()).getP();

    @Test
    void a_point_beside_the_curve_is_refused() {
        ECPoint good = P256.getW();

        assertThat(TokenKeys.ofPublicKey(key(good.getAffineX(), good.getAffineY())))
                .isNotNull();
        isRefused(good.getAffineX(), good.getAffineY().add(BigInteger.ONE));
        isRefused(good.getAffineX().subtract(BigInteger.ONE), good.getAffineY());
    }

    /** On the curve, and the same point for whoever computes with remainders; but another thumbprint. */
    @Test
    void a_coordinate_is_read_from_zero_to_the_last_below_the_prime() {
        BigInteger zero = BigInteger.ZERO;
        // The prime is 3 modulo 4, so that this power is a square root.
        BigInteger y = P256.getParams()
                .getCurve()
                .getB()
                .modPow(PRIME.add(BigInteger.ONE).shiftRight(2), PRIME);

        assertThat(TokenKeys.ofPublicKey(key(zero, y))).isNotNull();
        isRefused(PRIME, y);
        isRefused(PRIME.negate(), y);
        isRefused(zero, y.add(PRIME));
        isRefused(zero, y.subtract(PRIME));
    }

    private static void isRefused(BigInteger x, BigInteger y) {
        assertThatExceptionOfType(UnusableKeyException.class)
                .isThrownBy(() -> TokenKeys.ofPublicKey(key(x, y)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EC_POINT));
    }

    private static ECPublicKey key(BigInteger x, BigInteger y) {
        return new BareKey(P256.getParams(), new ECPoint(x, y));
    }

    private record BareKey(ECParameterSpec getParams, ECPoint getW) implements ECPublicKey {
        @Override
        public String getAlgorithm() {
            return "EC";
        }

        @Override
        public String getFormat() {
            return "none";
        }

        @Override
        public byte[] getEncoded() {
            return new byte[0];
        }
    }
}
