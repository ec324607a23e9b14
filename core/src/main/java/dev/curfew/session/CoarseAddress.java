package dev.curfew.session;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The network of an address literal: /24 for IPv4, /48 for IPv6. */
final class CoarseAddress {
    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    /** Strict on purpose: a text that is not a literal would be looked up in the DNS. */
    private static final Pattern IPV4 = Pattern.compile(OCTET + "(?:\\." + OCTET + "){3}");

    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{1,39}(?:" + IPV4 + ")?");

    private CoarseAddress() {}

    static String of(String literal) {
        if (!IPV4.matcher(literal).matches() && !IPV6.matcher(literal).matches()) {
            return "";
        }
        try {
            InetAddress address = InetAddress.getByName(literal);
            byte[] bytes = address.getAddress();
            boolean v4 = address instanceof Inet4Address;
            int kept = v4 ? 3 : 6;
            Arrays.fill(bytes, kept, bytes.length, (byte) 0);
            String network = InetAddress.getByAddress(bytes).getHostAddress();
            return v4 ? network + "/24" : network.replaceFirst("(?::0)+$", "::") + "/48";
        } catch (UnknownHostException e) {
            return "";
        }
    }
}
