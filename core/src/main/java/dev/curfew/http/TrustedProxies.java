package dev.curfew.http;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds the client's address behind proxies of the host's own. Immutable.
 *
 * <p>Every client can send {@code Forwarded} and {@code X-Forwarded-For}. What counts is only what a trusted proxy
 * appended: the header is read from its end, as long as whoever wrote an element is trusted. Where an element is
 * missing, is garbage, is {@code unknown} or hides the address, the last trusted proxy's own address is the answer,
 * never something that a client wrote.
 *
 * <p>Exactly one of the two headers is read. Which one is a decision: a proxy appends to one of them and passes the
 * other through, as the client sent it.
 *
 * <p>Addresses are literals; nothing is looked up. Reading takes time in proportion to the header, and follows at most
 * 32 proxies.
 */
public final class TrustedProxies {
    private static final int MOST_HOPS = 32;
    private static final TrustedProxies NONE = new TrustedProxies(ForwardingHeader.FORWARDED, List.of());

    private final ForwardingHeader header;
    private final List<IpNetwork> networks;

    private TrustedProxies(ForwardingHeader header, List<IpNetwork> networks) {
        this.header = header;
        this.networks = networks;
    }

    /** {@return the value that trusts nobody: the client is whoever connected} */
    public static TrustedProxies none() {
        return NONE;
    }

    /**
     * Reads {@code Forwarded} (RFC 7239), which these proxies append to.
     *
     * @param networks of the proxies, such as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or {@code 192.0.2.7}; at least
     *     one
     * @return the value
     * @throws IllegalArgumentException if a network is malformed, or holds every address
     */
    public static TrustedProxies readingForwarded(String... networks) {
        return of(ForwardingHeader.FORWARDED, networks);
    }

    /**
     * Reads {@code X-Forwarded-For}, which these proxies append to.
     *
     * @param networks of the proxies, such as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or {@code 192.0.2.7}; at least
     *     one
     * @return the value
     * @throws IllegalArgumentException if a network is malformed, or holds every address
     */
    public static TrustedProxies readingXForwardedFor(String... networks) {
        return of(ForwardingHeader.X_FORWARDED_FOR, networks);
    }

    /**
     * Finds the client's address. {@link EndpointRequest.Builder#clientAddress(String, TrustedProxies)} calls it.
     *
     * @param peer the address literal of whoever connected
     * @param lines the values of {@link #headerName}, one for each line, in the order in which they were received
     * @return an address literal; the peer as it is if it is not trusted
     */
    public String clientAddress(String peer, List<String> lines) {
        Optional<IpAddress> known =
                IpAddress.parse(Objects.requireNonNull(peer, "peer")).filter(this::isTrusted);
        if (known.isEmpty()) {
            return peer;
        }
        IpAddress client = known.get();
        for (String element : ForwardingHeader.lastFirst(lines, MOST_HOPS)) {
            Optional<IpAddress> before = header.addressIn(element);
            if (before.isEmpty() || !isTrusted(client)) {
                break;
            }
            client = before.get();
        }
        return client.toString();
    }

    /** {@return the name of the one header that is read} */
    public String headerName() {
        return header.fieldName();
    }

    private boolean isTrusted(IpAddress address) {
        return networks.stream().anyMatch(network -> network.contains(address));
    }

    private static TrustedProxies of(ForwardingHeader header, String... networks) {
        if (networks.length == 0) {
            throw new IllegalArgumentException("name at least one network, or use none()");
        }
        return new TrustedProxies(
                header, Stream.of(networks).map(IpNetwork::parse).toList());
    }
}
