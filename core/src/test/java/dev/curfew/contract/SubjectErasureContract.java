package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.RotateResult;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.SubjectErasure;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Removing what is stored of one subject before time removes it, by stores that can. */
@Tag("ErasingSubjects")
abstract class SubjectErasureContract extends StoreContract {
    private static final Duration TICK = Duration.ofMillis(1);
    private static final int TOO_MANY_CALLS = 1_000;

    SubjectErasureContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SUBJECT_ERASURE);
    }

    private static SubjectErasure erasing(SessionStore store) {
        return store.ability(SubjectErasure.class).orElseThrow();
    }

    private ErasedRows erase(SubjectId subject, Instant beganUntil, int limit) {
        return erasing(store()).erase(subject, beganUntil, limit, now());
    }

    /** Erases until nothing more is there; answers how many went. */
    private int eraseAll(SubjectId subject, Instant beganUntil) {
        int removed = 0;
        for (int calls = 0; calls < TOO_MANY_CALLS; calls++) {
            ErasedRows rows = erase(subject, beganUntil, SubjectErasure.MAX_LIMIT);
            removed += rows.removed();
            if (!rows.hasMore()) {
                return removed;
            }
        }
        throw new AssertionError("an erasure without end");
    }

    private Revocation cutOff(SubjectId subject) {
        return revoke(RevocationTarget.subject(subject)).entry();
    }

    @Test
    void rows_at_or_before_the_cut_off_go_and_newer_ones_stay() {
        GivenSession before = insert(session(alice).began(now().minus(TICK)).build());
        GivenSession at = loggedIn(alice);
        GivenSession after = insert(session(alice).began(now().plus(TICK)).build());

        assertThat(eraseAll(alice, now())).isEqualTo(2);

        assertThat(find(before)).isEmpty();
        assertThat(find(at)).isEmpty();
        assertThat(standing(after).isSameAs(after.row())).isTrue();
        assertThat(live(alice)).containsExactly(keys(after));
    }

    @Test
    void what_lies_between_two_milliseconds_counts_as_the_earlier_one() {
        GivenSession session = loggedIn(alice);
        GivenSession next = insert(session(alice).began(now().plus(TICK)).build());

        assertThat(eraseAll(alice, now().minusNanos(1))).isZero();
        assertThat(live(alice)).containsExactly(keys(next, session));

        assertThat(eraseAll(alice, now().plusNanos(999_999))).isEqualTo(1);
        assertThat(live(alice)).containsExactly(keys(next));
    }

    @Test
    void nothing_began_before_all_instants_and_everything_before_the_last_one() {
        loggedIn(alice);

        assertThat(eraseAll(alice, Instant.EPOCH)).isZero();
        assertThat(eraseAll(alice, Revocation.NEVER)).isEqualTo(1);
    }

    @Test
    void a_login_that_overtook_the_cut_off_survives() {
        GivenSession old = loggedIn(alice);
        Revocation cutOff = cutOff(alice);
        Instant began = LoginOrder.authenticatedAt(now(), store().newestCutOff(alice, now()));
        GivenSession overtaking =
                insert(session(alice).began(began).stored(now()).build());

        assertThat(eraseAll(alice, cutOff.issuedBefore())).isEqualTo(1);

        assertThat(find(old)).isEmpty();
        assertThat(isLive(overtaking)).isTrue();
        assertThat(live(alice)).containsExactly(keys(overtaking));
    }

    @Test
    void an_erased_sessions_token_is_refused_by_the_cut_off() {
        GivenSession session = loggedIn(alice);
        Revocation cutOff = cutOff(alice);

        eraseAll(alice, cutOff.issuedBefore());

        assertThat(covering(session.token("t"))).containsExactly(cutOff);
        assertThat(covering(session.row().facts())).containsExactly(cutOff);
        assertThat(insert(session, SessionLimit.unlimited())).isEqualTo(new InsertResult.Covered(cutOff));
        assertThat(find(session)).isEmpty();
    }

    @Test
    void an_erasure_that_is_killed_goes_on_where_it_was() {
        for (int i = 0; i < 25; i++) {
            insert(session(alice).began(now().minusMillis(i / 3)).build());
        }
        GivenSession newer = insert(session(alice).began(now().plus(TICK)).build());
        boolean hasSecondNode = fixture().capabilities().contains(StoreCapability.SEVERAL_NODES);
        SessionStore other = hasSecondNode ? opened(fixture().secondNode()) : store();

        List<Integer> removed = new ArrayList<>();
        boolean hasMore = true;
        while (hasMore && removed.size() < TOO_MANY_CALLS) {
            SessionStore node = removed.size() % 2 == 0 ? store() : other;
            ErasedRows rows = erasing(node).erase(alice, now(), 7, now());
            assertThat(rows.removed()).isBetween(0, 7);
            removed.add(rows.removed());
            assertThat(pages(alice, ListQuery.all(100))).hasSize(26 - sum(removed));
            hasMore = rows.hasMore();
        }

        assertThat(hasMore).isFalse();
        assertThat(sum(removed)).isEqualTo(25);
        assertThat(erase(alice, now(), 7)).isEqualTo(new ErasedRows(0, false));
        assertThat(live(alice)).containsExactly(keys(newer));
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void each_limit_is_kept_and_only_what_is_left_over_asks_for_another_call() {
        for (int limit : new int[] {1, 2, 5, 6, SubjectErasure.MAX_LIMIT}) {
            SubjectId subject = Given.subject("subject-" + limit);
            for (int i = 0; i < 5; i++) {
                loggedIn(subject);
            }
            int standing = 5;
            ErasedRows rows;
            int calls = 0;
            do {
                rows = erase(subject, now(), limit);
                calls++;
                assertThat(rows.removed()).as("at limit %s", limit).isLessThanOrEqualTo(limit);
                standing -= rows.removed();
                assertThat(pages(subject, ListQuery.all(10))).hasSize(standing);
                assertThat(rows.hasMore() || standing == 0).isTrue();
            } while (rows.hasMore() && calls < TOO_MANY_CALLS);
            assertThat(standing).isZero();
        }
    }

    @Test
    void live_ended_and_foreign_sessions_go_alike() {
        GivenSession live = loggedIn(alice);
        GivenSession revoked = loggedIn(alice);
        revoke(revoked.target());
        GivenSession foreign = insert(session(alice)
                .foreign("idp-1")
                .client(Given.client("web"))
                .secret("s")
                .credential(new byte[] {1})
                .build());
        GivenSession expired =
                insert(session(alice).lasting(Duration.ofMinutes(5)).build());
        GivenSession idle = insert(session(alice).idle(Duration.ofMinutes(5)).build());
        clock.advance(Duration.ofMinutes(5));

        assertThat(eraseAll(alice, now())).isEqualTo(5);

        assertThat(List.of(live, revoked, foreign, expired, idle))
                .allSatisfy(session -> assertThat(find(session)).isEmpty());
    }

    @Test
    void a_foreign_id_whose_session_was_erased_may_be_used_again() {
        GivenSession first = insert(session(alice).foreign("idp-1").build());
        Revocation cutOff = cutOff(alice);
        eraseAll(alice, cutOff.issuedBefore());
        clock.advance(Duration.ofMinutes(1));

        GivenSession second = insert(session(alice).foreign("idp-1").build());

        assertThat(isLive(second)).isTrue();
        assertThat(isCovered(first.token("t"))).isTrue();
        assertThat(eraseAll(alice, cutOff.issuedBefore())).isZero();
        assertThat(live(alice)).containsExactly(keys(second));
    }

    @Test
    void a_foreign_id_that_another_subject_uses_now_is_not_erased_with_the_first_ones_sessions() {
        GivenSession first = insert(session(alice).foreign("idp-1").build());
        revoke(first.target());
        clock.advance(Duration.ofMinutes(1));
        GivenSession second = insert(session(bob).foreign("idp-1").build());

        // Where both have one key, there is one row.
        assertThat(eraseAll(alice, now())).isLessThanOrEqualTo(1);

        assertThat(pages(alice, ListQuery.all(10))).isEmpty();
        assertThat(standing(second).isSameAs(second.row())).isTrue();
        assertThat(live(bob)).containsExactly(keys(second));
    }

    @Test
    void counts_and_times_to_live_of_other_subjects_stay() {
        SubjectId namesake = new SubjectId(Realm.of("bank"), "alice");
        loggedIn(alice);
        insert(session(alice).client(Given.client("web")).build());
        GivenSession bobs = insert(session(bob).client(Given.client("web")).build());
        GivenSession brief = insert(session(bob).lasting(Duration.ofHours(2)).build());
        GivenSession idle = insert(session(bob).idle(Duration.ofHours(3)).build());
        GivenSession elsewhere = insert(session(namesake).build());

        assertThat(eraseAll(alice, now())).isEqualTo(2);

        assertThat(List.of(bobs, brief, idle, elsewhere))
                .allSatisfy(session ->
                        assertThat(standing(session).isSameAs(session.row())).isTrue());
        assertThat(insert(session(bob).build(), SessionLimit.refuseBeyond(3))).isEqualTo(new InsertResult.OverLimit(3));
        clock.advance(Duration.ofHours(2).minus(TICK));
        assertThat(live(bob)).containsExactlyInAnyOrder(keys(bobs, brief, idle));
        clock.advance(TICK);
        assertThat(live(bob)).containsExactlyInAnyOrder(keys(bobs, idle));
        clock.advance(Duration.ofHours(1));
        assertThat(live(bob)).containsExactly(keys(bobs));
        clock.advance(Given.SETTINGS.endedSessionsKept().minusHours(1).minus(TICK));
        assertThat(store().purge(now(), 100).sessions()).isZero();
        clock.advance(TICK);
        assertThat(store().purge(now(), 100).sessions()).isEqualTo(1);
        assertThat(find(brief)).isEmpty();
        assertThat(isLive(elsewhere)).isTrue();
    }

    @Test
    void the_index_of_the_subject_holds_none_of_them() {
        loggedIn(alice);
        insert(session(alice).foreign("idp-1").build());
        Revocation cutOff = cutOff(alice);
        eraseAll(alice, cutOff.issuedBefore());

        assertThat(pages(alice, ListQuery.all(1))).isEmpty();
        assertThat(live(alice)).isEmpty();
        store().ability(SessionsOfTarget.class)
                .ifPresent(sessions -> assertThat(
                                sessions.sessionsOf(RevocationTarget.subject(alice), ListQuery.all(10), now())
                                        .sessions())
                        .isEmpty());
        clock.advance(Duration.ofMinutes(1));
        GivenSession only = session(alice).build();
        assertThat(insert(only, SessionLimit.refuseBeyond(1))).isEqualTo(new InsertResult.Inserted(List.of()));
        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isEqualTo(1);
    }

    @Test
    void an_erased_session_does_not_hold_up_a_purge() {
        insert(session(alice).lasting(Duration.ofHours(1)).build());
        insert(session(bob).lasting(Duration.ofHours(1)).build());
        eraseAll(alice, now());
        clock.advance(Duration.ofDays(9));

        int sessions = 0;
        for (int calls = 0; calls < 3; calls++) {
            sessions += store().purge(now(), 100).sessions();
        }

        assertThat(sessions).isEqualTo(1);
    }

    @Test
    void a_touch_after_erasure_writes_nothing() {
        GivenSession erased = loggedIn(alice);
        GivenSession live = loggedIn(bob);
        eraseAll(alice, now());
        clock.advance(Duration.ofMinutes(1));
        Touch ofLive = new Touch(live.ref(), now());

        assertThat(store().touch(List.of(new Touch(erased.ref(), now()), ofLive), now()))
                .containsExactly(ofLive);

        assertThat(find(erased)).isEmpty();
        assertThat(pages(alice, ListQuery.all(10))).isEmpty();
    }

    @Test
    void a_rotation_after_erasure_is_not_live_and_writes_nothing() {
        GivenSession session = insert(session(alice).secret("old").build());
        eraseAll(alice, now());
        FeedReader reader = caughtUpReader();

        assertThat(store().rotate(session.ref(), Given.exchange("old", "new").withNotice(), now()))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));

        assertThat(find(session)).isEmpty();
        assertThat(pages(alice, ListQuery.all(10))).isEmpty();
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_payload_that_is_rewritten_after_erasure_writes_nothing() {
        needs(StoreCapability.PAYLOAD_REWRITING);
        GivenSession session = loggedIn(alice);
        StoredPayload payload = StoredPayload.of(session.row());
        eraseAll(alice, now());

        PayloadRewriting rewriting = store().ability(PayloadRewriting.class).orElseThrow();
        assertThat(rewriting.replace(List.of(new PayloadChange(payload, new byte[] {9})), now()))
                .isZero();

        assertThat(find(session)).isEmpty();
    }

    @Test
    void erasing_revokes_nothing_and_forgets_no_revocation() {
        GivenSession loggedOut = loggedIn(alice);
        GivenSession untold = loggedIn(alice);
        Revocation logout = revoke(loggedOut.target()).entry();
        FeedReader reader = caughtUpReader();

        assertThat(eraseAll(alice, now())).isEqualTo(2);

        assertThat(covering(loggedOut.token("t"))).containsExactly(logout);
        assertThat(isCovered(untold.token("t"))).isFalse();
        assertThat(reader.readOn()).isEmpty();
        assertThat(revoke(untold.target()).newlyCovered()).isZero();
        assertThat(isCovered(untold.token("t"))).isTrue();
    }

    @Test
    void of_an_unknown_subject_nothing_is_removed() {
        GivenSession session = loggedIn(bob);

        assertThat(erase(Given.subject("nobody"), now(), 10)).isEqualTo(new ErasedRows(0, false));
        assertThat(isLive(session)).isTrue();
    }

    @Test
    void it_judges_nobody_and_is_done_before_the_horizon_too() {
        needs(StoreCapability.HORIZON);
        Instant horizon = RaisedHorizon.of(store(), clock);
        GivenSession session = loggedIn(alice);
        clock.set(horizon.minus(TICK));

        assertThat(eraseAll(alice, session.row().authenticatedAt())).isEqualTo(1);

        clock.set(horizon);
        assertThat(find(session)).isEmpty();
    }

    @Test
    void a_limit_out_of_range_is_refused() {
        GivenSession session = loggedIn(alice);

        for (int limit : new int[] {Integer.MIN_VALUE, -1, 0, SubjectErasure.MAX_LIMIT + 1, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> erase(alice, now(), limit));
        }

        assertThat(isLive(session)).isTrue();
    }

    @Test
    void more_than_a_call_may_remove_goes_in_several() {
        int sessions = SubjectErasure.MAX_LIMIT + 3;
        for (int i = 0; i < sessions; i++) {
            loggedIn(alice);
        }

        assertThat(erase(alice, now(), SubjectErasure.MAX_LIMIT))
                .isEqualTo(new ErasedRows(SubjectErasure.MAX_LIMIT, true));
        assertThat(eraseAll(alice, now())).isEqualTo(3);
        assertThat(live(alice)).isEmpty();
    }
}
