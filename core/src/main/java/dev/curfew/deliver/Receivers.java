package dev.curfew.deliver;

import dev.curfew.deliver.OutgoingException.Reason;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whom a host allows to be asked, by the exact host and port of an address. Immutable. */
final class Receivers {
    private static final int HTTPS = 443;

    private final Map<String, Receiver> byAuthority;

    private Receivers(Map<String, Receiver> byAuthority) {
        this.byAuthority = Map.copyOf(byAuthority);
    }

    static Receivers of(List<String> hosts, Set<String> privateHosts) {
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("to(hosts): name at least one host that may be asked");
        }
        Set<String> inside = new HashSet<>();
        privateHosts.forEach(name -> inside.add(name.toLowerCase(Locale.ROOT)));
        Map<String, Receiver> receivers = new HashMap<>();
        Set<String> names = new HashSet<>();
        for (String host : hosts) {
            URI uri = parse(host);
            String name = uri.getHost().toLowerCase(Locale.ROOT);
            names.add(name);
            receivers.put(authority(name, uri.getPort()), new Receiver(name, inside.contains(name)));
        }
        inside.removeAll(names);
        if (!inside.isEmpty()) {
            throw new IllegalArgumentException(
                    "privateHost(name): " + inside + " is none of the hosts of to(…); write it without its port");
        }
        return new Receivers(receivers);
    }

    /**
     * The receiver that an address names.
     *
     * @throws OutgoingException if it may not be asked
     */
    Receiver require(URI uri) {
        if (!"https".equalsIgnoreCase(uri.getScheme())) {
            throw notAllowed("the address is not of https");
        }
        String host = uri.getHost();
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw notAllowed("the address is not https://host/path, without user, password and fragment");
        }
        Receiver receiver = byAuthority.get(authority(host.toLowerCase(Locale.ROOT), uri.getPort()));
        if (receiver == null) {
            throw notAllowed("its host and port are none of those that OutgoingHttp.to(…) names");
        }
        return receiver;
    }

    private static URI parse(@Nullable String host) {
        try {
            URI uri = URI.create("https://" + host);
            boolean plain = uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawPath().isEmpty()
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && uri.getPort() != 0;
            if (plain) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // As below.
        }
        throw new IllegalArgumentException("to(hosts): \"" + host + "\" is neither a host nor host:port");
    }

    private static String authority(String host, int port) {
        return host + ":" + (port == -1 ? HTTPS : port);
    }

    private static OutgoingException notAllowed(String detail) {
        return new OutgoingException(Reason.NOT_ALLOWED, detail, null);
    }
}
