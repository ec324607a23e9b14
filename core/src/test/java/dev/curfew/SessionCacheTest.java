package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.check.OutagePolicy;
import dev.curfew.crypto.SecretToken;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionAuthentication;
import dev.curfew.token.SessionAuthentication.Authenticated;
import dev.curfew.token.SessionAuthentication.Refused;
import dev.curfew.token.SessionAuthentication.Unanswered;
import dev.curfew.token.SessionRenewal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a node remembers of sessions: it saves round trips, and is never older than it promises. */
@Timeout(60)
class SessionCacheTest {
    private static final Duration STALENESS = Duration.ofHours(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestHost host = TestHost.start(SessionCacheTest::withoutPolls);
    private final SessionService other = node(builder -> builder);
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** No poll comes in between: what a node knows, it was told or has asked for. */
    private static SessionServiceBuilder withoutPolls(SessionServiceBuilder service) {
        return service.replica(replica -> replica.staleness(STALENESS, Duration.ofMinutes(20)));
    }

    private SessionService node(UnaryOperator<SessionServiceBuilder> settings) {
        return host.node(host.clock, service -> settings.apply(withoutPolls(service)));
    }

    @AfterEach
    void close() {
        host.store.recover();
        threads.shutdownNow();
        host.service.close();
        other.close();
    }

    private String login() {
        LoginResult result =
                host.service.beginLogin(host.alice).withSessionToken().complete(DeviceInfo.unknown());
        return ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
    }

    private static SessionAuthentication authenticate(SessionService node, String token) {
        return node.credentials().authenticate(TestHost.REALM, token);
    }

    private SessionAuthentication authenticate(String token) {
        return authenticate(other, token);
    }

    private String renew(SessionService node, String token) {
        RenewResult result = node.credentials().renew(TestHost.REALM, token, SessionRenewal.ofSecret());
        return ((RenewResult.Renewed) result).token().reveal();
    }

    private void catchUp() {
        assertThat(other.replica().orElseThrow().catchUp(PATIENCE)).isTrue();
    }

    private List<String> finds() {
        return host.store.takeCalls().stream().filter("find"::equals).toList();
    }

    private static void assertRefused(SessionAuthentication answer, CredentialRefusal why) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).isEqualTo(why));
    }

    private static void assertAuthenticated(SessionAuthentication answer) {
        assertThat(answer).isInstanceOf(Authenticated.class);
    }

    private static void assertUnanswered(SessionAuthentication answer) {
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Unanswered.class,
                        unanswered -> assertThat(unanswered.permitted()).isEmpty());
    }

    /** The same session with another secret, which is no token of anybody. */
    private static String forged(String token) {
        SessionId id = SecretToken.parse(token).orElseThrow().session();
        return SecretToken.mint(CredentialKind.SESSION_TOKEN, id, new SecureRandom())
                .reveal();
    }

    @Test
    void a_refusal_that_is_known_here_says_to_which_key_the_token_is_bound() {
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
        LoginResult login =
                host.service.beginLogin(host.alice).withSessionToken(key).complete(DeviceInfo.unknown());
        String token = ((LoginResult.LoggedIn) login).token().orElseThrow().reveal();
        RenewResult result = host.service
                .credentials()
                .renew(TestHost.REALM, token, SessionRenewal.ofSecret().sender(key));
        catchUp();
        assertAuthenticated(authenticate(((RenewResult.Renewed) result).token().reveal()));
        host.store.takeCalls();

        assertThat(authenticate(token))
                .isEqualTo(new Refused(CredentialRefusal.SUPERSEDED, Optional.empty(), Optional.of(key)));
        assertThat(finds()).isEmpty();
    }

    @Test
    void a_session_that_is_known_costs_no_call_of_the_store() {
        String token = login();
        assertAuthenticated(authenticate(token));
        host.store.takeCalls();

        for (int i = 0; i < 10; i++) {
            assertAuthenticated(authenticate(token));
            assertAuthenticated(other.credentials().authenticateNow(TestHost.REALM, token));
        }

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void without_waiting_an_unknown_session_is_unanswered_and_asks_nobody() {
        String token = login();
        host.store.takeCalls();

        assertUnanswered(other.credentials().authenticateNow(TestHost.REALM, token));

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_token_that_was_exchanged_elsewhere_is_superseded_once_the_node_has_caught_up() {
        String token = login();
        assertAuthenticated(authenticate(token));
        String next = renew(host.service, token);

        catchUp();

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
        assertAuthenticated(authenticate(next));
    }

    @Test
    void without_waiting_a_token_that_was_exchanged_elsewhere_does_not_pass() {
        String token = login();
        assertAuthenticated(authenticate(token));
        renew(host.service, token);
        catchUp();

        assertUnanswered(other.credentials().authenticateNow(TestHost.REALM, token));
        authenticate(token);
        assertRefused(other.credentials().authenticateNow(TestHost.REALM, token), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void a_new_token_reaches_a_node_with_the_old_entry_and_is_accepted() {
        String token = login();
        assertAuthenticated(authenticate(token));
        String next = renew(host.service, token);
        host.store.takeCalls();

        assertAuthenticated(authenticate(next));
        assertThat(finds()).hasSize(1);
        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
        assertThat(finds()).isEmpty();
    }

    @Test
    void what_this_node_has_exchanged_it_knows_at_once() {
        String token = login();
        assertAuthenticated(authenticate(token));

        String next = renew(other, token);

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
        assertAuthenticated(authenticate(next));
    }

    @Test
    void a_renewal_whose_answer_was_lost_empties_its_entry() {
        String token = login();
        assertAuthenticated(authenticate(token));
        host.store.after(verb -> {
            if (verb.equals("rotate")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> renew(other, token));
        host.store.recover();

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void a_name_that_a_person_gives_a_session_or_anything_else_that_is_exchanged_is_read_anew() {
        String token = login();
        assertAuthenticated(authenticate(token));
        RenewResult result = host.service
                .credentials()
                .renew(TestHost.REALM, token, SessionRenewal.ofSecret().attributes(Map.of("role", "admin")));
        catchUp();

        Authenticated answer = (Authenticated)
                authenticate(((RenewResult.Renewed) result).token().reveal());

        assertThat(answer.session().attributes()).containsEntry("role", "admin");
    }

    /** A read that waits between the store and its reader, or before the store. */
    private final class SlowRead {
        private final CountDownLatch isThere = new CountDownLatch(1);
        private final CountDownLatch goesOn = new CountDownLatch(1);
        private final AtomicBoolean first = new AtomicBoolean(true);

        void waits(String verb) {
            if (verb.equals("find") && first.getAndSet(false)) {
                isThere.countDown();
                await(goesOn);
            }
        }

        Future<SessionAuthentication> begin(String token) {
            Future<SessionAuthentication> answer = threads.submit(() -> authenticate(token));
            await(isThere);
            return answer;
        }

        SessionAuthentication end(Future<SessionAuthentication> answer) throws Exception {
            goesOn.countDown();
            return answer.get(20, TimeUnit.SECONDS);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_read_that_a_renewal_overtakes_never_fills_the_cache_after_its_notice() throws Exception {
        String token = login();
        SlowRead read = new SlowRead();
        host.store.after(read::waits);
        Future<SessionAuthentication> begun = read.begin(token);
        renew(host.service, token);
        catchUp();

        assertAuthenticated(read.end(begun));

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void a_read_that_a_renewal_overtakes_fills_the_cache_until_its_notice_only() throws Exception {
        String token = login();
        SlowRead read = new SlowRead();
        host.store.after(read::waits);
        Future<SessionAuthentication> begun = read.begin(token);
        renew(host.service, token);
        assertAuthenticated(read.end(begun));
        assertAuthenticated(authenticate(token));

        catchUp();

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void a_read_that_is_sent_before_a_renewal_and_made_after_it_shows_the_renewal() throws Exception {
        String token = login();
        SlowRead read = new SlowRead();
        host.store.before(read::waits);
        Future<SessionAuthentication> begun = read.begin(token);
        String next = renew(host.service, token);
        catchUp();

        assertRefused(read.end(begun), CredentialRefusal.SUPERSEDED);

        assertAuthenticated(authenticate(next));
        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void who_joins_a_read_that_a_renewal_has_overtaken_reads_once_more() throws Exception {
        String token = login();
        SlowRead read = new SlowRead();
        host.store.after(read::waits);
        Future<SessionAuthentication> begun = read.begin(token);
        renew(host.service, token);
        catchUp();
        Future<SessionAuthentication> joined = threads.submit(() -> authenticate(token));

        assertAuthenticated(read.end(begun));

        assertRefused(joined.get(20, TimeUnit.SECONDS), CredentialRefusal.SUPERSEDED);
    }

    @Test
    void who_has_the_new_token_and_joins_an_older_read_is_accepted() throws Exception {
        String token = login();
        SlowRead read = new SlowRead();
        host.store.after(read::waits);
        Future<SessionAuthentication> begun = read.begin(token);
        String next = renew(host.service, token);
        Future<SessionAuthentication> joined = threads.submit(() -> authenticate(next));

        assertAuthenticated(read.end(begun));

        assertAuthenticated(joined.get(20, TimeUnit.SECONDS));
    }

    @Test
    void a_gap_in_the_feed_empties_the_cache() {
        String token = login();
        assertAuthenticated(authenticate(token));
        renew(host.service, token);
        AtomicBoolean isGap = new AtomicBoolean(true);
        host.store.changeReads(read -> isGap.getAndSet(false) ? new FeedRead.Gap() : withoutNotices(read));
        catchUp();

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
    }

    /** The store has lost them: nothing but the gap tells of an exchange. */
    private static FeedRead withoutNotices(FeedRead read) {
        return read instanceof FeedRead.Page page
                ? new FeedRead.Page(
                        page.entries().stream()
                                .filter(entry -> !(entry instanceof FeedEntry.Rotated))
                                .toList(),
                        page.next(),
                        page.isCaughtUp(),
                        page.undecodable(),
                        page.times())
                : read;
    }

    @Test
    void a_lost_notice_without_a_gap_would_be_missed() {
        String token = login();
        assertAuthenticated(authenticate(token));
        renew(host.service, token);
        host.store.changeReads(SessionCacheTest::withoutNotices);
        catchUp();

        // Not what anybody wants: it shows that the tests above and below would fail without their notices.
        assertAuthenticated(authenticate(token));
    }

    @Test
    void what_nobody_could_read_on_the_feed_may_have_been_a_notice() {
        String token = login();
        assertAuthenticated(authenticate(token));
        renew(host.service, token);
        AtomicBoolean isUnreadable = new AtomicBoolean(true);
        host.store.changeReads(read -> isUnreadable.getAndSet(false) ? unreadable(read) : withoutNotices(read));
        assertThat(other.replica().orElseThrow().catchUp(PATIENCE)).isFalse();

        assertRefused(authenticate(token), CredentialRefusal.SUPERSEDED);
    }

    private static FeedRead unreadable(FeedRead read) {
        FeedRead.Page page = (FeedRead.Page) withoutNotices(read);
        return new FeedRead.Page(page.entries(), page.next(), page.isCaughtUp(), 1, page.times());
    }

    @Test
    void a_session_that_was_revoked_elsewhere_is_refused_once_the_node_has_caught_up() {
        String token = login();
        assertAuthenticated(authenticate(token));
        host.service.revokeAllSessions(host.alice, TestHost.cause(RevocationReason.CREDENTIAL_CHANGED));
        catchUp();

        assertThat(authenticate(token))
                .isEqualTo(new Refused(CredentialRefusal.REVOKED, Optional.of(RevocationReason.CREDENTIAL_CHANGED)));
    }

    @Test
    void what_a_read_has_shown_to_be_revoked_stays_so_before_the_feed_brings_it() {
        String token = login();
        host.service.revokeAllSessions(host.alice, TestHost.cause(RevocationReason.CREDENTIAL_CHANGED));

        assertRefused(authenticate(token), CredentialRefusal.REVOKED);
        assertRefused(authenticate(token), CredentialRefusal.REVOKED);
        assertThat(entries(other)).isZero();
    }

    @Test
    void an_end_that_a_clock_ahead_has_seen_is_not_believed_once_the_clock_is_right() {
        String token = login();
        host.clock.advance(TestHost.LIFETIMES.idle().plusMinutes(1));
        assertThat(other.replica().orElseThrow().catchUp(PATIENCE)).isTrue();
        assertRefused(authenticate(token), CredentialRefusal.IDLE);
        host.clock.advance(Duration.ofMinutes(-10));

        assertAuthenticated(authenticate(token));
    }

    @Test
    void what_must_be_fresh_sees_an_exchange_and_a_revocation_of_a_moment_ago() {
        String token = login();
        assertAuthenticated(authenticate(token));
        String next = renew(host.service, token);

        assertRefused(other.credentials().authenticateFresh(TestHost.REALM, token), CredentialRefusal.SUPERSEDED);
        assertAuthenticated(other.credentials().authenticateFresh(TestHost.REALM, next));

        host.service.revokeAllSessions(host.alice, TestHost.cause(RevocationReason.CREDENTIAL_CHANGED));
        assertRefused(other.credentials().authenticateFresh(TestHost.REALM, next), CredentialRefusal.REVOKED);
    }

    @Test
    void what_must_be_fresh_is_unanswered_during_an_outage() {
        String token = login();
        assertAuthenticated(authenticate(token));
        host.store.goDown();

        assertUnanswered(other.credentials().authenticateFresh(TestHost.REALM, token));
    }

    @Test
    void an_idle_end_is_concluded_from_the_store_alone_and_remembered() {
        String token = login();
        assertAuthenticated(authenticate(token));
        host.clock.advance(TestHost.LIFETIMES.idle().minus(Duration.ofMinutes(10)));
        host.service.touch(((Authenticated) authenticate(host.service, token)).caller());
        host.clock.advance(Duration.ofMinutes(10).plusMillis(1));

        assertAuthenticated(authenticate(token));

        host.clock.advance(TestHost.LIFETIMES.idle());
        catchUp();
        assertRefused(authenticate(token), CredentialRefusal.IDLE);
        host.clock.advance(TestHost.NODE_SKEW.plusSeconds(30));
        assertRefused(authenticate(token), CredentialRefusal.IDLE);
        host.store.takeCalls();
        for (int i = 0; i < 10; i++) {
            assertRefused(authenticate(token), CredentialRefusal.IDLE);
            assertRefused(other.credentials().authenticateNow(TestHost.REALM, token), CredentialRefusal.IDLE);
        }
        assertThat(finds()).isEmpty();
    }

    @Test
    void at_the_absolute_end_nothing_passes_whatever_the_cache_holds() {
        String token = login();
        for (Duration passed = Duration.ZERO;
                passed.compareTo(TestHost.LIFETIMES.absolute()) < 0;
                passed = passed.plusMinutes(30)) {
            Authenticated answer = (Authenticated) authenticate(token);
            other.touch(answer.caller());
            host.clock.advance(Duration.ofMinutes(30));
            catchUp();
        }

        assertThat(authenticate(token))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused ->
                                assertThat(refused.why()).isIn(CredentialRefusal.ABSOLUTE, CredentialRefusal.INVALID));
    }

    @Test
    void ten_minutes_after_it_was_read_a_session_is_read_again() {
        String token = login();
        assertAuthenticated(authenticate(token));
        host.clock.advance(Duration.ofMinutes(10));
        host.store.takeCalls();

        assertAuthenticated(authenticate(token));

        assertThat(finds()).hasSize(1);
    }

    @Test
    void ten_thousand_misses_of_one_session_are_one_read() throws Exception {
        String token = login();
        SlowRead read = new SlowRead();
        host.store.after(read::waits);
        Future<SessionAuthentication> first = read.begin(token);
        int workers = 50;
        List<Future<Integer>> others = new ArrayList<>();
        List<Thread> asking = new CopyOnWriteArrayList<>();
        for (int i = 0; i < workers; i++) {
            others.add(threads.submit(() -> {
                asking.add(Thread.currentThread());
                int good = 0;
                for (int j = 0; j < 200; j++) {
                    good += authenticate(token) instanceof Authenticated ? 1 : 0;
                }
                return good;
            }));
        }
        // One that came when the read has just ended, and before its row is kept, would read once more.
        while (asking.size() < workers || !asking.stream().allMatch(SessionCacheTest::isWaiting)) {
            Thread.onSpinWait();
        }
        host.store.takeCalls();

        assertAuthenticated(read.end(first));

        int good = 0;
        for (Future<Integer> each : others) {
            good += each.get(20, TimeUnit.SECONDS);
        }
        assertThat(good).isEqualTo(10_000);
        assertThat(finds()).isEmpty();
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.TIMED_WAITING;
    }

    @Test
    void bad_secrets_for_a_known_session_are_read_one_at_a_time_and_change_nothing() throws Exception {
        String token = login();
        assertAuthenticated(authenticate(token));
        AtomicInteger underWay = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        host.store.before(verb -> {
            if (verb.equals("find")) {
                most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            }
        });
        host.store.after(verb -> {
            if (verb.equals("find")) {
                underWay.decrementAndGet();
            }
        });
        List<Callable<SessionAuthentication>> tries = Collections.nCopies(200, () -> authenticate(forged(token)));

        for (Future<SessionAuthentication> each : threads.invokeAll(tries)) {
            assertRefused(each.get(20, TimeUnit.SECONDS), CredentialRefusal.INVALID);
        }

        assertThat(most).hasValue(1);
        host.store.takeCalls();
        assertAuthenticated(authenticate(token));
        assertThat(finds()).isEmpty();
    }

    @Test
    void random_tokens_do_not_fill_the_cache() {
        String token = login();
        for (int i = 0; i < 100; i++) {
            assertRefused(authenticate(forged(token)), CredentialRefusal.INVALID);
        }

        assertThat(entries(other)).isZero();
    }

    @Test
    void a_token_of_another_kind_or_realm_does_not_meet_the_entry() {
        String token = login();
        assertAuthenticated(authenticate(token));

        assertRefused(other.credentials().authenticate(TestHost.PARTNER, token), CredentialRefusal.INVALID);
        assertRefused(
                other.credentials().authenticate(TestHost.REALM, token.replaceFirst("cfs1_", "cfr1_")),
                CredentialRefusal.MALFORMED);
    }

    @Test
    void during_an_outage_nobody_passes_who_was_not_known_to_be_good() {
        String known = login();
        String unknown = login();
        try (SessionService lenient =
                node(service -> service.duringOutages(OutagePolicy.lastKnownGood(STALENESS.multipliedBy(3))))) {
            assertAuthenticated(authenticate(lenient, known));
            assertAuthenticated(authenticate(known));
            host.store.goDown();
            host.clock.advance(Duration.ofMinutes(5));
            assertAuthenticated(authenticate(known));
            assertUnanswered(authenticate(unknown));
            host.clock.advance(STALENESS);

            assertUnanswered(authenticate(known));
            assertUnanswered(authenticate(lenient, unknown));
        }
    }

    @Test
    void the_last_known_good_passes_during_an_outage_while_its_entry_is_valid_and_not_idle() {
        SessionLifetimes lifetimes = SessionLifetimes.of(Duration.ofHours(5), Duration.ofMinutes(8));
        UnaryOperator<SessionServiceBuilder> settings = service -> service.lifetimes(lifetimes)
                .duringOutages(OutagePolicy.lastKnownGood(Duration.ofHours(1)))
                .replica(replica -> replica.staleness(Duration.ofMinutes(3), Duration.ofMinutes(1)));
        TestHost short8 = TestHost.start(settings);
        try (SessionService lenient = short8.service) {
            LoginResult result =
                    lenient.beginLogin(short8.alice).withSessionToken().complete(DeviceInfo.unknown());
            String token = ((LoginResult.LoggedIn) result).token().orElseThrow().reveal();
            assertAuthenticated(authenticate(lenient, token));
            short8.store.goDown();
            short8.clock.advance(Duration.ofMinutes(4));

            assertThat(authenticate(lenient, token))
                    .isInstanceOfSatisfying(
                            Unanswered.class,
                            answer -> assertThat(answer.permitted()).isPresent());
            assertUnanswered(authenticate(lenient, forged(token)));

            short8.clock.advance(Duration.ofMinutes(4));
            assertUnanswered(authenticate(lenient, token));
        }
    }

    @Test
    void a_node_that_keeps_nothing_asks_the_store_each_time() {
        String token = login();
        try (SessionService forgetful = node(service -> service.sessionCache(0))) {
            host.store.takeCalls();
            assertAuthenticated(authenticate(forgetful, token));
            assertAuthenticated(authenticate(forgetful, token));

            assertThat(finds()).hasSize(2);
            assertThatIllegalStateException()
                    .isThrownBy(() -> forgetful.credentials().authenticateNow(TestHost.REALM, token))
                    .withMessageContaining("sessionCache");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SessionService.builder().sessionCache(-1));
    }

    @Test
    void an_authoritative_node_asks_the_store_each_time_and_knows_an_exchange_at_once() {
        String token = login();
        try (SessionService authoritative = host.node(host.clock, builder -> builder)) {
            assertAuthenticated(authenticate(authoritative, token));
            String next = renew(host.service, token);

            assertRefused(authenticate(authoritative, token), CredentialRefusal.SUPERSEDED);
            assertAuthenticated(authenticate(authoritative, next));
            assertAuthenticated(authoritative.credentials().authenticateFresh(TestHost.REALM, next));
        }
    }

    @Test
    void it_takes_no_more_memory_than_it_may() {
        try (SessionService small = node(service -> service.sessionCache(20_000))) {
            for (int i = 0; i < 200; i++) {
                assertAuthenticated(authenticate(small, login()));
            }

            assertThat(entries(small)).isBetween(1.0, 29.0);
        }
    }

    private static double entries(SessionService node) {
        return node.meters().stream()
                .filter(meter -> meter.name().equals("curfew.sessions.cache.entries"))
                .mapToDouble(meter -> ((Meter.Gauge) meter).value().getAsDouble())
                .sum();
    }
}
