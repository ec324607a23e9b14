package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionsOfTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A subject's sessions, page by page. */
@Tag("Listing")
abstract class ListContract extends StoreContract {
    ListContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_subject_without_sessions_has_an_empty_list() {
        loggedIn(bob);

        SessionPage page = page(alice, ListQuery.live(10));

        assertThat(page.sessions()).isEmpty();
        assertThat(page.hasMore()).isFalse();
        assertThat(page.next()).isEmpty();
    }

    @Test
    void the_session_that_began_last_comes_first() {
        GivenSession middle =
                insert(session(alice).began(now().minusSeconds(20)).build());
        GivenSession newest =
                insert(session(alice).began(now().minusSeconds(10)).build());
        GivenSession oldest =
                insert(session(alice).began(now().minusSeconds(30)).build());

        assertThat(live(alice)).containsExactly(keys(newest, middle, oldest));
    }

    @Test
    void a_listed_session_is_what_was_stored() {
        GivenSession session = insert(session(alice)
                .secret("secret")
                .client(Given.client("web"))
                .payload(new byte[] {9, 8, 7})
                .build());

        FoundSession found = page(alice, ListQuery.live(1)).sessions().get(0);

        InsertContract.assertSameRow(found.session(), session.row());
        assertThat(found.coveredBy()).isEmpty();
    }

    @Test
    void only_sessions_of_that_subject_and_realm_are_listed() {
        GivenSession hers = loggedIn(alice);
        loggedIn(bob);
        loggedIn(new SubjectId(Realm.of("other"), alice.value()));

        assertThat(live(alice)).containsExactly(keys(hers));
        assertThat(keysOf(pages(alice, ListQuery.all(10)))).containsExactly(keys(hers));
    }

    @Test
    void pages_are_complete_and_without_duplicates() {
        List<GivenSession> sessions = logins(23);

        for (int limit : new int[] {1, 2, 7, 22, 23, 24, 1_000}) {
            assertThat(keysOf(pages(alice, ListQuery.live(limit)))).containsExactlyElementsOf(newestFirst(sessions));
        }
    }

    @Test
    void pages_are_complete_also_among_sessions_of_one_instant() {
        List<LookupKey> sessions = IntStream.range(0, 17)
                .mapToObj(i -> loggedIn(alice).row().key())
                .sorted()
                .toList();

        assertThat(keysOf(pages(alice, ListQuery.live(1)))).containsExactlyElementsOf(sessions);
        assertThat(keysOf(pages(alice, ListQuery.live(4)))).containsExactlyElementsOf(sessions);
    }

    @Test
    void sessions_of_one_instant_are_listed_by_their_creation_whatever_the_size_of_a_page() {
        List<GivenSession> sessions = createdOneAfterAnother(17);

        for (int limit : new int[] {1, 3, 16, 17, 1_000}) {
            assertThat(keysOf(pages(alice, ListQuery.live(limit)))).containsExactlyElementsOf(newestFirst(sessions));
            assertThat(keysOf(pages(alice, ListQuery.all(limit)))).containsExactlyElementsOf(newestFirst(sessions));
        }
    }

    @Test
    void sessions_of_one_instant_that_are_created_between_two_pages_neither_repeat_nor_hide_any() {
        Instant began = now();
        List<GivenSession> sessions = createdOneAfterAnother(9);
        List<LookupKey> listed = new ArrayList<>();

        SessionPage page = page(alice, ListQuery.live(2));
        listed.addAll(keysOf(page.sessions()));
        while (page.next().isPresent()) {
            clock.advance(Duration.ofMillis(1));
            insert(session(alice).began(began).stored(now()).build());
            page = page(alice, ListQuery.live(2).after(page.next().get()));
            listed.addAll(keysOf(page.sessions()));
        }

        assertThat(listed).containsExactlyElementsOf(newestFirst(sessions));
    }

    @Test
    void the_instant_at_which_sessions_began_counts_before_their_creation() {
        GivenSession late =
                insert(session(alice).began(now().plusMillis(1)).stored(now()).build());
        clock.advance(Duration.ofSeconds(1));
        GivenSession early =
                insert(session(alice).began(now().minusSeconds(9)).stored(now()).build());

        assertThat(live(alice)).containsExactly(keys(late, early));
    }

    @Test
    void the_first_page_holds_the_newest_and_tells_that_there_are_more() {
        List<GivenSession> sessions = logins(3);

        SessionPage page = page(alice, ListQuery.live(2));

        assertThat(keysOf(page.sessions())).containsExactly(keys(sessions.get(2), sessions.get(1)));
        assertThat(page.hasMore()).isTrue();
    }

    @Test
    void sessions_that_begin_between_two_pages_neither_repeat_nor_hide_any() {
        List<GivenSession> sessions = logins(9);
        List<LookupKey> listed = new ArrayList<>();

        SessionPage page = page(alice, ListQuery.live(2));
        listed.addAll(keysOf(page.sessions()));
        while (page.next().isPresent()) {
            clock.advance(Duration.ofSeconds(1));
            loggedIn(alice);
            page = page(alice, ListQuery.live(2).after(page.next().get()));
            listed.addAll(keysOf(page.sessions()));
        }

        assertThat(listed).containsExactlyElementsOf(newestFirst(sessions));
    }

    @Test
    void a_cursor_whose_session_ended_still_works() {
        List<GivenSession> sessions = logins(4);
        SessionPage first = page(alice, ListQuery.live(2));
        revoke(sessions.get(2).target());

        SessionPage second = page(alice, ListQuery.live(2).after(first.next().orElseThrow()));

        assertThat(keysOf(second.sessions())).containsExactly(keys(sessions.get(1), sessions.get(0)));
    }

    @Test
    void live_sessions_are_found_behind_a_page_of_ended_ones() {
        List<GivenSession> sessions = logins(30);
        sessions.subList(3, 29).forEach(session -> revoke(session.target()));

        assertThat(keysOf(pages(alice, ListQuery.live(2))))
                .containsExactly(keys(sessions.get(29), sessions.get(2), sessions.get(1), sessions.get(0)));
    }

    @Test
    void the_list_of_all_shows_ended_sessions_with_what_ended_them() {
        List<GivenSession> sessions = logins(3);
        Revocation logout = revoke(sessions.get(0).target()).entry();
        clock.advance(Duration.ofSeconds(5));
        Revocation cutOff = revoke(Given.act(RevocationTarget.subject(alice))
                        .exempt(sessions.get(2).exempt())
                        .build())
                .entry();

        List<FoundSession> all = pages(alice, ListQuery.all(2));

        assertThat(keysOf(all)).containsExactlyElementsOf(newestFirst(sessions));
        assertThat(all.get(0).coveredBy()).isEmpty();
        assertThat(all.get(1).coveredBy()).containsExactly(cutOff);
        assertThat(all.get(2).coveredBy()).containsExactly(logout, cutOff);
        assertThat(all.get(2).endedBy()).contains(logout);
        assertThat(live(alice)).containsExactly(keys(sessions.get(2)));
    }

    @Test
    void what_ended_a_session_stays_the_first_also_if_the_later_was_recorded_out_of_order() {
        GivenSession session = loggedIn(alice);
        Revocation late = revoke(RevocationTarget.subject(alice)).entry();
        Revocation early = Revocation.of(session.target())
                .revokedAt(now().minusSeconds(9))
                .forgetAfter(session.row().forgetAfter())
                .build();
        store().record(List.of(early), now());

        assertThat(find(session).orElseThrow().coveredBy()).containsExactly(early, late);
    }

    @Test
    void the_list_of_all_shows_what_time_ended() {
        GivenSession expired =
                insert(session(alice).lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(1));

        assertThat(live(alice)).isEmpty();
        assertThat(keysOf(pages(alice, ListQuery.all(10)))).containsExactly(keys(expired));
    }

    @Test
    void a_row_whose_payload_is_rubbish_hides_no_other() {
        GivenSession first = loggedIn(alice);
        clock.advance(Duration.ofSeconds(1));
        GivenSession rubbish =
                insert(session(alice).payload(new byte[] {-1, 0, -1}).build());
        clock.advance(Duration.ofSeconds(1));
        GivenSession last = loggedIn(alice);

        assertThat(live(alice)).containsExactly(keys(last, rubbish, first));
    }

    /** So many sessions, one each second, the oldest in front. */
    private List<GivenSession> logins(int count) {
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofSeconds(1));
            sessions.add(loggedIn(alice));
        }
        return sessions;
    }

    /** So many sessions behind one cut-off, which all began at one instant, a millisecond apart. */
    private List<GivenSession> createdOneAfterAnother(int count) {
        Instant began = now();
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clock.advance(Duration.ofMillis(1));
            sessions.add(insert(session(alice).began(began).stored(now()).build()));
        }
        return sessions;
    }

    private static List<LookupKey> newestFirst(List<GivenSession> sessions) {
        List<LookupKey> keys = new ArrayList<>();
        for (int i = sessions.size() - 1; i >= 0; i--) {
            keys.add(sessions.get(i).row().key());
        }
        return keys;
    }

    @Test
    void the_sessions_of_a_target_are_found_without_any_name() {
        needs(StoreCapability.SESSIONS_OF_TARGET);
        GivenSession first = insert(session(alice).began(now().minusSeconds(20)).build());
        GivenSession second = insert(
                session(alice).foreign("sid-1").began(now().minusSeconds(10)).build());
        insert(session(alice).began(now().minusSeconds(30)).build());
        loggedIn(bob);
        revoke(first.target());

        assertThat(sessionsOf(first.target(), ListQuery.all(10)))
                .singleElement()
                .satisfies(found -> assertThat(found.endedBy()).isPresent());
        assertThat(sessionsOf(first.target(), ListQuery.live(10))).isEmpty();
        assertThat(keysOf(sessionsOf(second.target(), ListQuery.live(10)))).containsExactly(keys(second));
        assertThat(keysOf(sessionsOf(RevocationTarget.subject(alice), ListQuery.all(10))))
                .isEqualTo(keysOf(pages(alice, ListQuery.all(10))))
                .hasSize(3);
        assertThat(sessionsOf(RevocationTarget.subject(alice), ListQuery.all(2)))
                .hasSize(2);
        assertThat(sessionsOf(RevocationTarget.subject(Given.subject("nobody")), ListQuery.all(2)))
                .isEmpty();
    }

    @Test
    void what_names_no_sessions_is_refused() {
        needs(StoreCapability.SESSIONS_OF_TARGET);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> sessionsOf(RevocationTarget.realm(Given.REALM), ListQuery.all(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> sessionsOf(Given.tokenTarget(alice, "jti-1"), ListQuery.all(1)));
    }

    private List<FoundSession> sessionsOf(RevocationTarget target, ListQuery query) {
        return store().ability(SessionsOfTarget.class)
                .orElseThrow()
                .sessionsOf(target, query, now())
                .sessions();
    }
}
