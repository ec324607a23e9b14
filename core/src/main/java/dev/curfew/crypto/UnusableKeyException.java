package dev.curfew.crypto;

/**
 * A key, or a set of keys, was refused when it was read: it is weak, broken, or does not belong there.
 *
 * <p>Neither the message nor the reason contains anything of the key, its id included, and there is no cause.
 */
public final class UnusableKeyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Why a key was refused. New reasons may be added. */
    public enum Reason {
        /** The text is not one JSON object with an array {@code keys} of objects. */
        SET_MALFORMED("not a JWK set: one JSON object with an array \"keys\" of objects"),
        /** No key of the set could verify a signature. */
        SET_WITHOUT_KEYS("none that could verify a signature"),
        /** There are more keys than any issuer needs. */
        TOO_MANY_KEYS("more than 100"),
        /** More keys have no id than one token may cost checks. */
        TOO_MANY_KEYS_WITHOUT_ID("more than 10 of one kind without an id (kid): give each an id"),
        /** Different keys have the same id. */
        ID_TWICE("different keys have the same id"),
        /** Secrets and public keys are together. */
        MIXED("keys must not mix secrets and public keys"),
        /** A member that this type of key needs is not there. */
        MEMBER_MISSING("a key lacks a required member"),
        /** A member has the wrong JSON type, or is not base64url as RFC 7515 writes it. */
        MEMBER_MALFORMED("a member of a key has the wrong type, or is not base64url without padding"),
        /** A symmetric key stands in a public set, where everybody could read it. */
        SECRET_IN_PUBLIC_SET("a set of public keys must not contain a secret; use ofSecret"),
        /** A private key stands in a public set: whoever read it can sign as the issuer. */
        PRIVATE_MEMBER("a set of public keys contains a private key, which the issuer must replace"),
        /** It is of a kind that verifies no supported signature. */
        UNSUPPORTED_KIND("public key must be RSA, EC on P-256, P-384 or P-521, or Ed25519"),
        /** The {@code alg} of a key is not for keys of its type or curve (RFC 7518 section 3.1, RFC 8037). */
        ALGORITHM_MISMATCH("a key's alg does not fit its type: RS and PS are for RSA, ES256 is for P-256,"
                + " ES384 for P-384, ES512 for P-521, EdDSA for Ed25519, HS for secrets"),
        /** The RSA modulus is too short to be safe, or too long to be checked quickly. */
        RSA_SIZE("RSA key must have 2048 to 8192 bits"),
        /** The RSA exponent is even, small, or larger than anybody needs. */
        RSA_EXPONENT("RSA exponent must be odd, and from 65537 up to 256 bits"),
        /** The RSA modulus is even, as each power of two is. */
        RSA_MODULUS_EVEN("RSA modulus is even"),
        /** The RSA modulus is a prime number, so that its private exponent is known to everybody. */
        RSA_MODULUS_PRIME("RSA modulus is a prime number"),
        /** The RSA modulus was factored here: a small factor, a square, or two primes that are nearly equal. */
        RSA_MODULUS_FACTORED("RSA modulus has a small factor, or two factors that are nearly equal"),
        /** The RSA key has the fingerprint of the generator that ROCA (CVE-2017-15361) breaks. */
        RSA_ROCA("RSA key comes from a generator that is broken (ROCA, CVE-2017-15361)"),
        /** The coordinates are not those of a point on the curve. */
        EC_POINT("EC point is not on its curve, or a coordinate is out of range"),
        /** The bytes are no Ed25519 point. */
        ED25519_POINT("Ed25519 key is not 32 bytes that are a point of the curve"),
        /** The point has another spelling, which is the right one (RFC 8032 section 5.1.3). */
        ED25519_NOT_CANONICAL("Ed25519 point is not written canonically"),
        /** The point has an order of at most eight, so that signatures under it can be forged. */
        ED25519_SMALL_ORDER("Ed25519 point is of small order"),
        /** This Java platform cannot verify anything with it. */
        NOT_WORKING("key cannot be used on this Java platform");

        private final String sentence;

        Reason(String sentence) {
            this.sentence = sentence;
        }
    }

    /** Why. */
    private final Reason reason;

    /**
     * Makes the exception.
     *
     * @param reason why
     */
    public UnusableKeyException(Reason reason) {
        super("keys: " + reason.sentence);
        this.reason = reason;
    }

    /**
     * Why.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
