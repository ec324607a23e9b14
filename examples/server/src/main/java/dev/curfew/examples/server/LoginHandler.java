package dev.curfew.examples.server;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.EndpointRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signs a person in: the host checks the password, Curfew begins the session, the host issues the token. */
final class LoginHandler implements Handler {
    private static final ClientId CLIENT = new ClientId(CurfewSetup.REALM, TokenIssuer.CLIENT);

    private final CurfewSetup curfew;
    private final Users users;
    private final TokenIssuer issuer;
    private final Clock clock;

    LoginHandler(CurfewSetup curfew, Users users, TokenIssuer issuer, Clock clock) {
        this.curfew = curfew;
        this.users = users;
        this.issuer = issuer;
        this.clock = clock;
    }

    @Override
    public Reply handle(EndpointRequest request) {
        JsonBody body = JsonBody.of(request);
        SubjectId subject = subject(body.text("username"));
        String password = body.text("password");
        StayingIn way = StayingIn.named(body.text("stay", "token"));
        boolean remember = body.flag("remember");

        // First the attempt, then the credentials. If somebody ends all sessions of this user while we look at an old
        // password, the attempt is older than that, and completing it is refused.
        LoginAttempt attempt = curfew.sessions()
                .beginLogin(subject)
                .client(CLIENT)
                .lifetimes(remember ? CurfewSetup.REMEMBERED : CurfewSetup.USUAL)
                .attributes(DemoCookies.attributes(remember));
        if (!users.isRight(subject.value(), password)) {
            throw new Refusal(401, Text.WRONG_CREDENTIALS);
        }
        LoginResult result =
                way.wish(inPlaceOfTheOldOne(attempt, request, subject)).complete(device(request));
        if (result instanceof LoginResult.LoggedIn loggedIn) {
            return reply(loggedIn, way);
        }
        throw new Refusal(401, Text.SIGN_IN_AGAIN);
    }

    /**
     * Whoever is still signed in with the same browser has one session afterwards. Who has only a refresh cookie is
     * nobody until it is exchanged: that session ends by its time, or from the list of devices.
     */
    private LoginAttempt inPlaceOfTheOldOne(LoginAttempt attempt, EndpointRequest request, SubjectId subject) {
        if (curfew.endpoints().authentication().authenticate(request)
                        instanceof AuthenticationResult.Authenticated authenticated
                && authenticated.caller().session().isPresent()
                && authenticated.caller().subject().filter(subject::equals).isPresent()) {
            return attempt.replacing(authenticated.caller());
        }
        return attempt;
    }

    /** A credential of Curfew's goes into its cookie, where no script can read it, and nowhere else. */
    private Reply reply(LoginResult.LoggedIn loggedIn, StayingIn way) {
        Session session = loggedIn.session();
        Map<String, Object> answer = new LinkedHashMap<>();
        if (way != StayingIn.COOKIE) {
            answer.put("token", issuer.issue(session));
            answer.put("tokenType", "Bearer");
            answer.put("expiresIn", TokenIssuer.LIFETIME.toSeconds());
        }
        answer.put("session", session.handle().value());
        Reply reply = Reply.json(200, answer);
        return loggedIn.token()
                .map(token -> DemoCookies.of(token, session, clock.instant()))
                .map(reply::with)
                .orElse(reply);
    }

    /** A name that no account can have is as wrong as one that none has. */
    private static SubjectId subject(String username) {
        try {
            return new SubjectId(CurfewSetup.REALM, username);
        } catch (InvalidIdentifierException e) {
            throw new Refusal(401, Text.WRONG_CREDENTIALS);
        }
    }

    private static DeviceInfo device(EndpointRequest request) {
        String userAgent = request.headers("User-Agent").stream().findFirst().orElse("");
        return DeviceInfo.fromRequest(userAgent, request.clientAddress().orElse(""));
    }
}
