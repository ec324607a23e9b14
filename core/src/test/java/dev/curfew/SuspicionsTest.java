package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.audit.AuditLog;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SuspicionRaised;
import dev.curfew.event.SuspicionKind;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.suspicion.SuspicionAction;
import dev.curfew.suspicion.SuspicionHandler;
import dev.curfew.suspicion.SuspicionRules;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What follows a suspicion: all are told, the host decides, and nothing leads to itself. */
class SuspicionsTest {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final SuspicionRules RULES = SuspicionRules.none()
            .moreThan(2, SuspicionKind.FOREIGN_IDS, WINDOW)
            .moreThan(2, SuspicionKind.TERMINATIONS, WINDOW)
            .moreThan(2, SuspicionKind.REVOKED_TOKENS, WINDOW);

    private final List<SuspicionRaised> handled = new ArrayList<>();

    private TestHost host(SuspicionHandler handler) {
        return TestHost.start(builder -> builder.audit(trail -> trail.sink("log", new AuditLog()))
                .suspicions(RULES, suspicion -> {
                    handled.add(suspicion);
                    return handler.handle(suspicion);
                }));
    }

    /** Tries so often to end a session of Bob's. */
    private static void guess(TestHost host, VerifiedToken caller, int times) {
        String handle = host.login(host.bob).handle().value();
        for (int i = 0; i < times; i++) {
            assertThat(host.service.revokeSession(caller, handle)).isInstanceOf(RevocationOutcome.NotOwned.class);
        }
    }

    private static List<SuspicionRaised> raised(TestHost host) {
        return host.events.stream()
                .filter(SuspicionRaised.class::isInstance)
                .map(SuspicionRaised.class::cast)
                .toList();
    }

    @Test
    void everybody_is_told_once_and_without_an_action_nothing_ends() {
        TestHost host = host(suspicion -> SuspicionAction.NONE);
        VerifiedToken alice = host.loginToken(host.alice);

        guess(host, alice, 20);

        assertThat(raised(host))
                .singleElement()
                .satisfies(it -> assertThat(it)
                        .returns(host.alice, SuspicionRaised::subject)
                        .returns(SuspicionKind.FOREIGN_IDS, SuspicionRaised::kind)
                        .returns(3, SuspicionRaised::count));
        assertThat(handled).isEqualTo(raised(host));
        host.assertActive(alice);
    }

    @Test
    void the_subject_s_sessions_end_by_the_system_and_nobody_else_s() {
        TestHost host = host(suspicion -> SuspicionAction.END_ALL_SESSIONS);
        VerifiedToken alice = host.loginToken(host.alice);
        VerifiedToken second = host.loginToken(host.alice);
        VerifiedToken bob = host.loginToken(host.bob);
        LoginAttempt underWay = host.service.beginLogin(host.alice);

        guess(host, alice, 3);

        host.assertRevoked(alice, second);
        host.assertActive(bob);
        assertThat(underWay.complete(DeviceInfo.unknown())).isNotInstanceOf(LoginResult.LoggedIn.class);
        assertThat(host.events)
                .filteredOn(RevocationRecorded.class::isInstance)
                .map(event -> ((RevocationRecorded) event).entry())
                .singleElement()
                .satisfies(entry -> {
                    assertThat(entry.reason()).isEqualTo(RevocationReason.SUSPICIOUS_ACTIVITY);
                    assertThat(entry.actor()).isEqualTo(new Actor(Actor.Kind.SYSTEM, "suspicion:foreign_ids"));
                });
    }

    @Test
    void clients_that_go_on_with_what_was_ended_are_not_suspicious_again() {
        TestHost host = host(suspicion -> SuspicionAction.END_ALL_SESSIONS);
        List<VerifiedToken> ended = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ended.add(host.loginToken(host.alice));
        }
        guess(host, ended.get(0), 3);
        host.clock.advance(Duration.ofSeconds(10));
        VerifiedToken anew = host.loginToken(host.alice);

        host.assertRevoked(ended.toArray(VerifiedToken[]::new));

        host.assertActive(anew);
        assertThat(handled).hasSize(1);
    }

    @Test
    void whoever_logged_in_since_the_suspicion_has_authenticated_again() {
        TestHost[] late = new TestHost[1];
        VerifiedToken[] anew = new VerifiedToken[1];
        TestHost host = host(suspicion -> {
            // The host takes its time, and the user logs in again meanwhile.
            late[0].clock.advance(Duration.ofSeconds(5));
            anew[0] = late[0].loginToken(late[0].alice);
            return SuspicionAction.REQUIRE_REAUTHENTICATION;
        });
        late[0] = host;
        VerifiedToken alice = host.loginToken(host.alice);
        VerifiedToken second = host.loginToken(host.alice);

        guess(host, alice, 3);

        host.assertRevoked(alice, second);
        host.assertActive(anew[0]);
    }

    @Test
    void a_user_who_ends_one_session_after_another_is_suspicious() {
        TestHost host = host(suspicion -> SuspicionAction.NONE);
        VerifiedToken alice = host.loginToken(host.alice);
        for (int i = 0; i < 3; i++) {
            host.service.revokeSession(alice, host.login(host.alice).handle().value());
        }
        assertThat(handled).extracting(SuspicionRaised::kind).containsExactly(SuspicionKind.TERMINATIONS);
    }

    @Test
    void a_handler_that_throws_ends_nothing_and_is_asked_the_next_time() {
        TestHost host = host(suspicion -> {
            throw new IllegalStateException("a bug of the host's");
        });
        VerifiedToken alice = host.loginToken(host.alice);
        guess(host, alice, 3);
        host.assertActive(alice);
        host.clock.advance(WINDOW);
        VerifiedToken later = host.loginToken(host.alice);
        guess(host, later, 3);
        assertThat(handled).hasSize(2);
    }

    @Test
    @Timeout(60)
    void a_handler_that_takes_its_time_holds_up_no_event() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch told = new CountDownLatch(1);
        TestHost tokens = TestHost.start();
        SessionService service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(tokens.tokens.policy())
                .clock(tokens.clock)
                .listener(event -> {
                    if (event instanceof RevocationRecorded) {
                        told.countDown();
                    }
                })
                .suspicions(RULES.without(SuspicionKind.TERMINATIONS), suspicion -> {
                    asked.countDown();
                    await(goOn);
                    return SuspicionAction.END_ALL_SESSIONS;
                })
                .build();
        VerifiedToken alice = tokens.tokens.of(login(service, tokens));
        VerifiedToken bobs = tokens.tokens.of(
                service.beginLogin(tokens.bob).complete(DeviceInfo.unknown()).orElseThrow());
        for (int i = 0; i < 3; i++) {
            service.revokeSession(alice, bobs.session().orElseThrow().handle().value());
        }
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();

        service.logout(bobs);

        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(service.checker().check(alice).permits()).isTrue();
        goOn.countDown();
        // What is under way when the service closes is still done.
        service.close();
        assertThat(service.checker().check(alice).permits()).isFalse();
    }

    private static Session login(SessionService service, TestHost tokens) {
        return service.beginLogin(tokens.alice).complete(DeviceInfo.unknown()).orElseThrow();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
