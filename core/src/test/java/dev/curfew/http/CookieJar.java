package dev.curfew.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** A browser's cookies as RFC 6265bis stores them, as far as setting and clearing go; no cookie is ever sent. */
final class CookieJar {
    private record Key(String name, String domain, boolean hostOnly, String path, boolean partitioned) {}

    private final Map<Key, String> cookies = new LinkedHashMap<>();
    private final String host;

    CookieJar(String host) {
        this.host = host;
    }

    /** Section 5.7, for a response over TLS to {@code https://host/api/v1/auth/logout}. */
    void receive(HeaderField setCookie) {
        String[] parts = setCookie.value().split(";", -1);
        String[] pair = parts[0].split("=", 2);
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] attribute = parts[i].strip().split("=", 2);
            attributes.put(attribute[0].toLowerCase(Locale.ROOT), attribute.length > 1 ? attribute[1] : "");
        }
        String domain = attributes.getOrDefault("domain", "");
        if (!domain.isEmpty() && !host.equals(domain) && !host.endsWith("." + domain)) {
            return;
        }
        boolean secure = attributes.containsKey("secure");
        boolean hostOnly = domain.isEmpty();
        String path = attributes.getOrDefault("path", "/api/v1/auth");
        String prefix = pair[0].toLowerCase(Locale.ROOT);
        boolean refused = prefix.startsWith("__secure-") && !secure
                || prefix.startsWith("__host-")
                        && (!secure
                                || !hostOnly
                                || !attributes.getOrDefault("path", "").equals("/"))
                || "none".equalsIgnoreCase(attributes.get("samesite")) && !secure
                || attributes.containsKey("partitioned") && !secure;
        if (refused) {
            return;
        }
        Key key = new Key(pair[0], hostOnly ? host : domain, hostOnly, path, attributes.containsKey("partitioned"));
        // Max-Age goes before Expires.
        if (Objects.equals(attributes.get("max-age"), "0")) {
            cookies.remove(key);
        } else {
            cookies.put(key, pair[1]);
        }
    }

    boolean isEmpty() {
        return cookies.isEmpty();
    }
}
