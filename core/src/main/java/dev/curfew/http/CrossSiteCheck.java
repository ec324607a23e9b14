package dev.curfew.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses calls that another site made a browser send with our cookie. Immutable.
 *
 * <p>{@code Sec-Fetch-Site} decides where there is one; older browsers are judged by {@code Origin}, else {@code
 * Referer}. A call with none of them is refused. {@code SameSite} is the cookie's second lock, not counted on here.
 */
final class CrossSiteCheck {
    private final Set<String> allowedOrigins;

    CrossSiteCheck(Set<String> allowedOrigins) {
        this.allowedOrigins = Set.copyOf(allowedOrigins);
    }

    /** Writes an origin as browsers do, or answers nothing if the text is not the address of a web page. */
    static Optional<String> originOf(String address) {
        try {
            URI uri = new URI(address);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            int defaultPort = scheme.equals("https") ? 443 : 80;
            if (uri.getHost() == null || !scheme.equals("https") && !scheme.equals("http")) {
                return Optional.empty();
            }
            boolean hasPort = uri.getPort() >= 0 && uri.getPort() != defaultPort;
            return Optional.of(
                    scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + (hasPort ? ":" + uri.getPort() : ""));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    void require(EndpointRequest request) throws Rejection {
        if (!isOurs(request)) {
            throw Rejection.of(ProblemType.CROSS_SITE);
        }
    }

    private boolean isOurs(EndpointRequest request) {
        List<String> sites = request.headers("Sec-Fetch-Site");
        List<String> origins = request.headers("Origin");
        if (!sites.isEmpty()) {
            return switch (only(sites)) {
                case "same-origin", "none" -> true;
                // A sister site may be anybody's, unless the host names it.
                case "same-site" -> allowedOrigins.contains(only(origins));
                default -> false;
            };
        }
        if (!origins.isEmpty()) {
            return allowedOrigins.contains(only(origins));
        }
        return originOf(only(request.headers("Referer")))
                .filter(allowedOrigins::contains)
                .isPresent();
    }

    private static String only(List<String> values) {
        return values.size() == 1 ? values.get(0) : "";
    }
}
