package dev.curfew.spring;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

/** Turns what the servlet container received into a value, and a value into what it sends. */
final class ServletCalls {
    /** No path, so that it is neither open nor an endpoint. */
    private static final String OUTSIDE = "*";

    private ServletCalls() {}

    /**
     * Whether the path lies below the context path, both as this very request has them: a gateway's {@code
     * X-Forwarded-Prefix} is in both or in neither.
     */
    static boolean isBelowContext(HttpServletRequest in) {
        return in.getRequestURI().startsWith(in.getContextPath());
    }

    /** What Spring looks up, not decoded, below the request's own context path, with the query. */
    static String target(HttpServletRequest in) {
        if (!isBelowContext(in)) {
            return OUTSIDE;
        }
        String path = in.getRequestURI().substring(in.getContextPath().length());
        String query = in.getQueryString();
        return query == null ? path : path + "?" + query;
    }

    /** All but the body, which stays the host's to read. */
    static EndpointRequest head(HttpServletRequest in) {
        return builder(in).build();
    }

    static EndpointRequest whole(HttpServletRequest in, int maxBodyBytes) throws IOException {
        return builder(in).body(in.getInputStream(), maxBodyBytes).build();
    }

    private static EndpointRequest.Builder builder(HttpServletRequest in) {
        EndpointRequest.Builder request = EndpointRequest.of(in.getMethod())
                .clientAddress(in.getRemoteAddr())
                .secure(in.isSecure());
        for (String name : Collections.list(in.getHeaderNames())) {
            Collections.list(in.getHeaders(name)).forEach(value -> request.header(name, value));
        }
        return request;
    }

    static void write(EndpointResponse answer, HttpServletResponse out) throws IOException {
        out.setStatus(answer.status());
        answer.headers().forEach(header -> out.addHeader(header.name(), header.value()));
        byte[] body = answer.body();
        if (body.length > 0) {
            out.setContentLength(body.length);
            out.getOutputStream().write(body);
        }
        out.flushBuffer();
    }
}
