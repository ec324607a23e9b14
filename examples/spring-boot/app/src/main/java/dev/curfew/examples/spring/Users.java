package dev.curfew.examples.spring;

import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.stereotype.Component;

/** Who may sign in, by {@code shop.passwords.<name>}; a real host has a table. Immutable. */
@Component
final class Users {
    private final PasswordEncoder encoder = Pbkdf2PasswordEncoder.defaultsForSpringSecurity_v5_8();
    private final String nobody = encoder.encode("nobody");
    private final Map<String, String> hashes;

    Users(Environment environment) {
        this.hashes = Binder.get(environment)
                .bind("shop.passwords", Bindable.mapOf(String.class, String.class))
                .orElseGet(Map::of)
                .entrySet()
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, user -> encoder.encode(user.getValue())));
    }

    /** An unknown name costs as much time as a wrong password, so that nobody can find out who has an account. */
    boolean isRight(String name, String password) {
        boolean isRight = encoder.matches(password, hashes.getOrDefault(name, nobody));
        return isRight && hashes.containsKey(name);
    }
}
