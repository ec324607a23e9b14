package dev.curfew.jose;

import com.nimbusds.jose.JOSEException;
import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One key of an issuer, with the algorithms that it may be used for. Immutable.
 *
 * <p>Two are equal if they are the same key under the same id with the same permissions.
 */
public final class VerificationKey {
    private static final Logger LOG = LoggerFactory.getLogger(VerificationKey.class);
    private static final byte[] NOTHING = new byte[0];

    private final @Nullable String id;
    private final String thumbprint;
    private final Set<Algorithm> algorithms;
    private final SignatureCheck check;

    public VerificationKey(@Nullable String id, String thumbprint, Set<Algorithm> algorithms, SignatureCheck check) {
        this.id = id;
        this.thumbprint = thumbprint;
        this.algorithms = EnumSet.copyOf(algorithms);
        this.check = check;
    }

    @Nullable
    String id() {
        return id;
    }

    /** The RFC 7638 thumbprint, or the configured name of a secret. */
    public String thumbprint() {
        return thumbprint;
    }

    Set<Algorithm> algorithms() {
        return algorithms;
    }

    boolean isSymmetric() {
        return algorithms.stream().anyMatch(Algorithm::isSymmetric);
    }

    /** Whether a token may be one that either of them verifies. */
    boolean isOfKindOf(VerificationKey other) {
        return !Collections.disjoint(algorithms, other.algorithms);
    }

    /** A key without an id goes with every {@code kid}: it was configured alone, or with few others. */
    boolean mayBe(@Nullable String keyId) {
        return id == null || keyId == null || id.equals(keyId);
    }

    /**
     * Whatever goes wrong in a check, the signature was not found to be right: that is a refusal, and no failure of
     * ours.
     */
    public boolean verifies(Algorithm algorithm, byte[] signed, byte[] signature) {
        try {
            return check.verifies(algorithm, signed, signature);
        } catch (JOSEException | GeneralSecurityException | RuntimeException e) {
            // The name alone: the message may spell the key.
            LOG.debug("a signature could not be checked: {}", e.getClass().getName());
            return false;
        }
    }

    /**
     * Tries the key on a signature that nobody made, so that one that can verify nothing is found when it is read.
     *
     * @param signatureBytes the length that a signature has, so that it is not refused before the key is used
     */
    public VerificationKey requireWorking(int signatureBytes) {
        byte[] signature = new byte[signatureBytes];
        Arrays.fill(signature, (byte) 1);
        try {
            // One algorithm is enough: the others of its family take the same key.
            if (check.verifies(algorithms.iterator().next(), NOTHING, signature)) {
                throw new UnusableKeyException(Reason.NOT_WORKING);
            }
        } catch (JOSEException | GeneralSecurityException | RuntimeException e) {
            throw new UnusableKeyException(Reason.NOT_WORKING);
        }
        return this;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerificationKey that
                && Objects.equals(id, that.id)
                && thumbprint.equals(that.thumbprint)
                && algorithms.equals(that.algorithms);
    }

    @Override
    public int hashCode() {
        return thumbprint.hashCode();
    }

    @Override
    public String toString() {
        return "VerificationKey" + algorithms;
    }
}
