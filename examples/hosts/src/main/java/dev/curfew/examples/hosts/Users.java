package dev.curfew.examples.hosts;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** The shop's own users: Curfew neither knows passwords nor asks for them. Immutable. */
final class Users {
    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final int ITERATIONS = 100_000;
    private static final int HASH_BITS = 256;

    private final byte[] salt = new byte[16];
    private final Map<String, byte[]> hashes;

    Users(Map<String, String> passwords) {
        new SecureRandom().nextBytes(salt);
        this.hashes = passwords.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, user -> hash(user.getValue())));
    }

    /** An unknown name costs as much time as a wrong password, so that nobody can find out who has an account. */
    boolean isRight(String name, String password) {
        byte[] given = hash(password);
        return MessageDigest.isEqual(given, hashes.getOrDefault(name, new byte[0]));
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
