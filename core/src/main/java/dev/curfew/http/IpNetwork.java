package dev.curfew.http;

/**
 * A range of addresses in CIDR notation. Immutable.
 *
 * @param base its first address
 * @param prefix how many bits all of its addresses share
 */
record IpNetwork(IpAddress base, int prefix) {
    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or one address.
     *
     * @throws IllegalArgumentException for anything else, for bits behind the prefix, and for a network of all
     *     addresses
     */
    static IpNetwork parse(String text) {
        int slash = text.indexOf('/');
        IpAddress base = IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException(
                        "a network is written like 10.0.0.0/8 or 2001:db8::/32, not as a name: " + text));
        int prefix = slash < 0 ? base.bits() : prefixOf(text.substring(slash + 1));
        if (prefix < 1 || prefix > base.bits()) {
            throw new IllegalArgumentException("the prefix must be 1 to " + base.bits() + ": " + text);
        }
        if (!base.equals(base.masked(prefix))) {
            throw new IllegalArgumentException("bits are set behind the prefix: " + text);
        }
        return new IpNetwork(base, prefix);
    }

    boolean contains(IpAddress address) {
        return base.agreesWith(address, prefix);
    }

    private static int prefixOf(String digits) {
        boolean isNumber =
                !digits.isEmpty() && digits.length() <= 3 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return isNumber ? Integer.parseInt(digits) : -1;
    }
}
