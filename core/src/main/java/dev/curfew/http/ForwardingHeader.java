package dev.curfew.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A header to which each proxy appends whom it was called by. */
enum ForwardingHeader {
    /** RFC 7239. */
    FORWARDED("Forwarded") {
        @Override
        Optional<IpAddress> addressIn(String element) {
            if (element.indexOf('\\') >= 0) {
                return Optional.empty();
            }
            String found = null;
            for (String pair : split(element, ';')) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? "" : pair.substring(0, equals);
                if (!HttpText.isToken(name)) {
                    return Optional.empty();
                }
                if (name.toLowerCase(Locale.ROOT).equals("for")) {
                    if (found != null) {
                        return Optional.empty();
                    }
                    found = pair.substring(equals + 1);
                }
            }
            return found == null ? Optional.empty() : node(unquoted(found));
        }
    },
    /** As it is usual, without a standard. */
    X_FORWARDED_FOR("X-Forwarded-For") {
        @Override
        Optional<IpAddress> addressIn(String element) {
            return node(element);
        }
    };

    private final String fieldName;

    ForwardingHeader(String fieldName) {
        this.fieldName = fieldName;
    }

    String fieldName() {
        return fieldName;
    }

    /**
     * Whom the proxy that wrote this element was called by; nothing if it does not say so, or in a way that is not
     * clear.
     */
    abstract Optional<IpAddress> addressIn(String element);

    /**
     * The elements of all lines, the last one in front, each without white space around it; an empty one is no address.
     */
    static List<String> lastFirst(List<String> lines, int most) {
        Deque<String> elements = new ArrayDeque<>();
        for (String line : lines) {
            for (String element : split(line, ',')) {
                elements.addFirst(element);
                if (elements.size() > most) {
                    elements.removeLast();
                }
            }
        }
        return List.copyOf(elements);
    }

    /**
     * Splits outside of quotes, which are counted from the end, so that a quote that a client left open cannot swallow
     * what a proxy appended. A backslash escapes nothing here: an element that has one is read as no address.
     */
    private static List<String> split(String text, char separator) {
        Deque<String> parts = new ArrayDeque<>();
        boolean isQuoted = false;
        int end = text.length();
        for (int i = text.length() - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == '"') {
                isQuoted = !isQuoted;
            } else if (c == separator && !isQuoted) {
                parts.addFirst(HttpText.trim(text.substring(i + 1, end)));
                end = i;
            }
        }
        parts.addFirst(HttpText.trim(text.substring(0, end)));
        return List.copyOf(parts);
    }

    private static String unquoted(String value) {
        boolean isQuoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return isQuoted ? value.substring(1, value.length() - 1) : value;
    }

    /** {@code 192.0.2.1}, {@code 192.0.2.1:4711}, {@code [2001:db8::1]:4711}, or an IPv6 address without brackets. */
    private static Optional<IpAddress> node(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            boolean isV6 = end > 0 && isPort(text.substring(end + 1)) && text.lastIndexOf(':', end) > 0;
            return isV6 ? IpAddress.parse(text.substring(1, end)) : Optional.empty();
        }
        int colon = text.indexOf(':');
        if (colon < 0 || colon != text.lastIndexOf(':')) {
            return IpAddress.parse(text);
        }
        return isPort(text.substring(colon)) ? IpAddress.parse(text.substring(0, colon)) : Optional.empty();
    }

    /** Nothing, or a colon and a number or what RFC 7239 calls an obfuscated port. */
    private static boolean isPort(String text) {
        if (text.isEmpty()) {
            return true;
        }
        String port = text.substring(1);
        boolean isNumber = port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean isObfuscated = port.startsWith("_") && HttpText.isToken(port);
        return text.charAt(0) == ':' && !port.isEmpty() && (isNumber || isObfuscated);
    }
}
