package dev.curfew.examples.orders;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginRefusedException;
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
import dev.curfew.token.Caller;
import dev.curfew.token.SessionAuthentication;
import jakarta.servlet.http.Cookie;
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
import org.springframework.web.util.WebUtils;

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
        try {
            SubjectId person = new SubjectId(REALM, id.getSubject());
            LoginAttempt tied =
                    attempt.get().identifiedAs(person).withSessionToken().upstream(login(id));
            if (complete(tied, person, in) instanceof LoginResult.LoggedIn loggedIn) {
                HeaderField header = cookie.set(loggedIn.token().orElseThrow().reveal());
                out.addHeader(header.name(), header.value());
                out.sendRedirect("/");
                return;
            }
        } catch (LoginRefusedException e) {
            LOG.info("a login was refused: {}", e.getMessage());
        } catch (CurfewException e) {
            // The code is spent: to send the same request again is of no use, but to sign in again is.
            LOG.warn("a login could not be completed: {}", e.getMessage());
            out.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        // The login at the provider is over, or too old, or all sessions were ended meanwhile: it takes a new one.
        out.sendRedirect("/oauth2/authorization/sso?again");
    }

    /** Whoever was signed in with this browser is not any more. */
    private LoginResult complete(LoginAttempt attempt, SubjectId person, HttpServletRequest in) {
        Optional<Caller> before = findCaller(in);
        Optional<Caller> same =
                before.filter(caller -> caller.subject().filter(person::equals).isPresent());
        LoginResult result = same.map(attempt::replacing).orElse(attempt).complete(device(in));
        if (same.isEmpty()) {
            before.ifPresent(sessions::logout);
        }
        return result;
    }

    private Optional<Caller> findCaller(HttpServletRequest in) {
        Cookie found = WebUtils.getCookie(in, cookie.name());
        return found != null
                        && sessions.credentials().authenticate(REALM, found.getValue())
                                instanceof SessionAuthentication.Authenticated authenticated
                ? Optional.of(authenticated.caller())
                : Optional.empty();
    }

    /** Nobody is told more than that it did not work: the rest is between the provider and us. */
    @Override
    public void onAuthenticationFailure(HttpServletRequest in, HttpServletResponse out, AuthenticationException why)
            throws IOException {
        // Not its message, which may be what a stranger has written into the address.
        LOG.info("a login has failed: {}", why.getClass().getSimpleName());
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
