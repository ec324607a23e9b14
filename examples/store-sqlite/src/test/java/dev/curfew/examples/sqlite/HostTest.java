package dev.curfew.examples.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.SessionService;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.KeyRing;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.VerifiedToken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The store behind services of hosts, which share a file. */
class HostTest {
    private final ManualClock clock = ManualClock.at(Given.NOW);
    private final TestTokens tokens = TestTokens.ours(Given.REALM, clock);
    private final TestDirectory directory = new TestDirectory();
    private final Path file = directory.file("store.db");

    @AfterEach
    void close() {
        directory.close();
    }

    private SessionService service(SqliteSessionStore store) {
        return SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.policy())
                .authoritativeChecks()
                .storeSessionsUnencrypted()
                .clock(clock)
                .build();
    }

    private VerifiedToken login(SessionService service) {
        return tokens.of(service.beginLogin(Given.subject("alice"))
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow());
    }

    @Test
    void what_one_host_ends_the_other_refuses_and_so_does_the_next_one_on_the_same_file() {
        try (SqliteSessionStore one = SqliteSessionStore.inFile(file);
                SqliteSessionStore two = SqliteSessionStore.inFile(file);
                SessionService here = service(one);
                SessionService there = service(two)) {
            clock.advance(Duration.ofSeconds(5));
            VerifiedToken current = login(here);
            VerifiedToken other = login(there);
            assertThat(there.checker().check(current).permits()).isTrue();

            here.revokeOtherSessions(current);

            assertThat(there.checker().check(other).permits()).isFalse();
            assertThat(there.checker().check(current).permits()).isTrue();
            there.logout(current);
            assertThat(here.checker().check(current).permits()).isFalse();
            clock.advance(Duration.ofMinutes(1));
            assertRefusedAfterRestart(List.of(current, other));
        }
    }

    private void assertRefusedAfterRestart(List<VerifiedToken> revoked) {
        try (SqliteSessionStore next = SqliteSessionStore.inFile(file);
                SessionService service = service(next)) {
            assertThat(revoked)
                    .noneMatch(token -> service.checker().check(token).permits());
            assertThat(service.checker().check(login(service)).permits()).isTrue();
        }
    }

    @Test
    void when_the_file_is_gone_nobody_passes_and_nothing_is_said_to_be_revoked() throws Exception {
        try (SqliteSessionStore store = SqliteSessionStore.inFile(file);
                SessionService service = service(store)) {
            clock.advance(Duration.ofSeconds(5));
            VerifiedToken token = login(service);
            assertThat(service.checker().check(token).permits()).isTrue();

            for (String suffix : List.of("", "-wal", "-shm")) {
                Files.delete(Path.of(file + suffix));
            }

            assertThat(service.checker().check(token).permits()).isFalse();
            assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> service.logout(token));
        }
    }

    @Test
    void the_readme_shows_what_runs_here() throws Exception {
        TokenPolicy policy = tokens.policy();
        byte[] key = TestKeys.key(1);
        // begin of the page
        SqliteSessionStore store = SqliteSessionStore.inFile(file);
        SessionService sessions = SessionService.builder()
                .store(store)
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(policy)
                .encryption(KeyRing.of("2026", key))
                .build();
        // at the end of the host
        sessions.close();
        store.close();
        // end of the page
        assertThat(file).exists();

        String page = Files.readString(Path.of("README.md"));
        String shown = page.substring(page.indexOf("```java") + 7, page.indexOf("```\n", page.indexOf("```java")));
        String source = Files.readString(Path.of("src/test/java/dev/curfew/examples/sqlite/HostTest.java"));
        String run =
                source.substring(source.indexOf("// begin of the page") + 20, source.indexOf("// end of the page"));
        assertThat(run).isEqualToIgnoringWhitespace(shown);
    }
}
