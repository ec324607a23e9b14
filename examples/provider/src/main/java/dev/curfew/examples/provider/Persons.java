package dev.curfew.examples.provider;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Who may sign in; Curfew neither knows passwords nor asks for them. Immutable. */
final class Persons {
    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";
    private static final int ITERATIONS = 210_000;
    private static final int HASH_BITS = 256;

    /** One for this run, because the hashes are of this run alone. */
    private final byte[] salt = new byte[16];

    private final Map<String, byte[]> hashes;

    Persons(Map<String, String> passwords) {
        new SecureRandom().nextBytes(salt);
        this.hashes = passwords.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, person -> hash(person.getValue())));
    }

    /** An unknown name costs as much time as a wrong password, so that nobody can find out who has an account. */
    boolean isRight(String name, String password) {
        return MessageDigest.isEqual(hash(password), hashes.getOrDefault(name, new byte[0]));
    }

    private byte[] hash(String password) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, HASH_BITS);
        try {
            return SecretKeyFactory.getInstance(ALGORITHM).generateSecret(spec).getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no " + ALGORITHM, e);
        } finally {
            spec.clearPassword();
        }
    }
}
