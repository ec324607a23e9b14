package dev.curfew.examples.orders;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.http.HeaderField;
import dev.curfew.http.SessionCookie;
import dev.curfew.session.CurfewException;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.stereotype.Component;

/** Begins a session of ours when the provider has said who somebody is, tied to the login there. Thread-safe. */
@Component
final class SignIn implements AuthenticationSuccessHandler, AuthenticationFailureHandler {
    private static final Logger LOG = LoggerFactory.getLogger(SignIn.class);
    private static final Realm REALM = Realm.of("orders");

    private final SessionService sessions;
    private final SessionCookie cookie;
    private final Upstream upstream;

    SignIn(SessionService sessions, SessionCookie cookie, Upstream upstream) {
        this.sessions = sessions;
        this.cookie = cookie;
        this.upstream = upstream;
    }

    /** The ID token is verified by then. */
    @Override
    public void onAuthenticationSuccess(HttpServletRequest in, HttpServletResponse out, Authentication who)
            throws IOException {
        OidcIdToken id = ((OidcUser) who.getPrincipal()).getIdToken();
        Optional<LoginAttempt> attempt = LoginCookie.attempt(in).flatMap(sessions::resumeLogin);
        if (attempt.isEmpty()) {
            out.sendRedirect("/oauth2/authorization/sso");
            return;
        }
        LoginResult result;
        try {
            result = attempt.get()
                    .identifiedAs(new SubjectId(REALM, id.getSubject()))
                    .withSessionToken()
                    .upstream(login(id))
                    .complete(device(in));
        } catch (CurfewException e) {
            LOG.warn("a login could not be completed: {}", e.getMessage());
            out.setHeader("Retry-After", "1");
            out.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        if (result instanceof LoginResult.LoggedIn loggedIn) {
            HeaderField header = cookie.set(loggedIn.token().orElseThrow().reveal());
            out.addHeader(header.name(), header.value());
            out.sendRedirect("/");
        } else {
            // The login at the provider is over, or all sessions were ended meanwhile: it takes a new one.
            out.sendRedirect("/oauth2/authorization/sso?again");
        }
    }

    /** Nobody is told more than that it did not work: the rest is between the provider and us. */
    @Override
    public void onAuthenticationFailure(HttpServletRequest in, HttpServletResponse out, AuthenticationException why)
            throws IOException {
        LOG.warn("a login has failed: {}", why.getMessage());
        out.sendError(HttpServletResponse.SC_UNAUTHORIZED);
    }

    private UpstreamLogin login(OidcIdToken id) {
        return new UpstreamLogin(
                upstream,
                id.getSubject(),
                Optional.ofNullable(id.getClaimAsString("sid")),
                Optional.ofNullable(id.getAuthenticatedAt()),
                // Spring Security has refused an ID token without it.
                Objects.requireNonNull(id.getIssuedAt(), "iat"));
    }

    private static DeviceInfo device(HttpServletRequest in) {
        String userAgent = in.getHeader("User-Agent");
        return DeviceInfo.fromRequest(userAgent == null ? "" : userAgent, in.getRemoteAddr());
    }
}
