package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.jose.Algorithm;
import dev.curfew.jose.JwkSetDownload;
import dev.curfew.jose.JwkSetDownloads;
import dev.curfew.jose.JwkSetReader;
import dev.curfew.jose.KeyLoadSettings;
import dev.curfew.jose.KeyLoads;
import dev.curfew.jose.KeyReader;
import dev.curfew.jose.KeySet;
import dev.curfew.jose.KeySource;
import dev.curfew.jose.RemoteKeySource;
import dev.curfew.revocation.RevocationTarget;
import java.net.URI;
import java.security.PublicKey;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The keys of one issuer. Thread-safe.
 *
 * <p>A header's {@code kid} chooses among these keys, and nothing in a token ever adds one.
 */
public final class TokenKeys {
    private final KeySource source;
    private final KeySet fixed;
    private final Set<Algorithm> algorithms;

    private TokenKeys(KeySource source, KeySet fixed, Set<Algorithm> algorithms) {
        this.source = source;
        this.fixed = fixed;
        this.algorithms = algorithms;
    }

    private static TokenKeys fixed(KeySet keys) {
        return new TokenKeys(KeySource.fixed(keys), keys, keys.algorithms());
    }

    /**
     * Takes a JWK Set (RFC 7517) of public keys. Keys of unknown types and keys for encryption are passed over.
     *
     * @param json the set
     * @return the keys
     * @throws UnusableKeyException if it is not such a set, contains a secret, a private key, a weak or broken key, or
     *     two keys of one id; its reason says which
     */
    public static TokenKeys ofJwkSet(String json) {
        return fixed(JwkSetReader.read(json));
    }

    /**
     * Takes one public key: RSA of at least 2048 bits, EC on P-256, P-384 or P-521, or Ed25519.
     *
     * @param key used whatever {@code kid} a token has
     * @return the keys
     * @throws UnusableKeyException if it is of another kind, weak or broken; its reason says which
     */
    public static TokenKeys ofPublicKey(PublicKey key) {
        return fixed(KeySet.of(List.of(KeyReader.ofPublicKey(Objects.requireNonNull(key, "key"), null, null))));
    }

    /**
     * Takes a secret for HMAC. It allows the algorithms whose hash is not longer than it: HS256 from 32 bytes on, HS384
     * from 48, HS512 from 64.
     *
     * @param name names the secret where a public key has its thumbprint, as in the revocation of a signing key; it may
     *     be logged
     * @param secret random bytes, copied; used whatever {@code kid} a token has
     * @return the keys
     * @throws IllegalArgumentException if it is too short, or obviously not random
     * @throws dev.curfew.session.InvalidIdentifierException if a blank stands at the begin or end of the name
     */
    public static TokenKeys ofSecret(String name, byte[] secret) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("name of a secret must not be empty");
        }
        // It is revoked under this name, so that one which no revocation can spell is refused here.
        RevocationTarget.signingKey(name);
        return fixed(KeySet.of(List.of(KeyReader.ofSecret(name, secret))));
    }

    /**
     * Loads a JWK Set from the issuer when it is first needed, with the default options.
     *
     * @param uri of https, or of http on this machine
     * @return the keys
     */
    public static TokenKeys remote(URI uri) {
        return remote(uri, RemoteKeyOptions.builder().build());
    }

    /**
     * Loads a JWK Set from the issuer when it is first needed.
     *
     * <p>Concurrent callers share one request. Redirects are not followed. When the issuer cannot be reached, or
     * answers something else than a JWK Set, the last good set stays in use up to the age that the options state; from
     * then on verification throws {@link KeysUnavailableException}. A key that {@link #ofJwkSet} would refuse is left
     * out and logged; a set without any usable key withdraws them all, and their tokens are refused. A token whose key
     * is unknown causes a request too,
     * but not more often than the options allow: until then it is refused.
     *
     * @param uri of https, or of http on this machine
     * @param options how often, how long, how large
     * @return the keys
     * @throws IllegalArgumentException if the address is not one of those
     */
    public static TokenKeys remote(URI uri, RemoteKeyOptions options) {
        KeyLoadSettings settings = options.settings();
        return remote(new JwkSetDownloads(settings).from(uri), settings, new KeyLoads());
    }

    static TokenKeys remote(JwkSetDownload download, KeyLoadSettings settings, KeyLoads loads) {
        return new TokenKeys(new RemoteKeySource(download, settings, loads), KeySet.EMPTY, Algorithm.asymmetric());
    }

    /** Stands for keys that each tenant has of its own; verifies nothing. */
    static TokenKeys ofTenants() {
        return new TokenKeys(KeySource.fixed(KeySet.EMPTY), KeySet.EMPTY, Algorithm.asymmetric());
    }

    /**
     * No keys at all, for a policy whose tokens are always verified by the host's own framework. Only
     * {@link TokenVerifier#alreadyVerified} accepts tokens then; every other call refuses them. If they are signed with
     * a secret, the policy must name its {@code algorithms}.
     *
     * @return the empty set
     */
    public static TokenKeys verifiedElsewhere() {
        return new TokenKeys(KeySource.fixed(KeySet.EMPTY), KeySet.EMPTY, EnumSet.allOf(Algorithm.class));
    }

    /**
     * Adds keys, for the time in which an issuer changes them.
     *
     * @param other given here like these, not remote
     * @return both
     * @throws IllegalArgumentException if either is remote or empty, or the two do not go together
     */
    public TokenKeys and(TokenKeys other) {
        if (fixed.isEmpty() || other.fixed.isEmpty()) {
            throw new IllegalArgumentException("and(TokenKeys) combines only keys that are given here");
        }
        return fixed(fixed.with(other.fixed));
    }

    KeySource source() {
        return source;
    }

    /** What these keys may verify; of keys that are loaded from elsewhere, everything but what secrets verify. */
    Set<Algorithm> algorithms() {
        return algorithms;
    }

    /** How many, and nothing else. */
    @Override
    public String toString() {
        return fixed.isEmpty() ? "TokenKeys" : "TokenKeys[" + fixed.size() + "]";
    }
}
