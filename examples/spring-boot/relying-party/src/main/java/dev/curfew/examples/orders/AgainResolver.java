package dev.curfew.examples.orders;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizationRequestResolver;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;

/** Has the provider ask for the password again ({@code prompt=login}) where the address says {@code ?again}. */
final class AgainResolver implements OAuth2AuthorizationRequestResolver {
    private final OAuth2AuthorizationRequestResolver resolver;

    AgainResolver(OAuth2AuthorizationRequestResolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest in) {
        return again(in, resolver.resolve(in));
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest resolve(HttpServletRequest in, String registrationId) {
        return again(in, resolver.resolve(in, registrationId));
    }

    private static @Nullable OAuth2AuthorizationRequest again(
            HttpServletRequest in, @Nullable OAuth2AuthorizationRequest request) {
        if (request == null || !"again".equals(in.getQueryString())) {
            return request;
        }
        return OAuth2AuthorizationRequest.from(request)
                .additionalParameters(parameters -> parameters.put("prompt", "login"))
                .build();
    }
}
