package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.crypto.UndecodablePayloadException;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionCaller;
import dev.curfew.token.SessionRenewal;
import dev.curfew.token.VerifiedToken;
import dev.curfew.watch.Heard;
import dev.curfew.watch.SessionWatch;
import dev.curfew.watch.TooManyWatchesException;
import dev.curfew.watch.WatchNews.Kind;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Watches of a service: sessions that are renewed, idle or ended on another node. SES. */
@Timeout(120)
class WatchesTest {
    private static final Duration IDLE = SessionLifetimes.aal2().idle();

    private final TestHost host = TestHost.start(service -> service.replica(WatchesTest::withoutPolls));
    private final SessionService other = host.node(host.clock, service -> service.replica(WatchesTest::withoutPolls));
    private final Heard heard = new Heard();

    /** No poll comes in between: what a node knows, it was told or has asked for. */
    private static RevocationReplica.Builder withoutPolls(RevocationReplica.Builder replica) {
        return replica.staleness(Duration.ofDays(2), Duration.ofHours(1));
    }

    @AfterEach
    void close() {
        host.store.recover();
        host.service.close();
        other.close();
    }

    private String sessionToken() {
        LoginResult result =
                host.service.beginLogin(host.alice).withSessionToken().complete(DeviceInfo.unknown());
        return ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
    }

    private SessionCaller caller(String token) {
        return ((Authenticated) other.credentials().authenticate(TestHost.REALM, token)).caller();
    }

    private void catchUp() {
        assertThat(other.replica().orElseThrow().catchUp(Duration.ofSeconds(30)))
                .isTrue();
    }

    @Test
    void a_session_that_is_renewed_elsewhere_is_told_to_its_token_and_to_access_tokens_of_it() {
        String token = sessionToken();
        SessionCaller caller = caller(token);
        Session session = caller.currentSession();
        Heard ofAccessToken = new Heard();
        Heard ofAnother = new Heard();
        SessionWatch watch = other.watches().watch(caller, heard);
        other.watches().watch(host.tokens.of(session), ofAccessToken);
        other.watches().watch(caller(sessionToken()), ofAnother);

        host.service.credentials().renew(TestHost.REALM, token, SessionRenewal.ofSecret());
        catchUp();

        heard.assertNext(Kind.RENEWED);
        ofAccessToken.assertNext(Kind.RENEWED);
        ofAnother.assertNothing();
        assertThat(watch.isOpen()).isTrue();
    }

    @Test
    void a_session_that_is_ended_elsewhere_is_told_and_the_one_that_ends_the_others_is_spared() {
        SessionCaller caller = caller(sessionToken());
        VerifiedToken current = host.loginToken(host.alice);
        Heard ofCurrent = new Heard();
        other.watches().watch(caller, heard);
        other.watches().watch(current, ofCurrent);

        host.service.revokeOtherSessions(current);
        catchUp();

        heard.assertRevoked(RevocationReason.REVOKED_BY_USER);
        ofCurrent.assertNothing();
    }

    @Test
    void an_idle_session_ends_after_one_question_whether_it_was_used_elsewhere() {
        SessionCaller caller = caller(sessionToken());
        Heard another = new Heard();
        other.watches().watch(caller, heard);
        other.watches().watch(caller, another);
        host.store.takeCalls();

        host.clock.advance(IDLE.plus(TestHost.NODE_SKEW));

        heard.assertNext(Kind.ENDED_BY_TIME);
        another.assertNext(Kind.ENDED_BY_TIME);
        assertThat(Collections.frequency(host.store.takeCalls(), "find")).isEqualTo(1);
        assertThat(other.watches().size()).isZero();
    }

    @Test
    void a_session_that_was_used_elsewhere_goes_on_until_it_is_idle_there_too() throws Exception {
        SessionCaller caller = caller(sessionToken());
        SessionWatch watch = other.watches().watch(caller, heard);
        CountDownLatch asked = new CountDownLatch(1);
        host.clock.advance(IDLE.dividedBy(2));
        host.service.touch(caller);
        host.store.after(verb -> {
            if (verb.equals("find")) {
                asked.countDown();
            }
        });

        host.clock.advance(IDLE.dividedBy(2).plus(TestHost.NODE_SKEW));
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.isOpen()).isTrue();
        host.clock.advance(IDLE.dividedBy(2));

        heard.assertNext(Kind.ENDED_BY_TIME);
    }

    @Test
    void while_the_store_does_not_answer_nobody_says_that_a_session_is_idle() throws Exception {
        SessionCaller caller = caller(sessionToken());
        SessionWatch watch = other.watches().watch(caller, heard);
        CountDownLatch asked = new CountDownLatch(1);
        host.store.before(verb -> {
            if (verb.equals("find")) {
                asked.countDown();
                throw new StoreUnavailableException(verb, null);
            }
        });

        host.clock.advance(IDLE.plus(TestHost.NODE_SKEW));
        assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.isOpen()).isTrue();
        host.store.recover();
        host.clock.advance(Duration.ofSeconds(5));

        heard.assertNext(Kind.ENDED_BY_TIME);
    }

    @Test
    void an_idle_session_whose_row_cannot_be_read_is_over() {
        other.watches().watch(caller(sessionToken()), heard);
        AtomicInteger questions = new AtomicInteger();
        host.store.before(verb -> {
            if (verb.equals("find")) {
                questions.incrementAndGet();
                throw new UndecodablePayloadException("a damaged row", null);
            }
        });

        host.clock.advance(IDLE.plus(TestHost.NODE_SKEW));

        heard.assertNext(Kind.ENDED_BY_TIME);
        assertThat(questions).hasValue(1);
    }

    @Test
    void the_absolute_end_comes_whatever_is_used() {
        SessionCaller caller = caller(sessionToken());
        other.watches().watch(caller, heard);
        Duration step = IDLE.dividedBy(2);
        for (int i = 1; i < TestHost.LIFETIMES.absolute().dividedBy(step); i++) {
            host.clock.advance(step);
            host.service.touch(caller);
        }
        heard.assertNothing();

        host.clock.advance(step);

        heard.assertNext(Kind.ENDED_BY_TIME);
    }

    @Test
    void a_foreign_token_without_a_session_of_ours_lasts_until_its_own_end() {
        other.watches().watch(host.partner.draft("carol").with("sid", "foreign").verified(), heard);
        assertThat(other.watches().size()).isEqualTo(1);

        host.clock.advance(Duration.ofMinutes(15).plusSeconds(10));

        heard.assertNext(Kind.ENDED_BY_TIME);
    }

    @Test
    void more_watches_than_are_allowed_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.node(host.clock, service -> service.watchesAtMost(0)))
                .withMessageContaining("watchesAtMost");
        try (SessionService small = host.node(
                host.clock, service -> service.replica(replica -> replica).watchesAtMost(1))) {
            VerifiedToken token = host.loginToken(host.alice);
            small.watches().watch(token, heard);

            assertThatExceptionOfType(TooManyWatchesException.class)
                    .isThrownBy(() -> small.watches().watch(token, heard))
                    .withMessageContaining("watchesAtMost(1)");
        }
        heard.assertNext(Kind.CLOSED);
    }

    @Test
    void a_service_without_a_replica_says_that_it_cannot_watch() {
        try (SessionService authoritative = host.node(host.clock, SessionServiceBuilder::authoritativeChecks)) {
            assertThatIllegalStateException()
                    .isThrownBy(authoritative::watches)
                    .withMessageContaining("authoritativeChecks()");
        }
    }
}
