package dev.curfew.spring;

import dev.curfew.http.RequestFilter;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.http.SessionEndpointsBuilder;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/** What the properties say about what is answered over HTTP. */
final class EndpointSettings {
    private static final Pattern OPEN = Pattern.compile("(?:([A-Z]+) )?(/\\S*)");
    /** Would be one for Spring Security, and a plain character for Curfew. */
    private static final Pattern PATTERN = Pattern.compile("[*{}?]");

    private static final String BELOW = "/**";

    private EndpointSettings() {}

    /**
     * What needs no caller.
     *
     * @param method or null for reading
     * @param path of a folder, with a slash at its end
     */
    record Open(@Nullable String method, String path, boolean isFolder) {
        /** As Spring writes it. */
        String pattern() {
            return isFolder ? path + "**" : path;
        }

        List<HttpMethod> methods() {
            return method == null || method.equals("GET")
                    ? List.of(HttpMethod.GET, HttpMethod.HEAD)
                    : List.of(HttpMethod.valueOf(method));
        }
    }

    static void apply(CurfewProperties.Http http, SessionEndpointsBuilder endpoints) {
        endpoints
                .profile(http.profile())
                .realmName(http.realmName())
                .allowedOrigins(http.allowedOrigins().toArray(String[]::new));
        if (http.problemTypes() != null) {
            endpoints.problemTypes(http.problemTypes());
        }
        if (http.demandProof() != null) {
            endpoints.demandProof(http.demandProof());
        }
    }

    static RequestFilter filter(SessionEndpoints endpoints, CurfewProperties.Http http) {
        return Guarded.make("The request filter", () -> {
            RequestFilter.Builder filter = RequestFilter.builder(endpoints)
                    .endpointPaths(paths -> paths.logoutPath(http.logoutPath())
                            .refreshPath(http.refreshPath())
                            .sessionsPath(http.sessionsPath()));
            for (Open open : open(http)) {
                if (open.isFolder()) {
                    filter.openBelow(open.path());
                } else {
                    filter.open(open.method() == null ? "GET" : open.method(), open.path());
                }
            }
            return filter.build();
        });
    }

    static List<Open> open(CurfewProperties.Http http) {
        return http.open().stream().map(EndpointSettings::open).toList();
    }

    private static Open open(String text) {
        Matcher matcher = OPEN.matcher(text.strip());
        boolean isFolder = text.strip().endsWith(BELOW);
        if (!matcher.matches()
                || PATTERN.matcher(
                                isFolder
                                        ? text.strip().substring(0, text.strip().length() - BELOW.length())
                                        : text)
                        .find()
                || isFolder && matcher.group(1) != null
                || matcher.group(2).equals(BELOW)) {
            throw CurfewStartException.property(
                    "curfew.http.open",
                    "'" + text + "' among others",
                    "entries such as '/hello' for reading, 'POST /login', or '/assets/**' for reading all below a"
                            + " folder");
        }
        String path = matcher.group(2);
        return new Open(
                matcher.group(1), isFolder ? path.substring(0, path.length() - BELOW.length() + 1) : path, isFolder);
    }
}
