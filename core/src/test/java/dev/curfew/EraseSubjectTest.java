package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.curfew.contract.ManualClock;
import dev.curfew.event.SessionEvent.RevocationRecorded;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.ListQuery;
import dev.curfew.store.OperationId;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.subject.Erasure;
import dev.curfew.subject.ErasureCursor;
import dev.curfew.token.VerifiedToken;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The removal of all that a store holds on somebody. PRV-04. */
class EraseSubjectTest {
    private final TestHost host = TestHost.start();

    private List<Session> logins(int count) {
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            host.clock.advance(Duration.ofSeconds(1));
            sessions.add(host.login(host.alice));
        }
        return sessions;
    }

    private int rows() {
        return host.service
                .listSessions(host.alice, ListQuery.all(100))
                .entries()
                .size();
    }

    private Instant cutOff() {
        return host.store.newestCutOff(host.alice, host.now());
    }

    @Test
    void everything_ends_first_and_then_its_rows_go() {
        VerifiedToken token = host.tokens.of(logins(3).get(0));
        Session bobs = host.login(host.bob);
        host.store.takeCalls();

        Erasure erasure = host.service.subjects().eraseSubject(host.alice, 100);

        assertThat(host.store.takeCalls()).startsWith("revoke").endsWith("erase");
        assertThat(erasure).isEqualTo(new Erasure(3, true, Optional.empty()));
        assertThat(erasure.isComplete()).isTrue();
        assertThat(rows()).isZero();
        host.assertRevoked(token);
        host.assertActive(host.tokens.of(bobs));
        assertThat(host.events(RevocationRecorded.class)).singleElement().satisfies(recorded -> {
            assertThat(recorded.entry().reason()).isEqualTo(RevocationReason.ACCOUNT_DISABLED);
            assertThat(recorded.entry().actor()).isEqualTo(Actor.system());
            assertThat(recorded.subject()).isEqualTo(host.alice);
        });
    }

    @Test
    void how_each_session_ended_is_told_once_before_nobody_can_tell_any_more() {
        List<Session> sessions = logins(2);
        host.clock.advance(TestHost.LIFETIMES.idle());
        sessions.addAll(logins(2));
        host.service.revokeSession(host.alice, sessions.get(2).handle(), TestHost.BY_ADMIN);
        host.events.clear();

        host.service.subjects().eraseSubject(host.alice, 100);

        assertThat(host.events(SessionExpired.class))
                .extracting(SessionExpired::session)
                .containsExactlyInAnyOrder(
                        sessions.get(0).handle(), sessions.get(1).handle());
        assertThat(host.events(SessionEnded.class)).singleElement().satisfies(ended -> {
            assertThat(ended.session()).isEqualTo(sessions.get(3).handle());
            assertThat(ended.by().reason()).isEqualTo(RevocationReason.ACCOUNT_DISABLED);
        });
    }

    @Test
    void a_limit_bounds_each_call_and_the_next_ones_go_on_up_to_the_same_instant() {
        logins(5);
        Erasure first = host.service.subjects().eraseSubject(host.alice, TestHost.BY_ADMIN, 2);
        Instant instant = cutOff();
        host.clock.advance(Duration.ofMinutes(1));
        VerifiedToken anew = host.loginToken(host.alice);
        ErasureCursor cursor = first.next().orElseThrow();

        Erasure second = host.service.subjects().eraseSubject(host.alice, cursor, 2);
        host.clock.advance(Duration.ofDays(2));
        SessionService otherNode = host.node(host.clock, builder -> builder);
        ErasureCursor kept = ErasureCursor.parse(cursor.toString()).orElseThrow();
        Erasure third = otherNode.subjects().eraseSubject(host.alice, kept, 2);

        assertThat(first.removed()).isEqualTo(2);
        assertThat(second).isEqualTo(new Erasure(2, true, Optional.of(cursor)));
        assertThat(third.removed()).isEqualTo(1);
        assertThat(third.isComplete()).isTrue();
        assertThat(cutOff()).isEqualTo(instant);
        assertThat(host.store.find(anew.session().orElseThrow(), host.now())).isPresent();
    }

    @Test
    void who_registers_anew_after_it_stays_signed_in() {
        logins(3);
        ErasureCursor cursor =
                host.service.subjects().eraseSubject(host.alice, 1).next().orElseThrow();
        VerifiedToken anew = host.loginToken(host.alice);

        Optional<ErasureCursor> next = Optional.of(cursor);
        while (next.isPresent()) {
            next = host.service
                    .subjects()
                    .eraseSubject(host.alice, next.get(), 1)
                    .next();
        }

        host.assertActive(anew);
        assertThat(host.handlesOf(host.alice))
                .containsExactly(anew.session().orElseThrow().handle());
    }

    @Test
    void going_on_records_the_cut_off_again_only_where_the_store_has_lost_it() {
        List<Session> sessions = logins(3);
        ErasureCursor cursor =
                host.service.subjects().eraseSubject(host.alice, 1).next().orElseThrow();
        host.events.clear();
        host.clock.advance(Duration.ofHours(2));
        host.service.subjects().eraseSubject(host.alice, cursor, 1);
        assertThat(host.events).isEmpty();

        InMemorySessionStore restored =
                InMemorySessionStore.builder().ticker(host.clock.ticker()).build();
        host.store.replaceBy(restored);
        SessionService after = host.node(host.clock, SessionServiceBuilder::trustTokensOlderThanStore);
        assertThat(after.checker().check(host.tokens.of(sessions.get(0))).permits())
                .isTrue();

        after.subjects().eraseSubject(host.alice, cursor, 1);

        assertThat(after.checker().check(host.tokens.of(sessions.get(0))).permits())
                .isFalse();
        assertThat(cutOff()).isEqualTo(cursor.cutOff().issuedBefore());
    }

    @Test
    void an_outage_between_the_cut_off_and_the_rows_is_no_success_and_a_named_repeat_is_the_same_act() {
        VerifiedToken token = host.tokens.of(logins(2).get(0));
        RevocationCause cause = TestHost.BY_ADMIN.named(new OperationId(1, 2));
        host.store.before(verb -> {
            if (verb.equals("erase")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.subjects().eraseSubject(host.alice, cause, 100));
        host.assertRevoked(token);
        Instant instant = cutOff();
        host.store.recover();
        host.clock.advance(Duration.ofMinutes(10));
        VerifiedToken anew = host.loginToken(host.alice);
        Erasure repeat = host.service.subjects().eraseSubject(host.alice, cause, 100);

        assertThat(repeat).isEqualTo(new Erasure(2, true, Optional.empty()));
        assertThat(cutOff()).isEqualTo(instant);
        host.assertActive(anew);
    }

    @Test
    void if_the_cut_off_is_not_answered_no_row_goes() {
        logins(2);
        host.store.before(verb -> {
            if (verb.equals("revoke")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });

        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.subjects().eraseSubject(host.alice, 100));

        host.store.recover();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void an_erasure_of_another_subject_is_refused() {
        logins(2);
        ErasureCursor cursor =
                host.service.subjects().eraseSubject(host.alice, 1).next().orElseThrow();
        host.login(host.bob);
        host.store.takeCalls();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.service.subjects().eraseSubject(host.bob, cursor, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.service.subjects().eraseSubject(host.bob, 1_001));

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void one_that_lies_further_ahead_than_clocks_explain_is_refused_before_anything_happens() {
        logins(2);
        ErasureCursor cursor =
                host.service.subjects().eraseSubject(host.alice, 1).next().orElseThrow();
        Revocation begun = cursor.cutOff();
        ErasureCursor damaged = new ErasureCursor(
                cursor.operation(),
                Revocation.of(begun.target())
                        .because(begun.reason(), begun.actor())
                        .issuedBefore(Instant.parse("9999-01-01T00:00:00Z"))
                        .revokedAt(begun.revokedAt())
                        .forgetAfter(begun.forgetAfter())
                        .build());
        host.store.takeCalls();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> host.service.subjects().eraseSubject(host.alice, damaged, 1))
                .withMessageContaining("ahead");

        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_slower_node_goes_on_with_one_that_was_pushed_behind_the_bulk_of_a_faster_node() {
        ManualClock fast = ManualClock.at(host.now().plus(TestHost.NODE_SKEW));
        Subjects fastNode = host.node(fast, builder -> builder).subjects();
        fastNode.revokeAll(fastNode.beginBulk(TestHost.BY_ADMIN), List.of(host.alice), (done, failed) -> true);
        host.login(host.alice);
        host.login(host.alice);

        Erasure first = host.service.subjects().eraseSubject(host.alice, 1);

        assertThat(host.service
                        .subjects()
                        .eraseSubject(host.alice, first.next().orElseThrow(), 1)
                        .isComplete())
                .isTrue();
    }

    @Test
    void what_a_node_ended_that_crashed_before_it_told_is_told_by_the_one_that_erases() {
        List<Session> sessions = logins(2);
        host.store.before(verb -> {
            if (verb.equals("list")) {
                throw StoreUnavailableException.ofWrite(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> host.service.subjects().eraseSubject(host.alice, TestHost.BY_ADMIN, 100));
        host.store.recover();
        host.clock.advance(Duration.ofMinutes(10));
        assertThat(host.events(SessionEnded.class)).isEmpty();

        host.node(host.clock, builder -> builder).subjects().eraseSubject(host.alice, 100);

        assertThat(host.events(SessionEnded.class))
                .allSatisfy(ended -> assertThat(ended.by().reason()).isEqualTo(RevocationReason.REVOKED_BY_ADMIN))
                .extracting(SessionEnded::session)
                .containsExactlyInAnyOrder(
                        sessions.get(0).handle(), sessions.get(1).handle());
    }

    @Test
    void going_on_takes_two_round_trips_although_somebody_listens() {
        logins(3);
        ErasureCursor cursor =
                host.service.subjects().eraseSubject(host.alice, 1).next().orElseThrow();
        SessionService otherNode = host.node(host.clock, builder -> builder);
        host.store.takeCalls();

        otherNode.subjects().eraseSubject(host.alice, cursor, 1);

        assertThat(host.store.takeCalls()).containsExactly("revoke", "erase");
    }

    @Test
    void a_full_store_signs_out_nobody_else_for_it() {
        TestHost small = TestHost.over(InMemorySessionStore.builder().maxRevocations(2));
        VerifiedToken bobs = small.loginToken(small.bob);
        VerifiedToken alices = small.loginToken(small.alice);
        Subjects subjects = small.service.subjects();
        List<SubjectId> others = Stream.of("carol", "dave", "erin", "frank")
                .map(small.partner::subject)
                .toList();
        subjects.revokeAll(subjects.beginBulk(TestHost.BY_ADMIN), others, (done, failed) -> true);

        Erasure erasure = subjects.eraseSubject(small.alice, 100);

        assertThat(erasure.isComplete()).isTrue();
        small.assertRevoked(alices);
        small.assertActive(bobs);
    }

    @Test
    void it_says_whether_tokens_name_the_subject() {
        SubjectId unknownRealm = new SubjectId(Realm.of("nobody"), "alice");

        assertThat(host.service.subjects().eraseSubject(unknownRealm, 1).isReached())
                .isFalse();
        assertThat(host.service.subjects().eraseSubject(host.alice, 1).isReached())
                .isTrue();
    }

    @Test
    void a_store_that_cannot_erase_says_so_and_nothing_has_happened() {
        SessionService without = SessionService.builder()
                .store(new Without(host.store))
                .lifetimes(TestHost.LIFETIMES)
                .tokenPolicies(host.tokens.policy())
                .authoritativeChecks()
                .build();
        host.store.takeCalls();

        assertThatIllegalStateException()
                .isThrownBy(() -> without.subjects().eraseSubject(host.alice, 1))
                .withMessageContaining("eraseSubject(...)")
                .withMessageContaining("SubjectErasure");
        assertThatIllegalStateException().isThrownBy(() -> without.subjects().countLive());
        assertThat(host.store.takeCalls()).isEmpty();
        without.close();
    }

    private static final class Without extends ForwardingSessionStore {
        Without(SessionStore store) {
            super(store);
        }

        @Override
        public <T> Optional<T> ability(Class<T> type) {
            return Optional.empty();
        }
    }
}
