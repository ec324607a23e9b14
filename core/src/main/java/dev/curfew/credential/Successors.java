package dev.curfew.credential;

import dev.curfew.atrest.LastExchange;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.AttemptKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Makes the credential that follows another one: drawn, or derived, so that it can be made once more by whoever still
 * has that other one. Thread-safe.
 *
 * <p>A derived secret is HMAC-SHA-256 under the presented secret, over a purpose, a fresh salt, and the SHA-256 of the
 * attempt key if there is one. The store keeps the salt alone: without the presented secret, which it never saw, and
 * the attempt key nobody can derive anything.
 */
final class Successors {
    private static final String HMAC = "HmacSHA256";
    private static final byte[] REFRESH = "curfew successor 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RENEWAL = "curfew renewal 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ATTEMPT = "curfew attempt 1".getBytes(StandardCharsets.US_ASCII);

    private final SecureRandom random;

    Successors(SecureRandom random) {
        this.random = random;
    }

    /** One that nobody can make again. */
    SecretToken draw(SecretToken presented) {
        byte[] secret = new byte[SecretToken.SECRET_BYTES];
        random.nextBytes(secret);
        return presented.successor(secret);
    }

    byte[] salt() {
        byte[] salt = new byte[LastExchange.SALT_BYTES];
        random.nextBytes(salt);
        return salt;
    }

    /** The one that follows, the same for the same four. */
    static SecretToken derive(SecretToken presented, boolean isRenewal, byte[] salt, @Nullable AttemptKey attempt) {
        try {
            Mac hmac = hmac(presented.secret());
            hmac.update(isRenewal ? RENEWAL : REFRESH);
            hmac.update(salt);
            if (attempt != null) {
                hmac.update(MessageDigest.getInstance("SHA-256").digest(attempt.toBytes()));
            }
            return presented.successor(hmac.doFinal());
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    /**
     * By which an attempt key is recognised that is used for a second refresh. Under the family of a refresh token, and
     * under the session's id where there is none, so that equal keys of two sessions look different.
     */
    static byte[] tag(SecretToken token, AttemptKey attempt) {
        byte[] family = token.family();
        try {
            Mac hmac = hmac(family.length == 0 ? token.session().value().getBytes(StandardCharsets.US_ASCII) : family);
            hmac.update(ATTEMPT);
            return Arrays.copyOf(hmac.doFinal(attempt.toBytes()), LastExchange.TAG_BYTES);
        } catch (GeneralSecurityException e) {
            throw unsupported(e);
        }
    }

    private static Mac hmac(byte[] key) throws GeneralSecurityException {
        Mac hmac = Mac.getInstance(HMAC);
        hmac.init(new SecretKeySpec(key, HMAC));
        return hmac;
    }

    private static IllegalStateException unsupported(GeneralSecurityException e) {
        return new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
}
