package dev.curfew.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IP address, read from a literal and from nothing else, so that no text of a client is ever looked up in the DNS.
 * Immutable.
 *
 * <p>An IPv4 address that is written as an IPv6 one is the IPv4 address. A zone, which means something on one machine
 * only, is dropped. Reading takes time in proportion to the text, of which no more than 64 characters are looked at.
 */
final class IpAddress {
    private static final int LONGEST = 64;
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;
    private static final int V6_NETWORK_BYTES = 8;

    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Reads a literal without brackets or port; nothing if it is none. */
    static Optional<IpAddress> parse(String literal) {
        if (literal.length() > LONGEST) {
            return Optional.empty();
        }
        if (literal.indexOf(':') < 0) {
            byte[] v4 = new byte[V4_BYTES];
            return readV4(literal, v4, 0) ? Optional.of(new IpAddress(v4)) : Optional.empty();
        }
        int zone = literal.indexOf('%');
        byte[] v6 = new byte[V6_BYTES];
        if (!readV6(zone < 0 ? literal : literal.substring(0, zone), v6)) {
            return Optional.empty();
        }
        return Optional.of(new IpAddress(isMappedV4(v6) ? Arrays.copyOfRange(v6, V6_BYTES - V4_BYTES, V6_BYTES) : v6));
    }

    int bits() {
        return bytes.length * Byte.SIZE;
    }

    /** Whether both are of the same family and their first bits are the same. */
    boolean agreesWith(IpAddress other, int prefix) {
        if (bytes.length != other.bytes.length) {
            return false;
        }
        int whole = prefix / Byte.SIZE;
        if (Arrays.mismatch(bytes, 0, whole, other.bytes, 0, whole) >= 0) {
            return false;
        }
        int rest = prefix % Byte.SIZE;
        return rest == 0
                || (bytes[whole] & 0xFF) >> Byte.SIZE - rest == (other.bytes[whole] & 0xFF) >> Byte.SIZE - rest;
    }

    /** The address with all bits behind the prefix zero. */
    IpAddress masked(int prefix) {
        byte[] masked = new byte[bytes.length];
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            masked[bit / Byte.SIZE] |= (byte) (bytes[bit / Byte.SIZE] & mask);
        }
        return new IpAddress(masked);
    }

    /**
     * Whom calls are counted for: an IPv4 address, or the /64 of an IPv6 one, which is what one customer has at least.
     */
    String network() {
        return bytes.length == V4_BYTES ? toString() : masked(V6_NETWORK_BYTES * Byte.SIZE) + "/64";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The literal as the JDK writes it. */
    @Override
    public String toString() {
        try {
            return InetAddress.getByAddress(bytes).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    /** Four decimal numbers without leading zeros, because some read those as octal. */
    private static boolean readV4(String text, byte[] out, int at) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != V4_BYTES) {
            return false;
        }
        for (int i = 0; i < V4_BYTES; i++) {
            int octet = number(parts[i], 10, 3);
            if (octet < 0 || octet > 0xFF || parts[i].length() > 1 && parts[i].charAt(0) == '0') {
                return false;
            }
            out[at + i] = (byte) octet;
        }
        return true;
    }

    /** RFC 4291 section 2.2: eight groups, of which one run of zeros may be left out, the last two perhaps as IPv4. */
    private static boolean readV6(String text, byte[] out) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            return readGroups(text, out, 0) == V6_BYTES;
        }
        byte[] tail = new byte[V6_BYTES];
        int before = gap == 0 ? 0 : readGroups(text.substring(0, gap), out, 0);
        String after = text.substring(gap + 2);
        int behind = after.isEmpty() ? 0 : readGroups(after, tail, 0);
        if (before < 0
                || behind < 0
                || before + behind > V6_BYTES - 2
                || before > 0 && text.lastIndexOf('.', gap) >= 0) {
            return false;
        }
        System.arraycopy(tail, 0, out, V6_BYTES - behind, behind);
        return true;
    }

    /** How many bytes were read, or -1. */
    private static int readGroups(String text, byte[] out, int start) {
        String[] groups = text.split(":", -1);
        int at = start;
        for (int i = 0; i < groups.length; i++) {
            boolean isV4 = i == groups.length - 1 && groups[i].indexOf('.') >= 0;
            int size = isV4 ? V4_BYTES : 2;
            if (at + size > V6_BYTES) {
                return -1;
            }
            if (isV4) {
                if (!readV4(groups[i], out, at)) {
                    return -1;
                }
            } else {
                int group = number(groups[i], 16, 4);
                if (group < 0) {
                    return -1;
                }
                out[at] = (byte) (group >> Byte.SIZE);
                out[at + 1] = (byte) group;
            }
            at += size;
        }
        return at;
    }

    /** ASCII digits only; -1 for anything else. */
    private static int number(String digits, int radix, int most) {
        if (digits.isEmpty() || digits.length() > most) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            int digit = c < 0x7F ? Character.digit(c, radix) : -1;
            if (digit < 0) {
                return -1;
            }
            number = number * radix + digit;
        }
        return number;
    }

    private static boolean isMappedV4(byte[] v6) {
        for (int i = 0; i < 10; i++) {
            if (v6[i] != 0) {
                return false;
            }
        }
        return v6[10] == (byte) 0xFF && v6[11] == (byte) 0xFF;
    }
}
