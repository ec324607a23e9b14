package dev.curfew.examples.server;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.http.EndpointRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signs a person in: the host checks the password, Curfew begins the session, the host issues the token. */
final class LoginHandler implements Handler {
    private static final ClientId CLIENT = new ClientId(CurfewSetup.REALM, TokenIssuer.CLIENT);

    private final SessionService sessions;
    private final Users users;
    private final TokenIssuer issuer;

    LoginHandler(SessionService sessions, Users users, TokenIssuer issuer) {
        this.sessions = sessions;
        this.users = users;
        this.issuer = issuer;
    }

    @Override
    public Reply handle(EndpointRequest request) {
        JsonBody body = JsonBody.of(request);
        SubjectId subject = subject(body.text("username"));
        String password = body.text("password");

        // First the attempt, then the credentials. If somebody ends all sessions of this user while we look at an old
        // password, the attempt is older than that, and completing it is refused.
        LoginAttempt attempt = sessions.beginLogin(subject).client(CLIENT);
        if (!users.isRight(subject.value(), password)) {
            throw new Refusal(401, Text.WRONG_CREDENTIALS);
        }
        LoginResult result = attempt.complete(device(request));
        if (result instanceof LoginResult.LoggedIn loggedIn) {
            return Reply.json(200, answer(loggedIn.session()));
        }
        throw new Refusal(401, Text.SIGN_IN_AGAIN);
    }

    private Map<String, Object> answer(Session session) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token", issuer.issue(session));
        answer.put("tokenType", "Bearer");
        answer.put("expiresIn", TokenIssuer.LIFETIME.toSeconds());
        answer.put("session", session.handle().value());
        return answer;
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
