package dev.curfew.http;

import dev.curfew.event.RequestContext;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds out under which name a call is known: the host's, if it has opened a scope with one, else that of its trace,
 * else the one that a header gives it, else a new one. A header that is not valid is as if it had not come. A client
 * may choose these headers: a correlation id helps to find a call, and proves nothing.
 */
final class CallContext {
    /**
     * W3C Trace Context, section 3.2: version, trace, parent and flags; what a later version appends follows a hyphen.
     */
    private static final Pattern TRACEPARENT =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");

    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_PARENT = "0".repeat(16);

    private CallContext() {}

    static RequestContext of(EndpointRequest request) {
        RequestContext hosts = RequestContext.current();
        RequestContext context = request.clientAddress().map(hosts::withAddress).orElse(hosts);
        if (context.correlationId().isPresent()) {
            return context;
        }
        RequestContext named = traceId(request)
                .or(() -> onlyValue(request, "X-Request-Id"))
                .map(context::withCorrelationId)
                .orElse(context);
        return named.correlationId().isPresent() ? named : context.withCorrelationId(random());
    }

    private static Optional<String> traceId(EndpointRequest request) {
        return onlyValue(request, "traceparent")
                .map(TRACEPARENT::matcher)
                .filter(Matcher::matches)
                .filter(CallContext::isTrace)
                .map(parent -> parent.group(2));
    }

    private static boolean isTrace(Matcher parent) {
        String version = parent.group(1);
        return !version.equals("ff")
                && (parent.group(4) == null || !version.equals("00"))
                && !parent.group(2).equals(NO_TRACE)
                && !parent.group(3).equals(NO_PARENT);
    }

    private static Optional<String> onlyValue(EndpointRequest request, String header) {
        List<String> values = request.headers(header);
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }

    /** As long as a trace id. Nobody gains by guessing it. */
    private static String random() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
    }
}
