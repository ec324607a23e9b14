package dev.curfew.examples.spring;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.http.RefreshCookie;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The shop's own resources, its login among them. Thread-safe. */
@RestController
class ShopController {
    private static final Realm REALM = Realm.of("shop");
    private static final ClientId CLIENT = new ClientId(REALM, "shop-web");

    private final SessionService sessions;
    private final Users users;
    private final TokenIssuer issuer;
    private final RefreshCookie cookie;

    ShopController(SessionService sessions, Users users, TokenIssuer issuer, RefreshCookie cookie) {
        this.sessions = sessions;
        this.users = users;
        this.issuer = issuer;
        this.cookie = cookie;
    }

    /** What somebody types who signs in; without either it is no request. */
    record Login(String username, String password) {
        Login {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String toString() {
            return "Login";
        }
    }

    /** First the attempt, then the password: who ends all sessions meanwhile ends this one too. */
    @PostMapping("/login")
    ResponseEntity<Map<String, String>> login(@RequestBody Login form, DeviceInfo device) {
        SubjectId subject;
        try {
            subject = new SubjectId(REALM, form.username());
        } catch (InvalidIdentifierException e) {
            // A name that no account can have is as wrong as one that none has.
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
        }
        LoginAttempt attempt = sessions.beginLogin(subject).client(CLIENT).withRefreshToken(RefreshBinding.none());
        if (users.isRight(form.username(), form.password())
                && attempt.complete(device) instanceof LoginResult.LoggedIn in) {
            return signedIn(in);
        }
        return ResponseEntity.status(HttpStatus.UNAUTHORIZED).build();
    }

    @GetMapping("/hello")
    String hello() {
        return "Welcome to the shop\n";
    }

    @GetMapping("/me")
    Map<String, String> me(@AuthenticationPrincipal Caller caller) {
        return Map.of(
                "subject", caller.subject().map(SubjectId::value).orElse(""),
                "session",
                        caller.session()
                                .map(session -> session.handle().value())
                                .orElse(""));
    }

    /** Ends the other sessions, as a host does that has stored a new password. */
    @PostMapping("/password")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void password(@AuthenticationPrincipal Caller caller) {
        sessions.revokeOtherSessions(caller, RevocationCause.byUser(RevocationReason.CREDENTIAL_CHANGED));
    }

    private ResponseEntity<Map<String, String>> signedIn(LoginResult.LoggedIn in) {
        Session session = in.session();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header(
                        HttpHeaders.SET_COOKIE,
                        cookie.set(in.token().orElseThrow(), session, Instant.now())
                                .value())
                .body(Map.of(
                        "token",
                        issuer.issue(session, Set.of(), Optional.empty(), session.expiresAt())
                                .text(),
                        "session",
                        session.handle().value()));
    }
}
