package dev.curfew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.curfew.contract.TestTokens;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ListQuery;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import dev.curfew.store.UndecodableRevocationException;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a person sees of their sessions. SES-08, SES-10. */
class SessionListTest {
    private final TestHost host = TestHost.start();

    private Session laterLogin(SubjectId subject) {
        host.clock.advance(Duration.ofSeconds(1));
        return host.login(subject);
    }

    /** A row that a version to come has written, or that a disk has damaged. */
    private SessionId unreadableRow(SubjectId subject) {
        SessionId id = SessionId.mint(subject, host.now(), new SecureRandom());
        host.store.insert(damagedRow(subject, id), SessionLimit.unlimited(), host.now());
        return id;
    }

    private StoredSession damagedRow(SubjectId subject, SessionHandle handle) {
        return StoredSession.of(subject, SessionRef.of(subject, handle))
                .authenticatedAt(host.now())
                .createdAt(host.now())
                .ends(host.now().plus(Duration.ofHours(24)), Duration.ofHours(1))
                .forgetAfter(host.now().plus(Duration.ofHours(25)))
                .payload(new byte[] {99, 1, 2, 3})
                .build();
    }

    @Test
    void it_holds_the_callers_own_sessions_newest_first_with_the_current_one_flagged() {
        Session first = laterLogin(host.alice);
        Session second = laterLogin(host.alice);
        laterLogin(host.bob);

        SessionList list = host.service.listSessions(host.tokens.of(first));

        assertThat(list.entries())
                .extracting(entry -> entry.session().handle())
                .containsExactly(second.handle(), first.handle());
        assertThat(list.entries()).extracting(SessionList.Entry::isCurrent).containsExactly(false, true);
        assertThat(list.unreadable()).isZero();
        assertThat(list.next()).isEmpty();
    }

    @Test
    void it_costs_one_call_to_the_store() {
        VerifiedToken caller = host.loginToken(host.alice);
        host.store.takeCalls();

        host.service.listSessions(caller);

        assertThat(host.store.takeCalls()).containsExactly("list");
    }

    @Test
    void it_leaves_out_what_ended_by_revocation_or_by_time() {
        VerifiedToken loggedOut = host.loginToken(host.alice);
        laterLogin(host.alice);
        host.clock.advance(TestHost.LIFETIMES.idle());
        Session live = host.login(host.alice);
        host.service.logout(loggedOut);

        assertThat(host.handlesOf(host.alice)).containsExactly(live.handle());
    }

    @Test
    void a_session_idle_for_exactly_its_timeout_is_over_and_a_millisecond_before_it_is_not() {
        Session session = host.login(host.alice);

        host.clock.advance(TestHost.LIFETIMES.idle().minusMillis(1));
        assertThat(host.handlesOf(host.alice)).containsExactly(session.handle());
        host.clock.advance(Duration.ofMillis(1));
        assertThat(host.handlesOf(host.alice)).isEmpty();
    }

    @Test
    void pages_hold_each_session_once_and_the_current_one_wherever_it_stands() {
        List<SessionHandle> handles = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            handles.add(0, laterLogin(host.alice).handle());
        }
        Session current = laterLogin(host.alice);
        handles.add(0, current.handle());
        VerifiedToken caller = host.tokens.of(current);

        List<SessionHandle> seen = new ArrayList<>();
        int flagged = 0;
        int pages = 0;
        Optional<ListQuery> query = Optional.of(ListQuery.live(3));
        while (query.isPresent()) {
            SessionList page = host.service.listSessions(caller, query.get());
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(3);
            page.entries().forEach(entry -> seen.add(entry.session().handle()));
            flagged += (int)
                    page.entries().stream().filter(SessionList.Entry::isCurrent).count();
            pages++;
            query = page.next().map(cursor -> ListQuery.live(3).after(cursor));
        }

        assertThat(seen).isEqualTo(handles);
        assertThat(flagged).isEqualTo(1);
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void a_current_session_that_is_not_among_the_newest_costs_one_call_more_and_only_on_the_first_page() {
        Session current = laterLogin(host.alice);
        for (int i = 0; i < 120; i++) {
            laterLogin(host.alice);
        }
        VerifiedToken caller = host.tokens.of(current);
        host.store.takeCalls();

        SessionList first = host.service.listSessions(caller, ListQuery.live(50));

        assertThat(host.store.takeCalls()).containsExactly("list", "find");
        assertThat(first.entries()).hasSize(51);
        assertThat(first.entries().get(0).isCurrent()).isTrue();
        assertThat(first.entries().get(0).session().handle()).isEqualTo(current.handle());
        SessionList second = host.service.listSessions(
                caller, ListQuery.live(50).after(first.next().orElseThrow()));
        SessionList third = host.service.listSessions(
                caller, ListQuery.live(50).after(second.next().orElseThrow()));
        assertThat(host.store.takeCalls()).containsExactly("list", "list");
        assertThat(second.entries()).hasSize(50);
        assertThat(third.entries()).as("without the current one").hasSize(20).noneMatch(SessionList.Entry::isCurrent);
        assertThat(third.unreadable()).isZero();
    }

    @Test
    void a_token_of_a_session_that_is_not_kept_here_has_no_current_one() {
        host.login(host.alice);
        SessionId unknown = SessionId.mint(host.alice, host.now(), new SecureRandom());
        VerifiedToken caller =
                host.tokens.draft("alice").with("sid", unknown.value()).verified();

        assertThat(host.service.listSessions(caller).entries()).singleElement().matches(entry -> !entry.isCurrent());
    }

    @Test
    void a_current_session_that_cannot_be_read_hides_no_other_one_and_an_outage_is_one() {
        Session current = laterLogin(host.alice);
        host.clock.advance(TestHost.LIFETIMES.idle());
        Session other = host.login(host.alice);
        VerifiedToken caller = host.tokens.of(current);
        host.store.before(verb -> {
            if (verb.equals("find")) {
                throw new UndecodableRevocationException("a reason that a newer version has written");
            }
        });

        assertThat(host.service.listSessions(caller).entries())
                .extracting(entry -> entry.session().handle())
                .containsExactly(other.handle());

        host.store.before(verb -> {
            if (verb.equals("find")) {
                throw new StoreUnavailableException(verb, null);
            }
        });
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> host.service.listSessions(caller));
    }

    @Test
    void an_administrators_list_holds_nothing_that_has_been_idle_for_too_long() {
        Session idle = host.login(host.alice);
        host.clock.advance(TestHost.LIFETIMES.idle());

        assertThat(host.handlesOf(host.alice)).isEmpty();
        assertThat(host.service.listSessions(host.tokens.of(idle)).entries())
                .singleElement()
                .matches(SessionList.Entry::isCurrent);
    }

    @Test
    void an_unreadable_row_is_listed_without_its_device_and_does_not_hide_the_others() {
        Session readable = host.login(host.alice);
        host.clock.advance(Duration.ofSeconds(1));
        SessionId unreadable = unreadableRow(host.alice);

        SessionList list = host.service.listSessions(host.tokens.of(readable));

        assertThat(list.entries()).extracting(SessionList.Entry::isReadable).containsExactly(false, true);
        Session bare = list.entries().get(0).session();
        assertThat(bare.handle()).isEqualTo(unreadable);
        assertThat(bare.subject()).isEqualTo(host.alice);
        assertThat(bare.device()).isEqualTo(DeviceInfo.unknown());
        assertThat(bare.attributes()).isEmpty();
        assertThat(bare.client()).isEmpty();
        assertThat(bare.createdAt()).isEqualTo(host.now());
        assertThat(list.unreadable()).isZero();
    }

    @Test
    void an_unreadable_row_is_flagged_when_it_is_the_callers_own() {
        SessionId unreadable = unreadableRow(host.alice);
        VerifiedToken caller = host.tokens
                .draft("alice")
                .with("sid", unreadable.value())
                .authenticatedAt(host.now())
                .verified();

        assertThat(host.service.listSessions(caller).entries())
                .extracting(SessionList.Entry::isCurrent)
                .containsExactly(true);
    }

    @Test
    void an_unreadable_row_of_a_foreign_session_has_no_name_and_is_left_out_and_counted() {
        ForeignSessionId foreign = new ForeignSessionId("idp-1");
        host.store.insert(damagedRow(host.alice, foreign), SessionLimit.unlimited(), host.now());

        SessionList list = host.service.listSessions(host.alice, ListQuery.live(10));

        assertThat(list.entries()).isEmpty();
        assertThat(list.unreadable()).isEqualTo(1);
    }

    @Test
    void an_unreadable_row_can_still_be_revoked_by_its_owner_and_by_nobody_else() {
        SessionId unreadable = unreadableRow(host.alice);
        VerifiedToken caller = host.loginToken(host.alice);
        VerifiedToken stranger = host.loginToken(host.bob);

        assertThat(host.service.revokeSession(stranger, unreadable.value()))
                .isEqualTo(new RevocationOutcome.NotOwned());
        assertThat(host.service.revokeSession(caller, unreadable.value()))
                .isEqualTo(TestHost.revoked(RevocationTarget.Kind.SESSION, 1, true));

        assertThat(host.service.listSessions(caller).entries())
                .extracting(SessionList.Entry::isReadable)
                .containsExactly(true);
    }

    @Test
    void an_administrator_sees_any_subjects_sessions_with_none_flagged() {
        Session session = host.login(host.bob);

        SessionList list = host.service.listSessions(host.bob, ListQuery.live(10));

        assertThat(list.entries()).singleElement().satisfies(entry -> {
            assertThat(entry.session().handle()).isEqualTo(session.handle());
            assertThat(entry.isCurrent()).isFalse();
        });
    }

    @Test
    void a_subject_of_the_same_name_in_another_realm_is_somebody_else() {
        TestTokens otherTokens = host.sibling;
        SubjectId otherAlice = otherTokens.subject("alice");
        Session here = host.login(host.alice);
        Session there = host.login(otherAlice);

        assertThat(host.service.listSessions(host.tokens.of(here)).entries())
                .extracting(entry -> entry.session().handle())
                .containsExactly(here.handle());
        assertThat(host.service.listSessions(otherTokens.of(there)).entries())
                .extracting(entry -> entry.session().handle())
                .containsExactly(there.handle());
        assertThat(host.handlesOf(new SubjectId(TestHost.REALM, "Alice"))).isEmpty();
    }

    @Test
    void a_token_without_a_subject_has_no_sessions_and_costs_no_call() {
        VerifiedToken nobody = host.tokens.draft("x").without("sub").verified();
        host.store.takeCalls();

        SessionList list = host.service.listSessions(nobody);

        assertThat(list.entries()).isEmpty();
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void a_foreign_session_is_flagged_by_its_own_handle() {
        VerifiedToken one = host.partner.draft("alice").with("sid", "idp-1").verified();
        VerifiedToken two = host.partner.draft("alice").with("sid", "idp-2").verified();
        host.adopt(one);
        host.adopt(two);

        assertThat(host.service.listSessions(two).entries())
                .filteredOn(SessionList.Entry::isCurrent)
                .singleElement()
                .satisfies(entry -> assertThat(entry.session().handle()).isEqualTo(new ForeignSessionId("idp-2")));
    }

    @Test
    void who_asks_why_a_session_ended_is_told() {
        Session session = host.login(host.alice);
        assertThat(host.service.findSession(session.ref()).orElseThrow().isLive(host.now()))
                .isTrue();

        host.service.revokeSession(host.alice, session.handle(), TestHost.BY_ADMIN);

        assertThat(host.service.findSession(session.ref()).orElseThrow().endedBy())
                .hasValueSatisfying(entry -> assertThat(entry.actor().id()).isEqualTo("admin-7"));
    }

    @Test
    void ended_sessions_are_removed_after_the_time_that_was_set() {
        TestHost brief = TestHost.start(builder -> builder.keepEndedSessions(Duration.ofMinutes(30)));
        Session session = brief.login(brief.alice);
        brief.service.revokeSession(brief.alice, session.handle(), TestHost.BY_ADMIN);

        brief.clock.advance(Duration.ofMinutes(30).minusMillis(1));
        assertThat(brief.service.purge(100).sessions()).isZero();
        brief.clock.advance(Duration.ofMillis(2));
        assertThat(brief.service.purge(100).sessions()).isEqualTo(1);
        assertThat(brief.service.findSession(session.ref())).isEmpty();
        brief.assertRevoked(brief.tokens.of(session));
    }

    /** All of them begin a millisecond after that cut-off. */
    @Test
    void logins_right_after_everything_was_ended_are_in_their_order_and_the_first_is_the_oldest() {
        TestHost limited = TestHost.start(builder -> builder.sessionLimit(SessionLimit.endOldestBeyond(3)));
        limited.service.revokeAllSessions(limited.alice, TestHost.BY_ADMIN);
        List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            limited.clock.advance(Duration.ofMillis(1));
            sessions.add(0, limited.login(limited.alice));
        }

        assertThat(sessions)
                .extracting(Session::authenticatedAt)
                .containsOnly(sessions.get(0).authenticatedAt());
        assertThat(limited.handlesOf(limited.alice))
                .isEqualTo(sessions.subList(0, 3).stream().map(Session::handle).toList());
    }
}
