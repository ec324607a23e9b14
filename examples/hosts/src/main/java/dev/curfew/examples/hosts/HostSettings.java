package dev.curfew.examples.hosts;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the environment says of a host. Immutable.
 *
 * <p>{@code PORT} (8080; 0 for any free one), {@code CONTEXT_PATH} ({@code /shop}), {@code CURFEW_SECRET} (base64 of at
 * least 32 random bytes, which sign tokens and encrypt sessions; random, and so of this run alone, if not set),
 * {@code JDBC_URL}, {@code JDBC_USER}, {@code JDBC_PASSWORD} (in memory if not set), {@code MAX_STALENESS}
 * ({@code PT5S}), {@code PASSWORDS} ({@code alice=…,bob=…}; random ones if not set).
 */
public final class HostSettings {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final int HIGHEST_PORT = 65_535;

    private final Map<String, String> environment;
    private final int port;
    private final byte[] secret;
    private final Duration maxStaleness;
    private final Map<String, String> passwords;

    private HostSettings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        this.port = portOf(value("PORT", "8080"));
        this.secret = secretOf(value("CURFEW_SECRET", ""));
        this.maxStaleness = stalenessOf(value("MAX_STALENESS", "PT5S"));
        this.passwords = passwordsOf(value("PASSWORDS", ""));
    }

    /**
     * Reads settings.
     *
     * @param environment usually {@link System#getenv()}
     * @return what it says
     * @throws IllegalArgumentException with a sentence that names the setting
     */
    public static HostSettings from(Map<String, String> environment) {
        return new HostSettings(environment);
    }

    /** {@return the port to listen on; 0 for any free one} */
    public int port() {
        return port;
    }

    /** {@return what stands in front of all paths; empty for nothing} */
    public String contextPath() {
        return value("CONTEXT_PATH", "/shop");
    }

    /** {@return what signs the tokens} */
    public byte[] secret() {
        return secret.clone();
    }

    /** {@return what encrypts sessions in the database: another key, so that one never serves two purposes} */
    public byte[] encryptionKey() {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal("sessions at rest".getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }

    /** {@return the database, if sessions are not to be kept in memory} */
    public Optional<String> jdbcUrl() {
        return Optional.of(value("JDBC_URL", "")).filter(url -> !url.isEmpty());
    }

    /** {@return who reads and writes there} */
    public String jdbcUser() {
        return value("JDBC_USER", "");
    }

    /** {@return the password of that user} */
    public String jdbcPassword() {
        return value("JDBC_PASSWORD", "");
    }

    /** {@return how old a node's knowledge of revocations may be} */
    public Duration maxStaleness() {
        return maxStaleness;
    }

    /** {@return the passwords of alice and bob} */
    public Map<String, String> passwords() {
        return passwords;
    }

    /**
     * What a host prints when it is ready.
     *
     * @param port on which it listens
     * @return who may sign in, if that was drawn for this run, and the last line with the base URI
     */
    public String banner(int port) {
        String users = environment.containsKey("PASSWORDS") ? "" : "users of this run: " + passwords + "\n";
        return users + "ready at " + baseUri(port);
    }

    /**
     * Where a host is that listens on a port.
     *
     * @param port on which it listens
     * @return the address, with the context path
     */
    public URI baseUri(int port) {
        return URI.create("http://localhost:" + port + contextPath());
    }

    /** No secret. */
    @Override
    public String toString() {
        return "HostSettings[" + port + contextPath() + "]";
    }

    private String value(String name, String otherwise) {
        return environment.getOrDefault(name, otherwise).strip();
    }

    private static int portOf(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // The same sentence as for a number out of range.
        }
        throw new IllegalArgumentException(
                "PORT is \"" + text + "\", and must be a number from 0 to 65535 (0 picks a free port)");
    }

    private static byte[] secretOf(String text) {
        if (text.isEmpty()) {
            byte[] drawn = new byte[SECRET_BYTES];
            RANDOM.nextBytes(drawn);
            return drawn;
        }
        try {
            byte[] secret = Base64.getDecoder().decode(text);
            if (secret.length >= SECRET_BYTES) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            // The same sentence as for one that is too short.
        }
        throw new IllegalArgumentException(
                "CURFEW_SECRET must be at least 32 random bytes in base64, such as `openssl rand -base64 32` prints");
    }

    private static Duration stalenessOf(String text) {
        try {
            Duration staleness = Duration.parse(text);
            if (staleness.compareTo(Duration.ZERO) > 0) {
                return staleness;
            }
        } catch (DateTimeParseException e) {
            // The same sentence as for none that is positive.
        }
        throw new IllegalArgumentException(
                "MAX_STALENESS is \"" + text + "\", and must be a positive duration, such as PT5S");
    }

    private static Map<String, String> passwordsOf(String text) {
        if (text.isEmpty()) {
            return Map.of("alice", randomPassword(), "bob", randomPassword());
        }
        Map<String, String> passwords = new LinkedHashMap<>();
        for (String user : text.split(",", -1)) {
            String[] parts = user.split("=", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException("PASSWORDS must be like alice=…,bob=…");
            }
            passwords.put(parts[0].strip(), parts[1]);
        }
        return passwords;
    }

    private static String randomPassword() {
        byte[] bytes = new byte[12];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
