package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A login in the place of an older session of the same subject, which ends in the same step. */
@Tag("Replacing")
abstract class ReplaceContract extends StoreContract {
    private static final SessionLimit UNLIMITED = SessionLimit.unlimited();
    private static final Duration SECOND = Duration.ofSeconds(1);

    ReplaceContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    /** What a host may want if a subject has too many sessions. */
    enum Limit {
        REFUSE,
        END_OLDEST;

        SessionLimit beyond(int max) {
            return this == REFUSE ? SessionLimit.refuseBeyond(max) : SessionLimit.endOldestBeyond(max);
        }
    }

    @Test
    void a_replaced_session_ends_in_the_same_step_with_REPLACED_or_neither_happens() {
        GivenSession old = loggedIn(alice);
        GivenSession bystander = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession next =
                session(alice).secret("next").credential(new byte[] {1}).build();

        List<FoundSession> ended = endedBy(insert(next, UNLIMITED, old.ref()));

        Revocation entry = RevocationRequest.replaced(old.row(), now(), Given.SETTINGS);
        assertThat(entry.reason()).isEqualTo(RevocationReason.REPLACED);
        assertThat(ended).singleElement().satisfies(one -> {
            InsertContract.assertSameRow(one.session(), old.row());
            assertThat(one.coveredBy()).containsExactly(entry);
        });
        assertThat(find(old).orElseThrow().coveredBy()).containsExactly(entry);
        assertThat(covering(old.token("t"))).containsExactly(entry);
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(next, bystander));
        InsertContract.assertSameRow(standing(next), next.row());
        assertThat(isCovered(next.token("t"))).isFalse();
    }

    @Test
    void a_replacement_puts_its_entry_on_the_feed() {
        GivenSession ours = loggedIn(alice);
        GivenSession foreign = insert(session(bob).foreign("sid-1").build());
        FeedReader reader = caughtUpReader();
        clock.advance(SECOND);

        for (GivenSession old : List.of(ours, foreign)) {
            List<FoundSession> ended = endedBy(insert(session(old.subject()).build(), UNLIMITED, old.ref()));

            assertThat(reader.revocations())
                    .containsExactly(ended.get(0).endedBy().orElseThrow());
        }
    }

    @Test
    void a_replaced_foreign_session_that_a_cut_off_has_pushed_ahead_of_this_node_is_ended() {
        GivenSession ahead =
                insert(session(alice).foreign("sid-1").began(pushedAhead()).build());

        endedBy(insert(session(alice).build(), UNLIMITED, ahead.ref()));

        assertThat(find(ahead).orElseThrow().coveredBy())
                .containsExactly(RevocationRequest.replaced(ahead.row(), now(), Given.SETTINGS));
    }

    @Test
    void a_foreign_session_of_the_same_subject_is_replaced_whatever_its_reference_says_of_its_place() {
        GivenSession routed = insert(session(alice).foreign("sid-1").build());
        GivenSession unrouted = insert(session(alice).foreign("sid-2").build());
        clock.advance(SECOND);
        GivenSession next = session(alice).foreign("sid-3").build();
        GivenSession last = session(alice).build();

        assertThat(keysOf(endedBy(insert(next, UNLIMITED, routed.ref())))).containsExactly(keys(routed));
        SessionRef nowhere = SessionRef.ofUnknownSubject(Given.REALM, unrouted.handle());
        assertThat(keysOf(endedBy(insert(last, UNLIMITED, nowhere)))).containsExactly(keys(unrouted));

        assertThat(find(routed).orElseThrow().endedBy())
                .contains(RevocationRequest.replaced(routed.row(), now(), Given.SETTINGS));
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(next, last));
    }

    @Test
    void an_unknown_an_ended_and_a_foreign_replaced_session_change_nothing() {
        GivenSession ofBob = loggedIn(bob);
        GivenSession foreignOfBob = insert(session(bob).foreign("sid-1").build());
        GivenSession revoked = loggedIn(alice);
        Revocation logout = revoke(revoked.target()).entry();
        GivenSession expired = insert(session(alice).lasting(SECOND).build());
        GivenSession idle = insert(session(alice).idle(SECOND).build());
        clock.advance(SECOND);
        FeedReader reader = caughtUpReader();

        for (SessionRef replaced : List.of(
                session(alice).build().ref(),
                SessionRef.of(alice, new ForeignSessionId("nobody")),
                revoked.ref(),
                expired.ref(),
                idle.ref(),
                ofBob.ref(),
                foreignOfBob.ref(),
                SessionRef.of(alice, foreignOfBob.handle()))) {
            GivenSession next = session(alice).build();
            assertThat(insert(next, UNLIMITED, replaced)).isEqualTo(new InsertResult.Inserted(List.of()));
            assertThat(isLive(next)).isTrue();
        }

        assertThat(live(alice)).hasSize(8);
        assertThat(live(bob)).containsExactlyInAnyOrder(keys(ofBob, foreignOfBob));
        assertThat(find(revoked).orElseThrow().coveredBy()).containsExactly(logout);
        assertThat(find(expired).orElseThrow().coveredBy()).isEmpty();
        assertThat(find(idle).orElseThrow().coveredBy()).isEmpty();
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_session_of_another_subject_is_not_replaced_and_the_login_stands() {
        SubjectId twin = new SubjectId(Realm.of("other"), alice.value());
        for (SubjectId other : List.of(bob, twin)) {
            for (GivenSession victim : List.of(
                    session(other).build(),
                    session(other).foreign("sid-of-" + other.realm()).build())) {
                insert(victim);
                GivenSession login = session(alice).build();

                assertThat(insert(login, SessionLimit.endOldestBeyond(1), victim.ref()))
                        .isInstanceOf(InsertResult.Inserted.class);

                assertThat(isLive(victim)).isTrue();
                assertThat(find(victim).orElseThrow().coveredBy()).isEmpty();
                assertThat(live(alice)).containsExactly(keys(login));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void at_limit_1_a_re_login_replaces_and_ends_no_other(Limit whenReached) {
        GivenSession current = loggedIn(alice);
        FeedReader reader = caughtUpReader();
        for (int i = 0; i < 5; i++) {
            clock.advance(SECOND);
            GivenSession next = session(alice).build();

            InsertResult result = insert(next, whenReached.beyond(1), current.ref());

            Revocation entry = RevocationRequest.replaced(current.row(), now(), Given.SETTINGS);
            assertThat(endedBy(result))
                    .singleElement()
                    .satisfies(one -> assertThat(one.coveredBy()).containsExactly(entry));
            assertThat(live(alice)).containsExactly(keys(next));
            assertThat(reader.revocations()).containsExactly(entry);
            current = next;
        }
    }

    @ParameterizedTest
    @EnumSource
    void below_the_limit_a_re_login_ends_the_replaced_session_and_not_the_oldest(Limit whenReached) {
        GivenSession oldest = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession current = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession next = session(alice).build();

        InsertResult result = insert(next, whenReached.beyond(2), current.ref());

        assertThat(keysOf(endedBy(result))).containsExactly(keys(current));
        assertThat(live(alice)).containsExactly(keys(next, oldest));
    }

    @Test
    void beyond_the_limit_the_oldest_ends_besides_the_replaced_session_each_for_its_own_reason() {
        GivenSession oldest = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession current = insert(session(alice).foreign("sid-1").build());
        clock.advance(SECOND);
        GivenSession kept = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession next = session(alice).build();

        List<FoundSession> ended = endedBy(insert(next, SessionLimit.endOldestBeyond(2), current.ref()));

        assertThat(told(ended))
                .isEqualTo(Set.of(
                        new Told(oldest.row(), RevocationRequest.overLimit(oldest.row(), now(), Given.SETTINGS)),
                        new Told(current.row(), RevocationRequest.replaced(current.row(), now(), Given.SETTINGS))));
        assertThat(live(alice)).containsExactly(keys(next, kept));
    }

    @Test
    void a_refused_login_replaces_nothing() {
        GivenSession old = loggedIn(alice);
        GivenSession second = loggedIn(alice);
        GivenSession third = loggedIn(alice);
        GivenSession over = loggedIn(alice);
        revoke(over.target());
        FeedReader reader = caughtUpReader();

        assertThat(insert(session(alice).build(), SessionLimit.refuseBeyond(2), old.ref()))
                .as("one too many also without the replaced one")
                .isEqualTo(new InsertResult.OverLimit(2));
        assertThat(insert(sameId(over), UNLIMITED, old.ref())).isEqualTo(new InsertResult.AlreadyKnown());
        assertThat(insert(sameId(second), UNLIMITED, old.ref())).isEqualTo(new InsertResult.AlreadyKnown());
        assertThat(reader.readOn()).isEmpty();
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(old, second, third));

        GivenSession revoked = session(alice).build();
        Revocation entry = revoke(revoked.target()).entry();
        assertThat(insert(revoked, UNLIMITED, old.ref())).isEqualTo(new InsertResult.Covered(entry));
        assertThat(reader.revocations()).containsExactly(entry);
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(old, second, third));
        assertThat(find(old).orElseThrow().coveredBy()).isEmpty();
    }

    @Test
    void a_login_that_a_cut_off_overtook_replaces_nothing() {
        GivenSession old = loggedIn(alice);
        clock.advance(SECOND);
        Revocation cutOff = revoke(RevocationTarget.subject(alice)).entry();
        GivenSession overtaken = session(alice).build();
        FeedReader reader = caughtUpReader();

        assertThat(insert(overtaken, UNLIMITED, old.ref())).isEqualTo(new InsertResult.Covered(cutOff));

        assertThat(find(overtaken)).isEmpty();
        assertThat(find(old).orElseThrow().coveredBy()).containsExactly(cutOff);
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_replaced_session_is_not_counted_by_what_is_revoked_later() {
        GivenSession old = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession next = session(alice).build();
        insert(next, UNLIMITED, old.ref());

        assertThat(revoke(old.target()).newlyCovered()).isZero();
        RevokeResult.Recorded everything = revoke(RevocationTarget.subject(alice));
        assertThat(everything.newlyCovered()).isEqualTo(1);
        assertThat(isLive(next)).isFalse();
    }

    @Test
    void a_foreign_session_that_was_replaced_may_come_back_later() {
        GivenSession old = insert(session(alice).foreign("sid-1").build());
        clock.advance(SECOND);
        GivenSession next = session(alice).build();
        insert(next, UNLIMITED, old.ref());
        clock.advance(Duration.ofMinutes(1));

        GivenSession again = session(alice).foreign("sid-1").build();
        assertThat(keysOf(endedBy(insert(again, UNLIMITED, next.ref())))).containsExactly(keys(next));

        assertThat(live(alice)).containsExactly(keys(again));
    }

    @ParameterizedTest
    @EnumSource
    void a_re_login_whose_answer_was_lost_answers_the_same_ended_sessions_and_ends_no_more(Limit whenReached) {
        GivenSession bystander = loggedIn(alice);
        for (GivenSession old :
                List.of(session(alice).build(), session(alice).foreign("sid-1").build())) {
            insert(old);
            clock.advance(SECOND);
            GivenSession next =
                    session(alice).secret("next").credential(new byte[] {1}).build();
            SessionLimit limit = whenReached.beyond(2);
            List<FoundSession> first = endedBy(insert(next, limit, old.ref()));
            assertThat(keysOf(first)).containsExactly(keys(old));
            FeedReader reader = caughtUpReader();

            List<FoundSession> second = endedBy(insert(next, limit, old.ref()));

            assertThat(told(second)).isEqualTo(told(first));
            assertThat(live(alice)).containsExactlyInAnyOrder(keys(next, bystander));
            assertThat(find(old).orElseThrow().coveredBy()).hasSize(1);
            assertThat(reader.readOn()).isEmpty();
            revoke(next.target());
        }
    }

    @Test
    void a_re_login_beyond_the_limit_whose_answer_was_lost_answers_all_that_it_ended() {
        GivenSession oldest = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession current = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession kept = loggedIn(alice);
        clock.advance(SECOND);
        GivenSession next = session(alice).build();
        SessionLimit limit = SessionLimit.endOldestBeyond(2);
        List<FoundSession> first = endedBy(insert(next, limit, current.ref()));
        assertThat(keysOf(first)).containsExactlyInAnyOrder(keys(oldest, current));

        assertThat(told(endedBy(insert(next, limit, current.ref())))).isEqualTo(told(first));

        assertThat(live(alice)).containsExactly(keys(next, kept));
    }

    @Test
    void a_re_login_that_replaced_nothing_replaces_nothing_when_it_is_sent_again() {
        GivenSession old = loggedIn(alice);
        GivenSession ofBob = loggedIn(bob);
        clock.advance(SECOND);
        Revocation logout = revoke(old.target()).entry();
        GivenSession first = session(alice).build();
        GivenSession second = session(alice).build();

        for (int i = 0; i < 2; i++) {
            assertThat(insert(first, UNLIMITED, old.ref())).isEqualTo(new InsertResult.Inserted(List.of()));
            assertThat(insert(second, UNLIMITED, ofBob.ref())).isEqualTo(new InsertResult.Inserted(List.of()));
        }

        assertThat(find(old).orElseThrow().coveredBy()).containsExactly(logout);
        assertThat(isLive(ofBob)).isTrue();
        assertThat(live(alice)).containsExactlyInAnyOrder(keys(first, second));
    }

    /** Another row of the same id. */
    private GivenSession sameId(GivenSession session) {
        return session(session.subject())
                .id(session.row().id().orElseThrow())
                .secret("other")
                .build();
    }

    private static List<FoundSession> endedBy(InsertResult result) {
        assertThat(result).isInstanceOf(InsertResult.Inserted.class);
        return ((InsertResult.Inserted) result).ended();
    }

    /** What an answer tells of an ended session. */
    private record Told(String session, Revocation by) {
        Told(StoredSession row, Revocation by) {
            this(row.key().toString(), by);
        }
    }

    private static Set<Told> told(List<FoundSession> ended) {
        Set<Told> told = new HashSet<>();
        ended.forEach(one -> told.add(new Told(one.session(), one.endedBy().orElseThrow())));
        assertThat(told).hasSameSizeAs(ended);
        return told;
    }
}
