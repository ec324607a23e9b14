package dev.curfew.spring;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;

/** Answers who has to say who they are: 401 as the endpoints do, or 503 where nobody could find out. Thread-safe. */
final class CallerEntryPoint implements AuthenticationEntryPoint {
    private final HostRequests requests;

    CallerEntryPoint(HostRequests requests) {
        this.requests = requests;
    }

    @Override
    public void commence(HttpServletRequest in, HttpServletResponse out, AuthenticationException why)
            throws IOException {
        ServletCalls.write(requests.refusal(in), out);
    }
}
