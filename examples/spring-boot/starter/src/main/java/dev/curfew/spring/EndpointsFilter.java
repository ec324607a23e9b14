package dev.curfew.spring;

import dev.curfew.http.FilterResult;
import dev.curfew.http.RequestFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Answers what is Curfew's. Without Spring Security it also lets nobody else pass without a caller, but to what is
 * open. Thread-safe.
 */
final class EndpointsFilter extends OncePerRequestFilter {
    private final HostRequests requests;
    private final boolean guardsAll;

    EndpointsFilter(HostRequests requests, boolean guardsAll) {
        this.requests = requests;
        this.guardsAll = guardsAll;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest in, HttpServletResponse out, FilterChain chain)
            throws ServletException, IOException {
        RequestFilter filter = requests.filter();
        String target = ServletCalls.target(in);
        boolean isEndpoint = filter.isEndpoint(target);
        if (!isEndpoint && !guardsAll) {
            chain.doFilter(in, out);
            return;
        }
        int maxBody = requests.endpoints().maxBodyBytes();
        FilterResult result =
                filter.filter(target, isEndpoint ? ServletCalls.whole(in, maxBody) : ServletCalls.head(in));
        if (result instanceof FilterResult.Answered answered) {
            ServletCalls.write(answered.response(), out);
        } else {
            ((FilterResult.Passed) result).caller().ifPresent(caller -> HostRequests.passed(in, caller));
            chain.doFilter(in, out);
        }
    }
}
