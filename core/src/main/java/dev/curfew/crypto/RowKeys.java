package dev.curfew.crypto;

import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives the key under which one session's payload is encrypted: HMAC-SHA-256 of a key of the ring over a label and
 * the session's lookup key.
 *
 * <p>AES-GCM with random nonces of 96 bits should encrypt no more than 2^32 messages under one key (NIST SP 800-38D,
 * 8.3). A busy host comes near that in years of logins; a row is written a few times in its life.
 */
final class RowKeys {
    static final String DERIVATION = "HmacSHA256";

    private static final byte[] LABEL = "curfew session payload 1".getBytes(StandardCharsets.US_ASCII);

    private RowKeys() {}

    static SecretKey derive(SecretKey ofRing, LookupKey session) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(DERIVATION);
        mac.init(ofRing);
        mac.update(LABEL);
        return new SecretKeySpec(mac.doFinal(session.toBytes()), "AES");
    }
}
