package dev.curfew.spring;

import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.RequestFilter;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.token.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** What is known of a request between the filters, below its own context path. Thread-safe. */
final class HostRequests {
    private static final String CALLER = HostRequests.class.getName() + ".caller";
    private static final String REFUSAL = HostRequests.class.getName() + ".refusal";

    private final SessionEndpoints endpoints;
    private final RequestFilter filter;

    HostRequests(RequestFilter filter) {
        this.endpoints = filter.endpoints();
        this.filter = filter;
    }

    RequestFilter filter() {
        return filter;
    }

    SessionEndpoints endpoints() {
        return endpoints;
    }

    boolean isEndpoint(HttpServletRequest request) {
        return filter.isEndpoint(ServletCalls.target(request));
    }

    /** By the filter's own comparison, which knows no patterns; a credential makes no difference to it. */
    boolean isOpen(HttpServletRequest request) {
        return filter.filter(
                        ServletCalls.target(request),
                        EndpointRequest.of(request.getMethod()).build())
                instanceof FilterResult.Passed;
    }

    static void passed(HttpServletRequest request, Caller caller) {
        request.setAttribute(CALLER, caller);
    }

    static Optional<Caller> caller(HttpServletRequest request) {
        return Optional.ofNullable((Caller) request.getAttribute(CALLER));
    }

    static void refused(HttpServletRequest request, EndpointResponse answer) {
        request.setAttribute(REFUSAL, answer);
    }

    /** What a request without a caller is answered: what was found out before, else that it has no token. */
    EndpointResponse refusal(HttpServletRequest request) {
        Object known = request.getAttribute(REFUSAL);
        if (known instanceof EndpointResponse answer) {
            return answer;
        }
        if (endpoints.authentication().authenticate(ServletCalls.head(request))
                instanceof AuthenticationResult.Refused refused) {
            return refused.response();
        }
        throw new IllegalStateException("no filter of Curfew's has seen this request: add"
                + " .with(CurfewSecurity.curfew(), withDefaults()) to its SecurityFilterChain");
    }
}
