package dev.curfew.examples.server;

import java.util.Map;
import java.util.stream.Collectors;

/** The host's own users: Curfew neither knows passwords nor asks for them. Immutable. */
final class Users {
    private final Map<String, PasswordHash> hashes;

    /** So that an unknown name costs as much time as a wrong password, and nobody can find out who has an account. */
    private final PasswordHash nobody = PasswordHash.of(PasswordHash.randomPassword());

    Users(Map<String, String> passwords) {
        this.hashes = passwords.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, user -> PasswordHash.of(user.getValue())));
    }

    boolean isRight(String name, String password) {
        boolean matches = hashes.getOrDefault(name, nobody).matches(password);
        return matches && hashes.containsKey(name);
    }
}
