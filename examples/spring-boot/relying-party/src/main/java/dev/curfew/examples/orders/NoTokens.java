package dev.curfew.examples.orders;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;

/** Keeps none of the provider's tokens, because nobody here needs them; Spring would keep them in memory. */
final class NoTokens implements OAuth2AuthorizedClientRepository {
    /** The type parameter is the interface's. */
    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals")
    public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(
            String registrationId, Authentication principal, HttpServletRequest in) {
        return null;
    }

    @Override
    public void saveAuthorizedClient(
            OAuth2AuthorizedClient client, Authentication principal, HttpServletRequest in, HttpServletResponse out) {}

    @Override
    public void removeAuthorizedClient(
            String registrationId, Authentication principal, HttpServletRequest in, HttpServletResponse out) {}
}
