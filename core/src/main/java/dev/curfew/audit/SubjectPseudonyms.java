package dev.curfew.audit;

import dev.curfew.crypto.GuessableSecrets;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names for subjects that only the holder of a key can link to them. Immutable.
 *
 * <p>A pseudonym is {@code keyId:} and the first 128 bits, in base64url, of the HMAC-SHA-256 over the realm and the
 * subject, each preceded by its length. A bare hash would not do: whoever guesses an e-mail address can hash it. Keep
 * the key apart from the records. To rotate it, give the new one another id: old records keep their names and say which
 * key made them. Whoever destroys the key has anonymised the subjects of all records that it named, as far as a
 * record's address, device and session do not name them.
 */
public final class SubjectPseudonyms {
    /** The least size of a key in bytes. */
    public static final int KEY_BYTES = 32;

    private static final String HMAC = "HmacSHA256";
    private static final Pattern KEY_ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");
    private static final int PSEUDONYM_BYTES = 16;

    private final String keyId;
    private final SecretKeySpec key;

    private SubjectPseudonyms(String keyId, SecretKeySpec key) {
        this.keyId = keyId;
        this.key = key;
    }

    /**
     * Names subjects by a key.
     *
     * @param keyId the public name of the key: 1 to 16 letters, digits, hyphens and underscores
     * @param key at least 32 random bytes, copied
     * @return the pseudonyms
     * @throws IllegalArgumentException if the name or the size of the key is wrong, or the key is obviously not random
     */
    public static SubjectPseudonyms withKey(String keyId, byte[] key) {
        if (!KEY_ID.matcher(keyId).matches()) {
            throw new IllegalArgumentException("keyId must be 1 to 16 letters, digits, hyphens and underscores");
        }
        if (key.length < KEY_BYTES) {
            throw new IllegalArgumentException("pseudonym key " + keyId + " has " + key.length
                    + " bytes, and must have at least " + KEY_BYTES + ": " + GuessableSecrets.advice(KEY_BYTES));
        }
        GuessableSecrets.refuse("pseudonym key " + keyId, key);
        return new SubjectPseudonyms(keyId, new SecretKeySpec(key, HMAC));
    }

    /**
     * The pseudonym of a subject, to be looked for in the records when that person asks what is kept.
     *
     * @param subject whose
     * @return the same for the same subject and key
     */
    public String of(SubjectId subject) {
        return pseudonym(utf8(subject.realm().name()), utf8(subject.value()));
    }

    /**
     * The pseudonym of a subject's lookup key, which is a bare hash. Of one part, so that it is nobody's of {@link
     * #of(SubjectId)}.
     */
    String of(LookupKey subjectKey) {
        return pseudonym(subjectKey.toBytes());
    }

    private String pseudonym(byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            for (byte[] part : parts) {
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
                mac.update(part);
            }
            byte[] shortened = Arrays.copyOf(mac.doFinal(), PSEUDONYM_BYTES);
            return keyId + ":" + Base64.getUrlEncoder().withoutPadding().encodeToString(shortened);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Not the key. */
    @Override
    public String toString() {
        return "SubjectPseudonyms[" + keyId + "]";
    }
}
