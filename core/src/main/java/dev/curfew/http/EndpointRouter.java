package dev.curfew.http;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint for a path, for hosts without a router of their own. Thread-safe.
 *
 * <p>Paths are compared as they are written, so that no two spellings of a path are one. The path of the sessions with
 * a slash behind it is that of a session with an empty id, and never "all others".
 */
public final class EndpointRouter {
    private final SessionEndpoints endpoints;
    private final String contextPath;
    private final String logoutPath;
    private final String refreshPath;
    private final String sessionsPath;

    private EndpointRouter(Builder builder) {
        this.endpoints = builder.endpoints;
        this.contextPath = builder.contextPath;
        this.logoutPath = builder.logoutPath;
        this.refreshPath = builder.refreshPath;
        this.sessionsPath = builder.sessionsPath;
    }

    /**
     * Routes to the default paths.
     *
     * @param endpoints what to call
     * @return the router
     */
    public static EndpointRouter of(SessionEndpoints endpoints) {
        return builder(endpoints).build();
    }

    /**
     * Starts a router.
     *
     * @param endpoints what to call
     * @return a builder
     */
    public static Builder builder(SessionEndpoints endpoints) {
        return new Builder(endpoints);
    }

    /**
     * Calls the endpoint of a path, if there is one. An unknown method is answered with 405.
     *
     * @param target the path as it was received, not decoded, with the context path; what follows a question mark is
     *     read as the query
     * @param request what was received; its path id is set here
     * @return the answer, or nothing if the path is not one of these
     */
    public Optional<EndpointResponse> route(String target, EndpointRequest request) {
        RequestTarget own = own(target);
        if (own == null) {
            return Optional.empty();
        }
        String path = own.path();
        if (path.equals(logoutPath)) {
            return Optional.of(endpoints.logout(request));
        }
        if (path.equals(refreshPath)) {
            return Optional.of(endpoints.refresh(request));
        }
        if (path.equals(sessionsPath)) {
            return Optional.of(collection(request, own.query()));
        }
        // No session has an empty id, so a broken escape is answered as any unknown id, without asking the store.
        String id = PercentEncoding.decode(path.substring(sessionsPath.length() + 1))
                .orElse("");
        EndpointRequest one = request.toBuilder().pathId(id).build();
        return Optional.of(
                request.method().equals("PATCH") ? endpoints.renameSession(one) : endpoints.revokeSession(one));
    }

    /** Whether {@link #route} answers, whatever the method is. */
    boolean isEndpoint(String target) {
        return own(target) != null;
    }

    String contextPath() {
        return contextPath;
    }

    /** The target below the context path if an endpoint has its path, else null. */
    private @Nullable RequestTarget own(String target) {
        return RequestTarget.of(target)
                .below(contextPath)
                .filter(own -> isPathOfEndpoint(own.path()))
                .orElse(null);
    }

    private boolean isPathOfEndpoint(String path) {
        String prefix = sessionsPath + "/";
        return path.equals(logoutPath)
                || path.equals(refreshPath) && endpoints.hasRefresh()
                || path.equals(sessionsPath)
                || path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0;
    }

    private EndpointResponse collection(EndpointRequest request, String query) {
        return request.method().equals("DELETE")
                ? endpoints.revokeOtherSessions(request)
                : endpoints.listSessions(withQuery(request, query));
    }

    private static EndpointRequest withQuery(EndpointRequest request, String query) {
        EndpointRequest.Builder builder = request.toBuilder();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                // The parameters that are read need no escapes: whatever has any is not one of them.
                builder.queryParameter(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return builder.build();
    }

    /** The paths of an {@link EndpointRouter}. Confined to one thread. */
    public static final class Builder {
        private final SessionEndpoints endpoints;
        private String contextPath = "";
        private String logoutPath = "/api/v1/auth/logout";
        private String refreshPath = "/api/v1/auth/refresh";
        private String sessionsPath = "/api/auth/sessions";

        private Builder(SessionEndpoints endpoints) {
            this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
        }

        /**
         * Sets what stands in front of all paths, and is not part of them. Nothing outside of it is an endpoint's.
         *
         * @param value such as {@code /shop}, as requests have it; empty by default
         * @return this
         * @throws IllegalArgumentException if it does not begin with a slash, ends with one, or has an escape
         */
        public Builder contextPath(String value) {
            this.contextPath = PlainPath.requireContextPath(value);
            return this;
        }

        /**
         * Sets the path to log out.
         *
         * @param value {@code /api/v1/auth/logout} by default
         * @return this
         */
        public Builder logoutPath(String value) {
            this.logoutPath = requirePath(value);
            return this;
        }

        /**
         * Sets the path to refresh, which is one only if the endpoints have a {@link SessionEndpoints#refresh}.
         *
         * @param value {@code /api/v1/auth/refresh} by default
         * @return this
         */
        public Builder refreshPath(String value) {
            this.refreshPath = requirePath(value);
            return this;
        }

        /**
         * Sets the path of the sessions; a session's own is this one, a slash and its id.
         *
         * @param value {@code /api/auth/sessions} by default
         * @return this
         */
        public Builder sessionsPath(String value) {
            this.sessionsPath = requirePath(value);
            return this;
        }

        /**
         * Makes the router.
         *
         * @return the router
         * @throws IllegalStateException if two paths are the same
         */
        public EndpointRouter build() {
            requireDifferent("logoutPath", logoutPath, "sessionsPath", sessionsPath);
            if (endpoints.hasRefresh()) {
                requireDifferent("logoutPath", logoutPath, "refreshPath", refreshPath);
                requireDifferent("refreshPath", refreshPath, "sessionsPath", sessionsPath);
            }
            return new EndpointRouter(this);
        }

        private static void requireDifferent(String name, String path, String otherName, String other) {
            if (path.equals(other)) {
                throw new IllegalStateException(name + " and " + otherName + " must differ, and are both " + path);
            }
        }

        private static String requirePath(String path) {
            if (!path.startsWith("/") || path.length() == 1 || path.endsWith("/") || path.indexOf('?') >= 0) {
                throw new IllegalArgumentException(
                        "a path must start with /, not end with it, and have no query, and is \""
                                + HttpText.harmless(path, 100) + "\"");
            }
            return path;
        }
    }
}
