package dev.curfew.examples.servlet;

import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.RequestFilter;
import dev.curfew.session.CurfewException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;

/** Stands in front of all servlets: what passes has a caller, or is open to everybody. Thread-safe. */
final class CurfewFilter extends HttpFilter {
    /** The attributes in which servlets find who calls, if anybody does, and the request as Curfew reads it. */
    static final String CALLER = "curfew.caller";

    static final String REQUEST = "curfew.request";
    private static final long serialVersionUID = 1L;

    private final transient RequestFilter filter;

    CurfewFilter(RequestFilter filter) {
        this.filter = filter;
    }

    @Override
    protected void doFilter(HttpServletRequest in, HttpServletResponse out, FilterChain chain)
            throws IOException, ServletException {
        EndpointRequest request = read(in);
        FilterResult result = filter.filter(target(in), request);
        if (result instanceof FilterResult.Answered answered) {
            write(answered.response(), out);
        } else if (result instanceof FilterResult.Passed passed) {
            in.setAttribute(REQUEST, request);
            in.setAttribute(CALLER, passed.caller().orElse(null));
            RequestContext.Scope scope = passed.context().open();
            try {
                chain.doFilter(in, out);
            } catch (CurfewException e) {
                write(filter.endpoints().failed(request, e), out);
            } finally {
                scope.close();
            }
        }
    }

    /** As it was received: a servlet path is decoded, and may be another one. */
    private static String target(HttpServletRequest in) {
        return in.getQueryString() == null ? in.getRequestURI() : in.getRequestURI() + "?" + in.getQueryString();
    }

    /** The body is read for Curfew's endpoints only: any other is the servlet's. */
    private EndpointRequest read(HttpServletRequest in) throws IOException {
        EndpointRequest.Builder request = EndpointRequest.of(in.getMethod())
                .headers(Collections.list(in.getHeaderNames()), name -> Collections.list(in.getHeaders(name)))
                .clientAddress(in.getRemoteAddr())
                .secure(in.isSecure());
        if (filter.isEndpoint(target(in))) {
            request.body(in.getInputStream(), filter.endpoints().maxBodyBytes());
        }
        return request.build();
    }

    private static void write(EndpointResponse answer, HttpServletResponse out) throws IOException {
        answer.writeHead(out::setStatus, out::setHeader, out::addHeader);
        out.getOutputStream().write(answer.body());
    }
}
