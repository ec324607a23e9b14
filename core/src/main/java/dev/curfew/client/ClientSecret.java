package dev.curfew.client;

import dev.curfew.crypto.GuessableSecrets;
import dev.curfew.crypto.SecretHash;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * The secret of a registered client, by its hash alone. Immutable.
 *
 * <p>At rest keep {@link #hash} of it. No salt and no stretching: a secret that is accepted there is long and random,
 * so that nobody can guess it from its hash.
 */
public final class ClientSecret {
    /** The fewest characters of a secret. */
    public static final int MIN_LENGTH = 32;

    private final RegisteredClient client;
    private final List<SecretHash> accepted;

    private ClientSecret(RegisteredClient client, List<SecretHash> accepted) {
        this.client = Objects.requireNonNull(client, "client");
        this.accepted = List.copyOf(accepted);
    }

    /**
     * Hashes a secret, when a client is registered.
     *
     * @param secret at least {@link #MIN_LENGTH} characters that somebody generated
     * @return what to keep
     * @throws IllegalArgumentException if it is too short, or somebody could guess it; nothing of it is told
     */
    public static SecretHash hash(String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException("client secret has " + secret.length() + " characters, and must have "
                    + MIN_LENGTH + ": " + GuessableSecrets.advice(MIN_LENGTH));
        }
        GuessableSecrets.refuse("client secret", secret.getBytes(StandardCharsets.UTF_8));
        return SecretHash.of(secret);
    }

    /**
     * The secret of a client, and while it is being exchanged the one before as well.
     *
     * @param client whose
     * @param current what {@link #hash} has made
     * @param previous others that are still accepted
     * @return the secret
     */
    public static ClientSecret of(RegisteredClient client, SecretHash current, SecretHash... previous) {
        SecretHash[] all = Arrays.copyOf(previous, previous.length + 1);
        all[previous.length] = Objects.requireNonNull(current, "current");
        return new ClientSecret(client, List.of(all));
    }

    /** What an unknown client's secret is compared with, so that it takes as long, and never fits. */
    static SecretHash ofNobody() {
        byte[] random = new byte[SecretHash.BYTES];
        new SecureRandom().nextBytes(random);
        return SecretHash.stored(random);
    }

    /** {@return whose it is} */
    public RegisteredClient client() {
        return client;
    }

    /** Whether it is that hash; each comparison takes the same time, and all are made. */
    boolean accepts(SecretHash presented) {
        boolean isAccepted = false;
        for (SecretHash hash : accepted) {
            isAccepted |= hash.equals(presented);
        }
        return isAccepted;
    }

    /** Nothing of the hashes. */
    @Override
    public String toString() {
        return "ClientSecret[" + client + "]";
    }
}
