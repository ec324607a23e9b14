package dev.curfew.suspicion;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** What counts as one place: an IPv4 address, or the /64 of an IPv6 address, all of which one client can have. */
final class ClientNetwork {
    private static final int NETWORK_BYTES = 8;

    /** Strict on purpose: a text that is not a literal would be looked up in the DNS. One with a colon never is. */
    private static final Pattern LITERAL =
            Pattern.compile("(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)){3}"
                    + "|(?=[^:]*:)[0-9A-Fa-f:.]{2,45}");

    private ClientNetwork() {}

    /** Nothing for what is no address. An IPv4 address in IPv6 form is that IPv4 address. */
    static Optional<String> of(String literal) {
        if (!LITERAL.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress address = InetAddress.getByName(literal);
            byte[] bytes = address.getAddress();
            return Optional.of(HexFormat.of()
                    .formatHex(address instanceof Inet4Address ? bytes : Arrays.copyOf(bytes, NETWORK_BYTES)));
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
