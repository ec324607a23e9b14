package dev.curfew.examples.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Map;

/**
 * What the environment says: {@code PORT} (8080; 0 for any free one) and {@code HOST} (this machine only). Immutable.
 *
 * <p>Whoever opens the page by a name of this machine says that name as {@code HOST}: see {@link Origins}.
 */
final class Settings {
    private static final int DEFAULT_PORT = 8080;
    private static final int HIGHEST_PORT = 65_535;

    private Settings() {}

    /**
     * Where to listen.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    static InetSocketAddress addressFrom(Map<String, String> environment) {
        int port = port(environment.getOrDefault("PORT", ""));
        String host = environment.getOrDefault("HOST", "").strip();
        try {
            return host.isEmpty()
                    ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
                    : new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("HOST must be an address of this machine, such as 0.0.0.0 for all.", e);
        }
    }

    private static int port(String text) {
        if (text.isBlank()) {
            return DEFAULT_PORT;
        }
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= HIGHEST_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            // The same sentence as for a number out of range.
        }
        throw new IllegalArgumentException("PORT must be a number from 0 to 65535 (0 picks a free port).");
    }
}
