package dev.curfew.spring;

import dev.curfew.http.AuthenticationResult;
import dev.curfew.token.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Finds out who calls. Who is nobody goes on as nobody, so that a login works with a dead cookie; {@link
 * CallerEntryPoint} answers where that is not enough. Thread-safe.
 */
final class CallerAuthenticationFilter extends OncePerRequestFilter {
    private final HostRequests requests;
    private final CallerAuthorities authorities;
    private final @Nullable String cookie;

    /** So that dispatches of the same request know it too, and no session of the container is made. */
    private final RequestAttributeSecurityContextRepository contexts = new RequestAttributeSecurityContextRepository();

    CallerAuthenticationFilter(HostRequests requests, CallerAuthorities authorities, @Nullable String cookie) {
        this.requests = requests;
        this.authorities = authorities;
        this.cookie = cookie;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest in, HttpServletResponse out, FilterChain chain)
            throws ServletException, IOException {
        if (SecurityContextHolder.getContext().getAuthentication() instanceof CallerAuthentication) {
            // Of an earlier request, kept by a host's own repository of contexts: who calls is found out each time.
            SecurityContextHolder.clearContext();
        }
        if (hasCredential(in)) {
            AuthenticationResult result = requests.endpoints().authentication().authenticate(ServletCalls.head(in));
            if (result instanceof AuthenticationResult.Authenticated authenticated) {
                authenticated(in, out, authenticated.caller());
            } else {
                HostRequests.refused(in, ((AuthenticationResult.Refused) result).response());
            }
        }
        chain.doFilter(in, out);
    }

    private void authenticated(HttpServletRequest in, HttpServletResponse out, Caller caller) {
        HostRequests.passed(in, caller);
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new CallerAuthentication(caller, authorities.of(caller)));
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, in, out);
    }

    /** Who sends none is not counted among those who send bad ones. */
    private boolean hasCredential(HttpServletRequest in) {
        if (in.getHeader("Authorization") != null) {
            return true;
        }
        Cookie[] cookies = in.getCookies();
        if (cookies == null || cookies.length == 0) {
            return false;
        }
        // Without the bean, the endpoints may still have a cookie by a customizer: they know it, and are asked.
        return cookie == null
                || Arrays.stream(cookies).anyMatch(one -> one.getName().equals(cookie));
    }
}
