package dev.curfew.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.curfew.LoginAttempt;
import dev.curfew.LoginRefusedException;
import dev.curfew.LoginResult;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamLogin;
import dev.curfew.UpstreamSignal;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestKeys;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FeedRead;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.token.SubjectIdentifier;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a node that died has left undone is done by the one that holds the lease; clocks are moved by hand. */
class DeliveriesTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration STANDING_BY = Duration.ofSeconds(10);
    private static final SubjectId ALICE = Given.subject("alice");
    private static final SubjectId BOB = Given.subject("bob");

    private final LinkedHost host = LinkedHost.start();

    @AfterEach
    void stop() {
        host.close();
    }

    private double meter(LinkedHost.Node node, String name, String tag) {
        return node.deliveries.meters().stream()
                .filter(meter -> meter.name().equals(name) && meter.tags().containsValue(tag))
                .mapToDouble(meter -> meter instanceof Meter.Gauge gauge
                        ? gauge.value().getAsDouble()
                        : ((Meter.Counter) meter).count().getAsLong())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_a_node_left_that_died_after_recording_is_ended_and_nothing_else_is() {
        Session first = host.login(ALICE, "sid-1");
        Session second = host.login(ALICE, "sid-1");
        Session other = host.login(ALICE, "sid-2");
        Session ofBob = host.login(BOB, "sid-3");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        assertThat(host.isLive(first)).isTrue();

        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(List.of(first, second)).noneMatch(host::isLive);
        assertThat(List.of(other, ofBob)).allMatch(host::isLive);
        assertThat(meter(host.two, "curfew.deliveries.ended", "links")).isEqualTo(2);
        assertThat(host.events.stream().filter(SessionEnded.class::isInstance)).hasSize(2);
    }

    @Test
    void of_two_sessions_the_one_is_ended_that_a_node_left_which_died_in_between() {
        Session first = host.login(ALICE, "sid-1");
        Session second = host.login(ALICE, "sid-1");
        // The first revocation is the provider's entry.
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "revoke", 3);
        assertThat(List.of(host.isLive(first), host.isLive(second))).containsExactlyInAnyOrder(true, false);

        host.two.work();

        assertThat(List.of(first, second)).noneMatch(host::isLive);
        assertThat(meter(host.two, "curfew.deliveries.ended", "links")).isEqualTo(1);
    }

    @Test
    void after_a_logout_that_came_to_its_end_two_reads_find_that_and_nobody_is_told_again() {
        Session session = host.login(ALICE, "sid-1");
        host.two.work();
        host.one.service.upstreams().end(host.logout("m-1").session("sid-1").build());
        int told = host.events.size();
        host.store.takeCalls();

        host.two.work();

        assertThat(host.isLive(session)).isFalse();
        assertThat(host.store.takeCalls())
                .containsExactly("readAfter", "listRecords", "revocationsCovering", "writeRecord", "find");
        assertThat(host.events).hasSize(told);
    }

    @Test
    void all_nodes_together_read_the_feed_once_a_second_and_the_others_ask_for_the_lease_every_10_seconds() {
        assertThat(host.one.work()).isEqualTo(SECOND);
        assertThat(host.two.work()).isEqualTo(STANDING_BY);
        host.store.takeCalls();

        List<String> calls = new ArrayList<>();
        for (int second = 1; second <= 30; second++) {
            host.pass(SECOND);
            assertThat(host.one.work()).isEqualTo(SECOND);
            if (second % 10 == 0) {
                assertThat(host.two.work()).isEqualTo(STANDING_BY);
            }
            calls.addAll(host.store.takeCalls());
        }

        assertThat(calls.stream().filter("readAfter"::equals)).hasSize(30);
        assertThat(calls.stream().filter("writeRecord"::equals)).as("renewals").hasSize(3);
        assertThat(calls.stream().filter("readRecord"::equals))
                .as("of the other")
                .hasSize(3);
        assertThat(calls).hasSize(36);
    }

    @Test
    void another_node_takes_over_after_the_lease_and_goes_on_where_the_first_was() {
        host.login(ALICE, "sid-1");
        host.one.service.upstreams().end(host.logout("m-1").session("sid-1").build());
        assertThat(host.one.work()).isEqualTo(SECOND);
        Session left = host.login(BOB, "sid-2");
        host.two.endAndDie(host.logout("m-2").session("sid-2").build(), "listRecords", 1);
        host.pass(LinkedHost.LEASE.plus(LinkedHost.SKEW).minusMillis(1));
        assertThat(host.two.work()).isEqualTo(STANDING_BY);
        assertThat(host.isLive(left)).isTrue();

        host.pass(Duration.ofMillis(1));
        host.store.takeCalls();
        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(host.isLive(left)).isFalse();
        assertThat(host.store.takeCalls().stream().filter("listRecords"::equals))
                .as("what the first had worked off is not looked at again")
                .hasSize(1);
        assertThat(host.one.work()).isEqualTo(STANDING_BY);
        assertThat(host.one.deliveries.status().isHolder()).isFalse();
        assertThat(host.two.deliveries.status().isHolder()).isTrue();
    }

    @Test
    void a_node_that_closes_hands_over_at_once() throws Exception {
        host.one.deliveries.start();
        CountDownLatch reads = new CountDownLatch(1);
        host.store.after(verb -> {
            if (verb.equals("readAfter")) {
                reads.countDown();
            }
        });
        assertThat(reads.await(60, TimeUnit.SECONDS)).isTrue();
        assertThat(host.two.work()).isEqualTo(STANDING_BY);

        host.one.deliveries.close();

        assertThat(host.two.work()).isEqualTo(SECOND);
    }

    @Test
    void what_was_left_before_any_node_was_started_and_what_is_forgotten_by_now_is_done_too() {
        Session session = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.pass(Duration.ofHours(30));
        assertThat(host.isLive(session)).isTrue();

        host.two.work();

        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void an_outage_in_the_midst_leaves_the_place_where_it_was_and_is_waited_for() {
        Session first = host.login(ALICE, "sid-1");
        Session second = host.login(BOB, "sid-2");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.one.endAndDie(host.logout("m-2").session("sid-2").build(), "listRecords", 1);
        host.two.work();
        Session third = host.login(ALICE, "sid-3");
        Session fourth = host.login(BOB, "sid-4");
        host.one.endAndDie(host.logout("m-3").session("sid-3").build(), "listRecords", 1);
        host.one.endAndDie(host.logout("m-4").session("sid-4").build(), "listRecords", 1);
        assertThat(List.of(first, second)).noneMatch(host::isLive);
        int[] revocations = {0};
        host.store.before(verb -> {
            if (verb.equals("revoke") && ++revocations[0] > 1) {
                host.store.goDown();
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });

        List<Duration> rests = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Duration rest = host.two.work();
            rests.add(rest);
            host.pass(rest);
        }

        assertThat(rests).extracting(Duration::toSeconds).containsExactly(1L, 2L, 4L, 8L, 10L, 10L);
        assertThat(host.two.deliveries.status().trouble()).isPresent();
        assertThat(meter(host.two, "curfew.deliveries.reads", "failure")).isEqualTo(6);
        host.store.recover();
        assertThat(List.of(host.isLive(third), host.isLive(fourth))).containsExactlyInAnyOrder(true, false);
        host.pass(LinkedHost.LEASE);

        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(List.of(third, fourth)).noneMatch(host::isLive);
        assertThat(host.two.deliveries.status().trouble()).isEmpty();
    }

    @Test
    void where_the_place_is_gone_all_that_stands_there_is_read_again() {
        host.two.work();
        Session session = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        boolean[] isGap = {true};
        host.store.changeReads(read -> {
            if (isGap[0]) {
                isGap[0] = false;
                return new FeedRead.Gap();
            }
            return read;
        });

        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(host.isLive(session)).isFalse();
        assertThat(meter(host.two, "curfew.deliveries.gaps", "links")).isEqualTo(1);
    }

    @Test
    void a_store_that_never_knows_the_place_is_not_asked_without_a_pause() {
        host.store.changeReads(read -> new FeedRead.Gap());

        assertThat(host.two.work()).isEqualTo(SECOND);
        assertThat(host.two.work()).isEqualTo(SECOND);
    }

    @Test
    void a_logout_that_raises_an_earlier_one_ends_what_began_in_between() {
        Instant first = host.now();
        host.one.service.upstreams().end(host.logout("m-1").session("sid-1").build());
        host.two.work();
        host.pass(Duration.ofMinutes(1));
        Session between = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-2").session("sid-1").build(), "listRecords", 1);
        host.pass(Duration.ofMinutes(1));
        Session later = host.login(ALICE, "sid-1");

        host.two.work();

        assertThat(first).isBefore(between.authenticatedAt());
        assertThat(host.isLive(between)).isFalse();
        assertThat(host.isLive(later)).isTrue();
    }

    @Test
    void what_a_host_has_revoked_in_the_providers_realm_ends_what_it_covers_since_a_later_logout_writes_nothing() {
        Session session = host.login(ALICE, "sid-1");
        host.one.service.revokeAllSessions(
                new SubjectId(LinkedHost.PROVIDER, ALICE.value()),
                RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7"));
        host.one.endAndDie(host.logout("m-1").subject(ALICE.value()).build(), "listRecords", 1);

        host.two.work();

        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void a_login_that_was_under_way_does_not_begin_once_the_lane_has_met_its_link() {
        LoginAttempt attempt = host.attempt(ALICE, "sid-1", host.now());
        host.store.before(verb -> {
            if (verb.equals("insert")) {
                host.store.recover();
                host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
                host.two.work();
            }
        });

        assertThat(attempt.complete(DeviceInfo.unknown())).isInstanceOf(LoginResult.Overtaken.class);
    }

    @Test
    void an_entry_that_stands_for_want_of_room_in_place_of_a_session_ends_all_of_the_subject() {
        try (LinkedHost full = new LinkedHost(memory -> memory.maxRevocations(1_000))) {
            Session one = full.login(ALICE, "sid-1");
            Session two = full.login(ALICE, "sid-2");
            Session ofBob = full.login(BOB, "sid-3");
            fill(full);
            full.one.endAndDie(
                    full.logout("m-1").subject(ALICE.value()).session("sid-1").build(), "listRecords", 1);
            assertThat(lastTarget(full).kind()).isEqualTo(RevocationTarget.Kind.SUBJECT);

            full.two.work();

            assertThat(List.of(one, two)).noneMatch(full::isLive);
            assertThat(full.isLive(ofBob)).isTrue();
        }
    }

    @Test
    void an_entry_that_stands_for_want_of_room_in_place_of_a_whole_realm_is_told_since_no_list_has_what_it_ends() {
        ListAppender<ILoggingEvent> log = logOf(LinksWork.class);
        try (LinkedHost full = new LinkedHost(memory -> memory.maxRevocations(1_000))) {
            Session session = full.login(ALICE, "sid-1");
            Instant then = full.now();
            fill(full);
            full.one.endAndDie(full.logout("m-1").session("sid-1").build(), "listRecords", 1);
            assertThat(lastTarget(full)).isEqualTo(RevocationTarget.realm(LinkedHost.PROVIDER));

            for (int i = 0; i < 10; i++) {
                full.pass(full.two.work());
            }

            assertThat(full.isLive(session)).isTrue();
            assertThat(meter(full.two, "curfew.deliveries.unreadable", "link")).isEqualTo(1);
            assertThat(log.list)
                    .extracting(ILoggingEvent::getFormattedMessage)
                    .singleElement()
                    .asString()
                    .contains("REALM", "live on");
            assertThat(full.attempt(ALICE, "sid-9", then).complete(DeviceInfo.unknown()))
                    .as("and nobody begins a session from an older login there")
                    .isInstanceOf(LoginResult.Overtaken.class);
        }
    }

    /** Until something coarser is recorded in place of what is asked for. */
    private static void fill(LinkedHost full) {
        for (int i = 0; i < 1_000; i++) {
            full.one.service.revokeAllSessions(
                    Given.subject("filler-" + i), RevocationCause.byUser(RevocationReason.REVOKED_BY_USER));
        }
    }

    @Test
    void a_link_that_cannot_be_read_hinders_no_other_and_is_told_once_when_ten_tries_have_failed() {
        ListAppender<ILoggingEvent> log = logOf(LinksWork.class);
        SessionService before = host.service(host.one.clock, "old");
        Session unreadable = loginAt(before);
        Session readable = host.login(ALICE, "sid-1");
        Session behind = host.login(BOB, "sid-2");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.one.endAndDie(host.logout("m-2").session("sid-2").build(), "listRecords", 1);

        List<Duration> rests = tries(host.two, 9);

        assertThat(rests).extracting(Duration::toSeconds).startsWith(1L, 2L, 4L, 8L, 10L);
        assertThat(List.of(readable, behind)).noneMatch(host::isLive);
        assertThat(log.list).isEmpty();
        assertThat(host.two.deliveries.status().trouble()).isPresent();
        Session since = host.login(BOB, "sid-3");
        host.one.endAndDie(host.logout("m-3").session("sid-3").build(), "listRecords", 1);
        assertThat(host.two.work()).isEqualTo(SECOND);
        host.pass(SECOND);
        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(host.isLive(since)).isFalse();
        assertThat(host.isLive(unreadable)).isTrue();
        assertThat(host.two.deliveries.status().trouble()).isEmpty();
        assertThat(meter(host.two, "curfew.deliveries.unreadable", "link")).isEqualTo(1);
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .singleElement()
                .asString()
                .contains("1 link(s)");
    }

    /** So many turns that fail. */
    private List<Duration> tries(LinkedHost.Node node, int number) {
        List<Duration> rests = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            Duration rest = node.work();
            rests.add(rest);
            host.pass(rest);
        }
        return rests;
    }

    @Test
    void what_one_node_cannot_read_is_left_to_another_that_can() {
        SessionService before = host.service(host.one.clock, "old");
        Session session = loginAt(before);
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        tries(host.two, 3);
        assertThat(host.isLive(session)).isTrue();
        LinkedHost.Node older = host.new Node(ManualClock.at(host.now()), "old");

        // It meets the lease under a key that it lacks, and takes it once nobody has renewed it for a term.
        older.work();
        older.clock.advance(LinkedHost.LEASE.plus(LinkedHost.SKEW));
        assertThat(older.work()).isEqualTo(SECOND);

        assertThat(host.isLive(session)).isFalse();
        assertThat(meter(older, "curfew.deliveries.unreadable", "link")).isZero();
        older.deliveries.close();
    }

    @Test
    void one_session_that_cannot_be_ended_keeps_no_other_alive() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(host.login(ALICE, "sid-1"));
        }
        UpstreamSignal logout = host.logout("m-1").session("sid-1").build();
        host.one.endAndDie(logout, "listRecords", 1);
        boolean[] isFirst = {true};
        host.store.before(verb -> {
            if (verb.equals("readAfter")) {
                isFirst[0] = true;
            } else if (verb.equals("revoke") && isFirst[0]) {
                isFirst[0] = false;
                throw new IllegalStateException("of one session");
            }
        });

        host.two.work();

        assertThat(sessions.stream().filter(host::isLive)).hasSize(1);
        host.store.recover();
        host.pass(SECOND);
        host.two.work();
        assertThat(sessions).noneMatch(host::isLive);
    }

    @Test
    void one_session_that_cannot_be_ended_keeps_no_other_alive_in_the_call_either_which_fails() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(host.login(ALICE, "sid-1"));
        }
        int[] revocations = {0};
        host.store.before(verb -> {
            // The first is the entry.
            if (verb.equals("revoke") && ++revocations[0] == 2) {
                throw new IllegalStateException("of one session");
            }
        });

        assertThatIllegalStateException()
                .isThrownBy(() -> host.one
                        .service
                        .upstreams()
                        .end(host.logout("m-1").session("sid-1").build()))
                .withMessage("of one session");

        assertThat(sessions.stream().filter(host::isLive)).hasSize(1);
    }

    @Test
    void a_login_is_tied_under_the_name_that_the_hosts_resolver_gives_its_subject() {
        Upstream resolving = Upstream.of(LinkedHost.PROVIDER, "https://op.example.com")
                .linksOnly()
                .subjects(name -> name instanceof SubjectIdentifier.IssSub person
                                && !person.sub().equals("nobody")
                        ? Optional.of(new SubjectId(LinkedHost.PROVIDER, "employee-of-" + person.sub()))
                        : Optional.empty())
                .build();
        Session bySession = loginAt(resolving, "u1", "sid-1");
        Session bySubject = loginAt(resolving, "u1", "sid-2");
        host.one
                .service
                .upstreams()
                .end(UpstreamSignal.of(resolving, "m-1")
                        .subject("u1")
                        .session("sid-1")
                        .endedAt(host.now())
                        .build());
        assertThat(List.of(host.isLive(bySession), host.isLive(bySubject))).containsExactly(false, true);
        host.one.endAndDie(
                UpstreamSignal.of(resolving, "m-2")
                        .subject("u1")
                        .endedAt(host.now())
                        .build(),
                "listRecords",
                1);

        host.two.work();

        assertThat(host.isLive(bySubject)).isFalse();
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> loginAt(resolving, "nobody", "sid-3"))
                .withMessageContaining("subjects(...)");
    }

    private Session loginAt(Upstream at, String sub, String sid) {
        return ((LoginResult.LoggedIn) host.one
                        .service
                        .beginLogin(ALICE)
                        .upstream(new UpstreamLogin(at, sub, Optional.of(sid), Optional.of(host.now()), host.now()))
                        .complete(DeviceInfo.unknown()))
                .session();
    }

    @Test
    void an_auth_time_behind_its_id_token_reaches_no_further_than_that_and_an_iat_far_ahead_begins_nothing() {
        Session milliseconds =
                host.login(ALICE, "sid-1", Instant.ofEpochSecond(host.now().toEpochMilli()));
        Session ahead = host.login(BOB, "sid-2", host.now().plus(Duration.ofHours(1)));
        host.pass(Duration.ofMinutes(1));

        host.one.service.upstreams().end(host.logout("m-1").session("sid-1").build());
        host.one.service.upstreams().end(host.logout("m-2").session("sid-2").build());

        assertThat(List.of(milliseconds, ahead)).noneMatch(host::isLive);
        LoginAttempt attempt = host.one
                .service
                .beginLogin(ALICE)
                .upstream(new UpstreamLogin(
                        host.upstream,
                        ALICE.value(),
                        Optional.of("sid-3"),
                        Optional.empty(),
                        host.now().plus(Duration.ofMinutes(5)).plusMillis(1)));
        assertThatExceptionOfType(LoginRefusedException.class)
                .isThrownBy(() -> attempt.complete(DeviceInfo.unknown()))
                .withMessageContaining("5 minutes from now");
    }

    private Session loginAt(SessionService node) {
        return ((LoginResult.LoggedIn) node.beginLogin(ALICE)
                        .upstream(new UpstreamLogin(
                                host.upstream,
                                ALICE.value(),
                                Optional.of("sid-1"),
                                Optional.of(host.now()),
                                host.now()))
                        .complete(DeviceInfo.unknown()))
                .session();
    }

    @Test
    void a_list_of_links_that_the_store_cannot_read_is_passed_over_and_told() {
        Session session = host.login(ALICE, "sid-1");
        Session behind = host.login(BOB, "sid-2");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.one.endAndDie(host.logout("m-2").session("sid-2").build(), "listRecords", 1);
        int[] lists = {0};
        host.store.before(verb -> {
            if (verb.equals("readAfter")) {
                lists[0] = 0;
            } else if (verb.equals("listRecords") && ++lists[0] == 1) {
                throw new UndecodableRecordException("damaged");
            }
        });

        tries(host.two, 9);
        assertThat(meter(host.two, "curfew.deliveries.unreadable", "link")).isZero();
        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(List.of(host.isLive(session), host.isLive(behind))).containsExactlyInAnyOrder(true, false);
        assertThat(meter(host.two, "curfew.deliveries.unreadable", "link")).isEqualTo(1);
    }

    @Test
    void what_nobody_expected_is_tried_ten_times_before_it_is_passed_over() {
        Session poison = host.login(ALICE, "sid-1");
        Session behind = host.login(BOB, "sid-2");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.one.endAndDie(host.logout("m-2").session("sid-2").build(), "listRecords", 1);
        boolean[] isFirst = {false};
        host.store.before(verb -> {
            if (verb.equals("readAfter")) {
                isFirst[0] = true;
            } else if (verb.equals("listRecords") && isFirst[0]) {
                isFirst[0] = false;
                throw new IllegalStateException("a fault");
            }
        });

        tries(host.two, 9);
        assertThat(List.of(host.isLive(poison), host.isLive(behind))).containsExactlyInAnyOrder(true, false);
        assertThat(host.two.deliveries.status().trouble()).isPresent();
        assertThat(host.two.work()).isEqualTo(SECOND);
        assertThat(host.two.deliveries.status().trouble()).isEmpty();

        assertThat(meter(host.two, "curfew.deliveries.unreadable", "link")).isEqualTo(1);
    }

    @Test
    void what_is_wrong_with_one_node_alone_is_done_by_another() {
        Session session = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.store.before(verb -> {
            if (verb.equals("readAfter")) {
                throw new NoClassDefFoundError("of this node");
            }
        });

        host.two.deliveries.turn();

        assertThat(host.two.deliveries.status().isHolder()).isFalse();
        host.store.recover();
        LinkedHost.Node three = host.new Node(ManualClock.at(host.now()), "k1");
        three.work();
        assertThat(three.deliveries.status().isHolder()).isTrue();
        assertThat(host.isLive(session)).isFalse();
        three.deliveries.close();
    }

    @Test
    void entries_that_cannot_be_read_are_counted_and_hinder_no_other() {
        Session session = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        host.store.changeReads(read -> read instanceof FeedRead.Page page
                ? new FeedRead.Page(page.entries(), page.next(), page.isCaughtUp(), 3, page.times())
                : read);

        tries(host.two, 9);
        assertThat(host.isLive(session)).isFalse();
        assertThat(meter(host.two, "curfew.deliveries.unreadable", "entry")).isZero();
        assertThat(host.two.work()).isEqualTo(SECOND);

        assertThat(host.isLive(session)).isFalse();
        assertThat(meter(host.two, "curfew.deliveries.unreadable", "entry")).isEqualTo(3);
    }

    @Test
    void a_takeover_in_the_middle_of_one_login_with_1200_sessions_leaves_none() {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 1_200; i++) {
            sessions.add(host.login(ALICE, "sid-1"));
        }
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        int[] revocations = {0};
        host.store.before(verb -> {
            if (verb.equals("revoke") && ++revocations[0] == 700) {
                throw new LinkedHost.Died();
            }
        });
        assertThat(host.two.work()).isEqualTo(SECOND);
        assertThat(sessions.stream().filter(host::isLive)).hasSize(501);
        host.store.recover();
        host.pass(LinkedHost.LEASE.plus(LinkedHost.SKEW));
        host.store.takeCalls();

        assertThat(host.one.work()).isEqualTo(SECOND);

        assertThat(host.store.takeCalls().stream().filter("revoke"::equals)).hasSize(501);
        assertThat(sessions).noneMatch(host::isLive);
        assertThat(meter(host.one, "curfew.deliveries.ended", "links")).isEqualTo(501);
    }

    @Test
    void a_holder_that_stood_still_finishes_the_step_that_it_had_begun_and_changes_nothing_else() {
        Session first = host.login(ALICE, "sid-1");
        Session second = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        List<String> calls = new ArrayList<>();
        boolean[] stands = {true};
        host.store.before(verb -> {
            if (verb.equals("revoke") && stands[0]) {
                stands[0] = false;
                // It stands still here, with its clocks, until another node has done all.
                host.one.clock.advance(LinkedHost.LEASE.plus(LinkedHost.SKEW));
                assertThat(host.one.work()).isEqualTo(SECOND);
                assertThat(List.of(first, second)).noneMatch(host::isLive);
                host.store.takeCalls();
            }
        });

        assertThat(host.two.work()).isEqualTo(STANDING_BY);
        calls.addAll(host.store.takeCalls());

        assertThat(calls.stream().filter("revoke"::equals).count())
                .as("its own, which had begun before")
                .isZero();
        assertThat(calls).contains("writeRecord", "readRecord");
        assertThat(List.of(first, second)).noneMatch(host::isLive);
        assertThat(host.events.stream()
                        .filter(SessionEnded.class::isInstance)
                        .map(SessionEvent::id)
                        .distinct())
                .as("whoever tells of it, under the same name")
                .hasSize(2);
        assertThat(host.one.deliveries.status().isHolder()).isTrue();
    }

    @Test
    void who_has_lost_the_lease_and_got_it_back_goes_on_where_the_other_was() {
        host.one.work();
        host.pass(LinkedHost.LEASE.plus(LinkedHost.SKEW));
        assertThat(host.two.work()).isEqualTo(SECOND);
        host.login(ALICE, "sid-1");
        host.one.service.upstreams().end(host.logout("m-1").session("sid-1").build());
        assertThat(host.two.work()).isEqualTo(SECOND);
        host.pass(LinkedHost.LEASE.plus(LinkedHost.SKEW));
        host.store.takeCalls();

        assertThat(host.one.work()).isEqualTo(SECOND);

        assertThat(host.store.takeCalls()).doesNotContain("listRecords");
    }

    @Test
    void the_status_says_who_works_and_how_far_behind() {
        assertThat(host.one.deliveries.status().state()).isEqualTo(DeliveryStatus.State.NEW);
        assertThat(host.one.deliveries.status().behind()).isEmpty();
        assertThat(meter(host.one, "curfew.deliveries.behind", "links")).isNaN();
        host.one.work();
        host.two.work();
        host.pass(Duration.ofSeconds(7));

        assertThat(host.one.deliveries.status().isHolder()).isTrue();
        assertThat(host.one.deliveries.status().behind()).contains(Duration.ofSeconds(7));
        assertThat(host.two.deliveries.status().isHolder()).isFalse();
        assertThat(host.two.deliveries.status().behind()).isEmpty();
        assertThat(meter(host.one, "curfew.deliveries.holder", "links")).isEqualTo(1);
        assertThat(meter(host.one, "curfew.deliveries.behind", "links")).isEqualTo(7);
        assertThat(meter(host.two, "curfew.deliveries.holder", "links")).isZero();
        assertThat(meter(host.two, "curfew.deliveries.behind", "links")).isNaN();
        host.pass(LinkedHost.LEASE);
        assertThat(host.one.deliveries.status().behind()).isEmpty();
    }

    @Test
    void its_own_thread_does_all_of_it_and_ends_when_it_is_closed() throws Exception {
        Session session = host.login(ALICE, "sid-1");
        host.one.endAndDie(host.logout("m-1").session("sid-1").build(), "listRecords", 1);
        CountDownLatch ended = new CountDownLatch(1);
        host.store.after(verb -> {
            if (verb.equals("revoke")) {
                ended.countDown();
            }
        });

        host.two.deliveries.start();
        host.two.deliveries.start();
        assertThat(host.two.deliveries.status().state()).isEqualTo(DeliveryStatus.State.RUNNING);
        assertThat(ended.await(60, TimeUnit.SECONDS)).isTrue();
        host.two.deliveries.close();

        assertThat(host.isLive(session)).isFalse();
        assertThat(host.two.deliveries.status().state()).isEqualTo(DeliveryStatus.State.CLOSED);
        assertThat(host.two.deliveries.status().isHolder()).isFalse();
        host.two.deliveries.close();
        assertThatIllegalStateException().isThrownBy(host.two.deliveries::start);
    }

    @Test
    void settings_that_cannot_work_are_refused() {
        for (Duration lease :
                List.of(Duration.ofMillis(2_999), Duration.ZERO, Duration.ofSeconds(-30), Duration.ofMillis(300_001))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Deliveries.of(host.one.service).lease(lease))
                    .withMessageContaining("3 seconds to 5 minutes")
                    .withMessageContaining(lease.toString());
        }
        ManualClock clock = ManualClock.at(Given.NOW);
        try (SessionService plain = SessionService.builder()
                .store(new ForwardingSessionStore(InMemorySessionStore.create()) {
                    @Override
                    public <T> Optional<T> ability(Class<T> type) {
                        return Optional.empty();
                    }
                })
                .encryption(TestKeys.ring("k1"))
                .withoutAccessTokens()
                .lifetimes(SessionLifetimes.aal1())
                .clock(clock, clock.ticker())
                .authoritativeChecks()
                .withoutAuditLog()
                .build()) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> Deliveries.of(plain).build())
                    .withMessageContaining("SharedRecords");
            assertThat(plain.outbox()
                            .finish(
                                    Revocation.of(RevocationTarget.subject(ALICE))
                                            .revokedAt(Given.NOW)
                                            .forgetAfter(Given.NOW.plusSeconds(60))
                                            .build(),
                                    () -> true)
                            .isComplete())
                    .isTrue();
        }
    }

    private static RevocationTarget lastTarget(LinkedHost host) {
        return host.events.stream()
                .filter(RevocationRecorded.class::isInstance)
                .map(event -> ((RevocationRecorded) event).target())
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    private static ListAppender<ILoggingEvent> logOf(Class<?> owner) {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        ((Logger) LoggerFactory.getLogger(owner)).addAppender(log);
        return log;
    }
}
