package dev.curfew.token;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One key of an issuer, with the algorithms that it may be used for. Immutable.
 *
 * <p>Two are equal if they are the same key under the same id with the same permissions.
 */
final class VerificationKey {
    private final @Nullable String id;
    private final String thumbprint;
    private final Set<Algorithm> algorithms;
    private final SignatureCheck check;

    VerificationKey(@Nullable String id, String thumbprint, Set<Algorithm> algorithms, SignatureCheck check) {
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
    String thumbprint() {
        return thumbprint;
    }

    Set<Algorithm> algorithms() {
        return algorithms;
    }

    boolean isSymmetric() {
        return algorithms.stream().anyMatch(Algorithm::isSymmetric);
    }

    /** A key without an id goes with every {@code kid}: it was configured alone, or with few others. */
    boolean mayBe(@Nullable String keyId) {
        return id == null || keyId == null || id.equals(keyId);
    }

    boolean verifies(Algorithm algorithm, byte[] signed, byte[] signature) {
        return check.verifies(algorithm, signed, signature);
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
