package dev.curfew.examples.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Under which origins browsers know this server. Without TLS they say nothing of {@code Sec-Fetch-Site} unless it is
 * {@code localhost}, and a page of ours is told from another site's by its origin alone.
 *
 * <p>Of names that a DNS somewhere gives this machine the server knows only the one in {@code HOST}; behind a proxy
 * with TLS it needs to know none.
 */
final class Origins {
    private Origins() {}

    /** Where to listen is where it listens; the port is the one that it has got. */
    static String[] of(InetSocketAddress listening, int port) {
        Set<String> hosts = new TreeSet<>(Set.of("localhost", "127.0.0.1"));
        hostOf(listening).ifPresent(hosts::add);
        if (listening.getAddress().isAnyLocalAddress()) {
            hosts.addAll(addressesOfThisMachine());
        }
        return hosts.stream().map(host -> "http://" + host + ":" + port).toArray(String[]::new);
    }

    private static Optional<String> hostOf(InetSocketAddress listening) {
        String host = listening.getHostString();
        // Not all that names a machine can stand in the address of a page, such as an underscore.
        return Optional.of(host)
                .filter(name ->
                        !name.contains(":") && URI.create("http://" + name).getHost() != null);
    }

    /** Java and browsers write IPv6 differently, so without these. */
    private static Set<String> addressesOfThisMachine() {
        Set<String> hosts = new TreeSet<>();
        try {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .map(InetAddress::getHostAddress)
                    .forEach(hosts::add);
        } catch (SocketException e) {
            // Then the page works under the other names.
            return Set.of();
        }
        return hosts;
    }
}
