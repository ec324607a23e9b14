package dev.curfew.http;

import dev.curfew.event.RequestContext;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a host's filter does with each request: the endpoints answer theirs, open paths pass without a credential, and
 * everything else passes only with a caller. Thread-safe; one for each application, in front of all that the host
 * serves.
 *
 * <p><b>What is not said to be open demands a caller</b>, be it a path that does not exist, another spelling of an open
 * path, a target outside of the context path, or {@code *}. An open path is compared as it is written: one with an
 * escape, a dot segment, a semicolon, a backslash or an empty segment is never open, because the framework behind may
 * find another resource by it.
 *
 * <p>The filter stands in front of whatever else answers by itself: a framework's own check of tokens would refuse an
 * expired token before a logout could end its session. Only what must work for strangers comes before it, such as the
 * answer to a CORS preflight.
 */
public final class RequestFilter {
    private final SessionEndpoints endpoints;
    private final BearerAuthentication authentication;
    private final EndpointRouter router;
    private final OpenPaths open;

    private RequestFilter(Builder builder) {
        this.endpoints = builder.endpoints;
        this.authentication = endpoints.authentication();
        this.router = builder.router.build();
        this.open = new OpenPaths(builder.exact, builder.prefixes);
    }

    /**
     * Starts a filter to which nothing is open.
     *
     * @param endpoints that answer what is theirs, and know who calls
     * @return a builder
     */
    public static Builder builder(SessionEndpoints endpoints) {
        return new Builder(endpoints);
    }

    /** {@return the endpoints that answer what is theirs} */
    public SessionEndpoints endpoints() {
        return endpoints;
    }

    /**
     * Whether the endpoints answer a target, so that its body is theirs to read and no one else's:
     * {@link EndpointRequest.Builder#body(java.io.InputStream, int)}. Costs no look-up.
     *
     * @param target as for {@link #filter}
     * @return false for whatever is left to the host
     */
    public boolean isEndpoint(String target) {
        return router.isEndpoint(target);
    }

    /**
     * Answers a request, or lets it pass. Costs what the endpoint costs, or
     * {@link BearerAuthentication#authenticate}; nothing where the path is open and no credential came. Never throws
     * for anything that a client or an outage can cause. What passes with a caller is a sign of life of its session.
     *
     * <p>On an open path a bad credential is as if none had come, and so is one that nobody can judge during an outage:
     * people must be able to log in with a dead cookie.
     *
     * @param target the path as it was received, not decoded, with the context path; what follows a question mark is
     *     read as the query
     * @param request what was received; the body is needed only where {@link #isEndpoint} says so
     * @return what to write, or with whom to go on
     */
    public FilterResult filter(String target, EndpointRequest request) {
        RequestContext context = CallContext.of(request);
        RequestContext.Scope scope = context.open();
        try {
            Optional<EndpointResponse> answer = router.route(target, request);
            if (answer.isPresent()) {
                return new FilterResult.Answered(answer.get());
            }
            return isOpen(target, request)
                    ? new FilterResult.Passed(authentication.findCaller(request), context)
                    : result(authentication.authenticate(request), context);
        } finally {
            scope.close();
        }
    }

    /**
     * Filters without waiting, for event loops: answers what {@link #filter} would, if this node can say it from its
     * own memory, and nothing if a worker has to ask. Nothing passes here that would not pass there.
     *
     * <p>A worker has to call {@link #filter} for all that {@link #isEndpoint} is true of, since the endpoints ask the
     * store: one to three round trips, each bounded by the store's timeout, which is 2 seconds by default. It has to
     * for other targets where {@link BearerAuthentication#authenticateNow} says nothing, whose documentation lists when
     * and for how long that waits.
     *
     * @param target as for {@link #filter}
     * @param request what was received; no body is needed
     * @return what to write, or with whom to go on; nothing if {@link #filter} is to be asked on a worker
     */
    public Optional<FilterResult> filterNow(String target, EndpointRequest request) {
        if (router.isEndpoint(target)) {
            return Optional.empty();
        }
        RequestContext context = CallContext.of(request);
        RequestContext.Scope scope = context.open();
        try {
            return isOpen(target, request)
                    ? authentication.findCallerNow(request).map(caller -> new FilterResult.Passed(caller, context))
                    : authentication.authenticateNow(request).map(result -> result(result, context));
        } finally {
            scope.close();
        }
    }

    private boolean isOpen(String target, EndpointRequest request) {
        return RequestTarget.of(target)
                .below(router.contextPath())
                .filter(own -> open.isOpen(request.method(), own.path()))
                .isPresent();
    }

    private static FilterResult result(AuthenticationResult result, RequestContext context) {
        return result instanceof AuthenticationResult.Authenticated authenticated
                ? new FilterResult.Passed(Optional.of(authenticated.caller()), context)
                : new FilterResult.Answered(((AuthenticationResult.Refused) result).response());
    }

    /**
     * What is open to everybody, and where the endpoints are. Confined to one thread.
     *
     * <p>Paths are written as requests have them below the context path, and without escapes.
     */
    public static final class Builder {
        private final SessionEndpoints endpoints;
        private final EndpointRouter.Builder router;
        private final Set<String> exact = new LinkedHashSet<>();
        private final Set<String> prefixes = new LinkedHashSet<>();

        private Builder(SessionEndpoints endpoints) {
            this.endpoints = Objects.requireNonNull(endpoints, "endpoints");
            this.router = EndpointRouter.builder(endpoints);
        }

        /**
         * Sets what stands in front of all paths of this application, its endpoints' included.
         *
         * @param value such as {@code /shop}; empty by default
         * @return this
         * @throws IllegalArgumentException if it does not begin with a slash, ends with one, or has an escape
         */
        public Builder contextPath(String value) {
            router.contextPath(value);
            return this;
        }

        /**
         * Sets the paths of the endpoints, which are the default ones of {@link EndpointRouter} otherwise.
         *
         * @param paths gets the builder of the router that this filter asks
         * @return this
         */
        public Builder endpointPaths(Consumer<EndpointRouter.Builder> paths) {
            paths.accept(router);
            return this;
        }

        /**
         * Opens a path to everybody, for reading: {@code GET} and {@code HEAD}.
         *
         * @param path exactly as requests have it
         * @return this
         * @throws IllegalArgumentException if it does not begin with a slash, or has an escape, a dot segment, an empty
         *     segment or a query
         */
        public Builder open(String path) {
            return open("GET", path);
        }

        /**
         * Opens a path to everybody, for one method; {@code GET} opens {@code HEAD} too. With a credential cookie, the
         * host has to see by itself that no other site has sent the request.
         *
         * @param method case-sensitive
         * @param path exactly as requests have it
         * @return this
         * @throws IllegalArgumentException as {@link #open(String)}, or if the method is none
         */
        public Builder open(String method, String path) {
            if (!HttpText.isToken(method)) {
                throw new IllegalArgumentException("open(\"" + method + "\", …): say a method, such as \"POST\"");
            }
            exact.add(OpenPaths.entry(method, requirePlain("open", path)));
            return this;
        }

        /**
         * Opens all that lies below a folder to everybody, for reading: {@code GET} and {@code HEAD}. The folder itself
         * is not open.
         *
         * @param folder begins and ends with a slash, such as {@code /assets/}
         * @return this
         * @throws IllegalArgumentException as {@link #open(String)}, or if it does not end with a slash, or is the root
         */
        public Builder openBelow(String folder) {
            if (!requirePlain("openBelow", folder).endsWith("/") || folder.length() == 1) {
                throw new IllegalArgumentException("openBelow(\"" + folder
                        + "\"): say a folder with a slash at its end, such as \"/assets/\","
                        + " and not \"/\", which is all");
            }
            prefixes.add(folder);
            return this;
        }

        /**
         * Makes the filter.
         *
         * @return the filter
         * @throws IllegalStateException if two paths of the endpoints are the same
         */
        public RequestFilter build() {
            return new RequestFilter(this);
        }

        private static String requirePlain(String setting, String path) {
            if (!PlainPath.isPlain(path)) {
                throw new IllegalArgumentException(
                        setting + "(\"" + path + "\"): say a path below the context path, such as"
                                + " \"/login\": it begins with a slash, and has no escape, dot segment, empty segment,"
                                + " semicolon or query");
            }
            return path;
        }
    }
}
