package dev.curfew.examples.orders;

import dev.curfew.SessionService;
import dev.curfew.http.SessionCookie;
import dev.curfew.session.SubjectId;
import dev.curfew.token.Caller;
import java.net.URI;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** The application's own resources. Thread-safe. */
@RestController
class OrdersController {
    private static final String SIGNED_IN = """
            <p id="person">You are signed in.</p><p><a href="/orders">Your orders</a></p>
            <form method="post" action="/logout"><button id="logout">Sign out here</button></form>
            """;
    private static final String SIGN_IN = "<p><a id=\"login\" href=\"/oauth2/authorization/sso\">Sign in</a></p>";

    private final SessionService sessions;
    private final SessionCookie cookie;

    OrdersController(SessionService sessions, SessionCookie cookie) {
        this.sessions = sessions;
        this.cookie = cookie;
    }

    @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
    String home(Optional<Caller> caller) {
        return """
                <!DOCTYPE html>
                <html lang="en"><head><meta charset="utf-8"><title>Orders</title></head>
                <body><h1>Orders</h1>
                """ + (caller.isPresent() ? SIGNED_IN : SIGN_IN) + "</body></html>\n";
    }

    @GetMapping("/orders")
    String orders(Caller caller) {
        return "Orders of " + caller.subject().map(SubjectId::value).orElseThrow() + "\n";
    }

    /** Ends the session here, and no other: the person stays signed in at the provider. */
    @PostMapping("/logout")
    ResponseEntity<Void> logout(Caller caller) {
        sessions.logout(caller);
        return ResponseEntity.status(HttpStatus.SEE_OTHER)
                .location(URI.create("/"))
                .header(HttpHeaders.SET_COOKIE, cookie.clear().value())
                .build();
    }
}
