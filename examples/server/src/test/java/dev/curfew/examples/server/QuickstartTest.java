package dev.curfew.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginAttempt;
import dev.curfew.SessionService;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The quickstart of the README, run, and compared with what stands there. */
class QuickstartTest {
    private static final Path SOURCE =
            Path.of("src/test/java").resolve(QuickstartTest.class.getName().replace('.', '/') + ".java");
    private static final Path README = Path.of("../../README.md");

    private final byte[] secret = DemoStorage.inMemory().secret();
    private final TokenIssuer issuer = new TokenIssuer(secret, Clock.systemUTC());

    @Test
    void the_quickstart_ends_a_session() {
        // README begin
        Realm realm = Realm.of("shop");
        TokenPolicy policy = TokenPolicy.forIssuer(realm, "https://demo.curfew.example")
                .keys(TokenKeys.ofSecret("demo-key", secret))
                .audience("demo-api")
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(Duration.ofMinutes(15))
                .build();
        TokenVerifier verifier = TokenVerifier.of(policy);
        SessionService sessions = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(policy)
                .build();

        // Login: begin first, then check the password, then complete.
        LoginAttempt attempt = sessions.beginLogin(new SubjectId(realm, "alice"));
        checkPassword("alice");
        Session session = attempt.complete(DeviceInfo.of("Firefox on Linux")).orElseThrow();
        String jwt = issueToken(session); // yours; its "sid" is session.handle().value()

        // Every request: verify, ask whether it is revoked, and keep its session in the list.
        VerifiedToken token = verifier.verify(jwt);
        boolean allowed = sessions.checker().check(token).permits();
        if (allowed) {
            sessions.touchLater(token); // a write at most once a minute, which nobody waits for
        }

        // Ends all other sessions of alice, then this one. Their tokens are refused from now on.
        sessions.revokeOtherSessions(token);
        sessions.logout(token);
        // README end

        assertThat(allowed).isTrue();
        assertThat(sessions.checker().check(verifier.verify(jwt)).permits()).isFalse();
        assertThat(sessions.listSessions(session.subject(), ListQuery.live(10)).entries())
                .isEmpty();
        sessions.close();
    }

    @Test
    void the_readme_shows_the_quickstart_as_it_runs() throws IOException {
        String source = Files.readString(SOURCE);
        String region = between(source, "// README begin\n", "        // README end\n")
                .stripTrailing()
                .stripIndent();
        String shown = between(Files.readString(README), "```java\n", "```\n").replaceAll("(?m)^import .*\n", "");
        assertThat(shown.strip()).isEqualTo(region.strip());
    }

    private static void checkPassword(String name) {
        assertThat(name).isEqualTo("alice");
    }

    private String issueToken(Session session) {
        return issuer.issue(session);
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from) + from.length();
        assertThat(start).as("the mark %s is there", from.strip()).isGreaterThanOrEqualTo(from.length());
        int end = text.indexOf(to, start);
        assertThat(end).as("the mark %s is there", to.strip()).isPositive();
        return text.substring(start, end);
    }
}
