package dev.curfew.examples.provider;

import dev.curfew.client.ClientSecret;
import java.net.URI;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the environment says of the provider. Immutable.
 *
 * <p>{@code PORT} (9090; 0 for any free one); {@code PASSWORDS} ({@code alice=…,bob=…}; random ones if not set); and of
 * the application that is registered: {@code CLIENT_ID} ({@code orders-web}), {@code CLIENT_SECRET} (at least 32
 * random characters; no default), {@code REDIRECT_URIS} and {@code LOGOUT_URI} (those of the example on Spring Boot, on
 * the ports 8081 and 8082).
 *
 * @param port to listen on
 * @param passwords of those who may sign in
 * @param parties that are registered
 */
record ProviderSettings(int port, Map<String, String> passwords, List<RelyingParty> parties) {
    private static final int HIGHEST_PORT = 65_535;
    private static final String CALLBACKS =
            "http://localhost:8081/login/oauth2/code/sso,http://localhost:8082/login/oauth2/code/sso";

    /**
     * Reads settings.
     *
     * @throws IllegalArgumentException with a sentence that names the setting
     */
    static ProviderSettings from(Map<String, String> environment) {
        String secret = environment.getOrDefault("CLIENT_SECRET", "").strip();
        if (secret.length() < ClientSecret.MIN_LENGTH) {
            throw new IllegalArgumentException("CLIENT_SECRET has " + secret.length() + " characters, and must have "
                    + ClientSecret.MIN_LENGTH + " or more, such as `openssl rand -hex 32` prints: the application and"
                    + " the provider have the same one");
        }
        Set<URI> redirects = Arrays.stream(
                        environment.getOrDefault("REDIRECT_URIS", CALLBACKS).split(",", -1))
                .map(text -> uri("REDIRECT_URIS", text))
                .collect(Collectors.toUnmodifiableSet());
        String logout = environment.getOrDefault("LOGOUT_URI", "http://localhost:8081/backchannel-logout");
        RelyingParty party = new RelyingParty(
                environment.getOrDefault("CLIENT_ID", "orders-web").strip(),
                secret,
                redirects,
                logout.isBlank() ? Optional.empty() : Optional.of(uri("LOGOUT_URI", logout)));
        return new ProviderSettings(
                portOf(environment.getOrDefault("PORT", "9090")),
                passwordsOf(environment.getOrDefault("PASSWORDS", "")),
                List.of(party));
    }

    /** No secret. */
    @Override
    public String toString() {
        return "ProviderSettings[" + port + "]";
    }

    private static URI uri(String setting, String text) {
        try {
            URI uri = URI.create(text.strip());
            if (uri.isAbsolute() && uri.getHost() != null && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // The same sentence as for one without a host.
        }
        throw new IllegalArgumentException(
                setting + " has \"" + text + "\", and must have whole addresses, such as http://localhost:8081/path");
    }

    private static int portOf(String text) {
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // The same sentence as for a number out of range.
        }
        throw new IllegalArgumentException(
                "PORT is \"" + text + "\", and must be a number from 0 to 65535 (0 picks a free port)");
    }

    private static Map<String, String> passwordsOf(String text) {
        Map<String, String> passwords = new LinkedHashMap<>();
        if (text.isBlank()) {
            passwords.put("alice", randomPassword());
            passwords.put("bob", randomPassword());
            return passwords;
        }
        for (String person : text.split(",", -1)) {
            String[] parts = person.split("=", 2);
            if (parts.length < 2 || parts[0].isBlank()) {
                throw new IllegalArgumentException("PASSWORDS must be like alice=…,bob=…");
            }
            passwords.put(parts[0].strip(), parts[1]);
        }
        return passwords;
    }

    private static String randomPassword() {
        byte[] bytes = new byte[12];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
