package dev.curfew.crypto;

import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives the keys under which one column of a session's row is encrypted: HMAC-SHA-256 of a key of the ring over the
 * column's label and the session's lookup key.
 *
 * <p>AES-GCM with random nonces of 96 bits should encrypt no more than 2^32 messages under one key (NIST SP 800-38D,
 * 8.3). A busy host comes near that in years of logins; a row is written a few times in its life.
 */
enum RowKeys {
    /** Of the payload. */
    PAYLOAD("curfew session payload 1"),

    /** Of what proves the session's credential. */
    CREDENTIAL("curfew credential 1"),

    /** Of a record that nodes share, by its item. */
    RECORD("curfew record 1");

    static final String DERIVATION = "HmacSHA256";

    private final String label;

    RowKeys(String label) {
        this.label = label;
    }

    SecretKey derive(SecretKey ofRing, LookupKey session) throws GeneralSecurityException {
        Mac mac = Mac.getInstance(DERIVATION);
        mac.init(ofRing);
        mac.update(label.getBytes(StandardCharsets.US_ASCII));
        return new SecretKeySpec(mac.doFinal(session.toBytes()), "AES");
    }
}
