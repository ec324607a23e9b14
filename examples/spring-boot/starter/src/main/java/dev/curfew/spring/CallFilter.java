package dev.curfew.spring;

import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.session.CurfewException;
import dev.curfew.token.ReauthenticationRequiredException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Stands in front of everything: opens the request's context, so that events of what it does can be found in the
 * host's logs, and answers what of Curfew's the host's own code has let through: 503 for an outage, a challenge for
 * a demand of another proof. Thread-safe.
 */
final class CallFilter extends OncePerRequestFilter {
    /** Where Micrometer Tracing writes it for the logs. */
    private static final String TRACE = "traceId";

    private static final int MOST_CAUSES = 20;

    private static final Pattern KEPT = Pattern.compile(
            "(?i)Access-Control-.*|Vary|X-Content-Type-Options|X-Frame-Options|X-XSS-Protection|Referrer-Policy"
                    + "|Strict-Transport-Security|Content-Security-Policy|Permissions-Policy|Cross-Origin-.*");

    private final HostRequests requests;

    CallFilter(HostRequests requests) {
        this.requests = requests;
    }

    /** What a controller's {@code Callable} or future ended with is thrown in a dispatch of its own. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest in, HttpServletResponse out, FilterChain chain)
            throws ServletException, IOException {
        if (!ServletCalls.isBelowContext(in)) {
            // Another spelling, such as //shop, at which Spring would fail: for Curfew it is outside in any case.
            out.setStatus(HttpServletResponse.SC_BAD_REQUEST);
            return;
        }
        EndpointRequest head = ServletCalls.head(in);
        RequestContext.Scope scope = context(head).open();
        try {
            chain.doFilter(in, out);
        } catch (ServletException | RuntimeException e) {
            EndpointResponse answer = answer(head, e);
            if (answer == null || out.isCommitted()) {
                throw e;
            }
            resetBody(out);
            ServletCalls.write(answer, out);
        } finally {
            scope.close();
        }
    }

    /** Without those of CORS a page could not read the answer, and without those of security it would be less safe. */
    private static void resetBody(HttpServletResponse out) {
        Map<String, List<String>> kept = new LinkedHashMap<>();
        for (String name : out.getHeaderNames()) {
            if (KEPT.matcher(name).matches()) {
                kept.put(name, List.copyOf(out.getHeaders(name)));
            }
        }
        out.reset();
        kept.forEach((name, values) -> values.forEach(value -> out.addHeader(name, value)));
    }

    private static RequestContext context(EndpointRequest head) {
        RequestContext context = head.context();
        return Optional.ofNullable(MDC.get(TRACE))
                .map(context::withCorrelationId)
                .orElse(context);
    }

    /** What is to be answered, however it was wrapped; everything else is the host's, and null here. */
    private @Nullable EndpointResponse answer(EndpointRequest head, Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < MOST_CAUSES; i++) {
            if (cause instanceof NoCallerException nobody) {
                return nobody.answer();
            }
            if (cause instanceof CurfewException failure
                    && (failure.isRetryable() || failure instanceof ReauthenticationRequiredException)) {
                return requests.endpoints().failed(head, failure);
            }
            cause = cause.getCause();
        }
        return null;
    }
}
