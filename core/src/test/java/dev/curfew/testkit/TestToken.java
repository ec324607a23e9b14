package dev.curfew.testkit;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.MACSigner;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** An access token that is not signed yet. Confined to one thread. */
public final class TestToken {
    private final byte[] secret;
    private final byte[] anotherSecret;
    private final Map<String, Object> claims = new LinkedHashMap<>();
    private String type = "at+jwt";

    TestToken(byte[] secret, byte[] anotherSecret) {
        this.secret = secret;
        this.anotherSecret = anotherSecret;
    }

    /**
     * Sets a claim.
     *
     * @param name of the claim
     * @param value a text, number, boolean, list or map
     * @return this
     */
    public TestToken claim(String name, Object value) {
        claims.put(name, Objects.requireNonNull(value, "value"));
        return this;
    }

    /**
     * Leaves a claim out.
     *
     * @param name of the claim
     * @return this
     */
    public TestToken without(String name) {
        claims.remove(name);
        return this;
    }

    /**
     * Sets {@code iat} and {@code exp}, to the second.
     *
     * @param issuedAt when it was issued
     * @param expiresAt when it expires
     * @return this
     */
    public TestToken times(Instant issuedAt, Instant expiresAt) {
        return claim("iat", issuedAt.getEpochSecond()).claim("exp", expiresAt.getEpochSecond());
    }

    /**
     * Sets {@code typ} of the header.
     *
     * @param value {@code at+jwt} by default
     * @return this
     */
    public TestToken type(String value) {
        this.type = Objects.requireNonNull(value, "type");
        return this;
    }

    /** {@return the token, signed by its issuer} */
    public String sign() {
        return signedWith(secret);
    }

    /** {@return the token, signed by somebody else} */
    public String forge() {
        return signedWith(anotherSecret);
    }

    /** {@return the token without a signature} */
    public String leaveUnsigned() {
        PlainHeader header =
                new PlainHeader.Builder().type(new JOSEObjectType(type)).build();
        return new PlainObject(header, new Payload(claims)).serialize();
    }

    private String signedWith(byte[] key) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType(type))
                    .build();
            JWSObject token = new JWSObject(header, new Payload(claims));
            token.sign(new MACSigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException("a test token cannot be signed", e);
        }
    }

    /** The names of its claims, and no value. */
    @Override
    public String toString() {
        return "TestToken" + claims.keySet();
    }
}
