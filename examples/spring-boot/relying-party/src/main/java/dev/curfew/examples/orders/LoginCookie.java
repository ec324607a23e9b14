package dev.curfew.examples.orders;

import dev.curfew.SessionService;
import dev.curfew.crypto.Sealer;
import dev.curfew.http.HeaderField;
import dev.curfew.http.SessionCookie;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.AuthorizationRequestRepository;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.endpoint.PkceParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.stereotype.Component;

/**
 * Carries a login to the provider and back in a cookie, sealed, so that it may come back to any node and needs no
 * session of the container. With it goes the attempt of Curfew's that began before the redirect: who ends all sessions
 * of a person meanwhile ends the one that comes of it too. Thread-safe.
 */
@Component
final class LoginCookie implements AuthorizationRequestRepository<OAuth2AuthorizationRequest> {
    private static final String ATTEMPT = LoginCookie.class.getName() + ".attempt";
    private static final String PURPOSE = "orders-login";
    private static final int PARTS = 5;

    private final SessionService sessions;
    private final ClientRegistration provider;
    private final Sealer sealer;
    private final SessionCookie cookie;

    LoginCookie(
            SessionService sessions,
            ClientRegistration provider,
            @Value("${orders.login-key}") String key,
            @Value("${curfew.cookie.secure:true}") boolean isSecure) {
        this.sessions = sessions;
        this.provider = provider;
        this.sealer = Sealer.withKey(decode(key));
        this.cookie = isSecure
                ? SessionCookie.named("__Host-login").build()
                : SessionCookie.named("orders-login").allowWithoutTls().build();
    }

    static byte[] decode(String key) {
        byte[] bytes = Base64.getDecoder().decode(key);
        if (bytes.length != Sealer.KEY_BYTES) {
            throw new IllegalArgumentException("orders.login-key is Base64 of " + bytes.length
                    + " bytes, and must be of 32, such as `openssl rand -base64 32` prints");
        }
        return bytes;
    }

    /** The attempt of the login that has just come back; nothing if this request brought none. */
    static Optional<String> attempt(HttpServletRequest in) {
        return Optional.ofNullable((String) in.getAttribute(ATTEMPT));
    }

    @Override
    public void saveAuthorizationRequest(
            @Nullable OAuth2AuthorizationRequest request, HttpServletRequest in, HttpServletResponse out) {
        if (request == null) {
            write(cookie.clear(), out);
            return;
        }
        String text = String.join(
                "\n",
                request.getState(),
                request.getAttribute(OidcParameterNames.NONCE),
                request.getAttribute(PkceParameterNames.CODE_VERIFIER),
                request.getRedirectUri(),
                sessions.beginLogin().seal());
        write(cookie.set(sealer.seal(text.getBytes(StandardCharsets.UTF_8), PURPOSE)), out);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest loadAuthorizationRequest(HttpServletRequest in) {
        return parts(in).map(this::request).orElse(null);
    }

    @Override
    public @Nullable OAuth2AuthorizationRequest removeAuthorizationRequest(
            HttpServletRequest in, HttpServletResponse out) {
        Optional<String[]> parts = parts(in);
        parts.ifPresent(found -> {
            in.setAttribute(ATTEMPT, found[4]);
            write(cookie.clear(), out);
        });
        return parts.map(this::request).orElse(null);
    }

    /** Of the login that this answer belongs to: a browser has one at a time, the one that it began last. */
    private Optional<String[]> parts(HttpServletRequest in) {
        Cookie[] cookies = in.getCookies();
        return (cookies == null ? Stream.<Cookie>empty() : Arrays.stream(cookies))
                .filter(found -> found.getName().equals(cookie.name()))
                .flatMap(found -> sealer.open(found.getValue(), PURPOSE).stream())
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).split("\n", -1))
                .filter(found -> found.length == PARTS && found[0].equals(in.getParameter(OAuth2ParameterNames.STATE)))
                .findFirst();
    }

    private OAuth2AuthorizationRequest request(String[] parts) {
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(provider.getProviderDetails().getAuthorizationUri())
                .clientId(provider.getClientId())
                .state(parts[0])
                .redirectUri(parts[3])
                .scopes(provider.getScopes())
                .attributes(Map.of(
                        OAuth2ParameterNames.REGISTRATION_ID,
                        provider.getRegistrationId(),
                        OidcParameterNames.NONCE,
                        parts[1],
                        PkceParameterNames.CODE_VERIFIER,
                        parts[2]))
                .build();
    }

    private static void write(HeaderField header, HttpServletResponse out) {
        out.addHeader(header.name(), header.value());
    }
}
