package dev.curfew.spring;

import jakarta.servlet.ServletContext;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.MappingMatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.FilterInvocation;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.context.WebApplicationContext;

/**
 * Looks at the start whether the host's own chains reach every request: what none of them matches would be open to
 * everybody, and nothing in it says so.
 */
final class HostChains {
    static final String DEFAULT_CHAIN = "curfewDefaultChain";
    static final String ENDPOINT_CHAIN = "curfewEndpointChain";

    private static final Logger LOG = LoggerFactory.getLogger(HostChains.class);

    /** A page and a form. */
    private static final List<HttpMethod> METHODS = List.of(HttpMethod.GET, HttpMethod.POST);

    private HostChains() {}

    /** It is there unless the host has excluded Spring Boot's part and left Curfew's. */
    static HttpSecurity builder(ObjectProvider<HttpSecurity> found) {
        HttpSecurity http = found.getIfAvailable();
        if (http == null) {
            throw new CurfewStartException(
                    "Spring Security is on the class path, and there is no bean HttpSecurity: Spring Boot's"
                            + " SecurityAutoConfiguration is excluded.",
                    "Exclude " + CurfewSecurityAutoConfiguration.class.getName() + ", too, and Curfew guards everything"
                            + " by its own filter; or leave both.",
                    null);
        }
        return http;
    }

    static void require(WebApplicationContext context, CurfewProperties.Http http) {
        Map<String, SecurityFilterChain> chains = context.getBeansOfType(SecurityFilterChain.class);
        if (chains.remove(DEFAULT_CHAIN) != null) {
            return;
        }
        chains.remove(ENDPOINT_CHAIN);
        if (!http.open().isEmpty()) {
            throw new CurfewStartException(
                    "curfew.http.open is set, and there is a SecurityFilterChain of your own ("
                            + String.join(", ", chains.keySet()) + "), which does not read it.",
                    "Remove curfew.http.open, and say in your chains what is open: requestMatchers(...).permitAll().",
                    null);
        }
        if (!METHODS.stream().allMatch(method -> isReached(context, new ArrayList<>(chains.values()), method))) {
            throw new CurfewStartException(
                    "No SecurityFilterChain matches every request (there is "
                            + String.join(", ", chains.keySet())
                            + "): what none of them matches is open to everybody.",
                    "Add a last chain without a securityMatcher(...), such as http.with(CurfewSecurity.curfew(),"
                            + " withDefaults()).authorizeHttpRequests(requests ->"
                            + " requests.anyRequest().authenticated()).",
                    null);
        }
    }

    /** Asked by a path that no host has written into a matcher. */
    private static boolean isReached(
            WebApplicationContext context, List<SecurityFilterChain> chains, HttpMethod method) {
        String path = "/" + UUID.randomUUID();
        return chains.stream().anyMatch(chain -> {
            try {
                return chain.matches(new Probe(method, path, context.getServletContext()));
            } catch (RuntimeException e) {
                // A matcher that looks at more than the path is not one of every request.
                LOG.debug("a SecurityFilterChain does not match every request", e);
                return false;
            }
        });
    }

    /** A request that has a method and a path, and a place for what Spring finds out about them. */
    private static final class Probe extends HttpServletRequestWrapper {
        private final Map<String, Object> attributes = new HashMap<>();

        Probe(HttpMethod method, String path, @Nullable ServletContext context) {
            super(new FilterInvocation("", path, method.name(), context).getHttpRequest());
        }

        @Override
        public @Nullable Object getAttribute(String name) {
            return attributes.get(name);
        }

        @Override
        public void setAttribute(String name, Object value) {
            attributes.put(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            attributes.remove(name);
        }

        @Override
        public HttpServletMapping getHttpServletMapping() {
            return new OfDispatcher();
        }
    }

    /** Spring's servlet has all paths. */
    private static final class OfDispatcher implements HttpServletMapping {
        @Override
        public String getMatchValue() {
            return "";
        }

        @Override
        public String getPattern() {
            return "/";
        }

        @Override
        public String getServletName() {
            return "dispatcherServlet";
        }

        @Override
        public MappingMatch getMappingMatch() {
            return MappingMatch.DEFAULT;
        }
    }
}
