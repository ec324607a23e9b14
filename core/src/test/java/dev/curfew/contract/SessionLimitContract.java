package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How many live sessions a subject may have: one too many is refused, or ends the oldest. */
@Tag("Limiting")
abstract class SessionLimitContract extends StoreContract {
    private static final SessionLimit REFUSE_BEYOND_TWO = SessionLimit.refuseBeyond(2);
    private static final SessionLimit END_OLDEST_BEYOND_TWO = SessionLimit.endOldestBeyond(2);

    SessionLimitContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void one_session_too_many_is_refused_and_changes_nothing() {
        GivenSession first = begin(REFUSE_BEYOND_TWO);
        GivenSession second = begin(REFUSE_BEYOND_TWO);
        FeedReader reader = caughtUpReader();
        GivenSession third = session(alice).build();

        assertThat(insert(third, REFUSE_BEYOND_TWO)).isEqualTo(new InsertResult.OverLimit(2));

        assertThat(find(third)).isEmpty();
        assertThat(live(alice)).containsExactly(keys(second, first));
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_limit_that_was_lowered_tells_how_many_sessions_live() {
        begin(SessionLimit.unlimited());
        begin(SessionLimit.unlimited());
        begin(SessionLimit.unlimited());

        assertThat(insert(session(alice).build(), REFUSE_BEYOND_TWO)).isEqualTo(new InsertResult.OverLimit(3));
    }

    @Test
    void sessions_that_were_revoked_do_not_count() {
        GivenSession first = begin(REFUSE_BEYOND_TWO);
        begin(REFUSE_BEYOND_TWO);
        revoke(first.target());

        begin(REFUSE_BEYOND_TWO);
        assertThat(insert(session(alice).build(), REFUSE_BEYOND_TWO)).isEqualTo(new InsertResult.OverLimit(2));
    }

    @Test
    void sessions_that_a_cut_off_covers_do_not_count() {
        begin(REFUSE_BEYOND_TWO);
        begin(REFUSE_BEYOND_TWO);
        revoke(RevocationTarget.realm(Given.REALM));
        clock.advance(Duration.ofMinutes(1));

        begin(REFUSE_BEYOND_TWO);
        begin(REFUSE_BEYOND_TWO);
        assertThat(insert(session(alice).build(), REFUSE_BEYOND_TWO)).isEqualTo(new InsertResult.OverLimit(2));
    }

    @Test
    void sessions_at_their_end_do_not_count_and_one_millisecond_before_they_do() {
        insert(session(alice).lasting(Duration.ofHours(1)).build());
        insert(session(alice).idle(Duration.ofHours(1)).build());

        clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(insert(session(alice).build(), REFUSE_BEYOND_TWO)).isEqualTo(new InsertResult.OverLimit(2));
        clock.advance(Duration.ofMillis(1));
        begin(REFUSE_BEYOND_TWO);
        begin(REFUSE_BEYOND_TWO);
    }

    @Test
    void sessions_of_others_do_not_count() {
        begin(REFUSE_BEYOND_TWO);
        begin(REFUSE_BEYOND_TWO);

        assertThat(insert(session(bob).build(), REFUSE_BEYOND_TWO)).isEqualTo(new InsertResult.Inserted(List.of()));
        SubjectId elsewhere = new SubjectId(Realm.of("other"), alice.value());
        assertThat(insert(session(elsewhere).build(), REFUSE_BEYOND_TWO))
                .isEqualTo(new InsertResult.Inserted(List.of()));
    }

    @Test
    void below_the_limit_nothing_is_ended() {
        begin(END_OLDEST_BEYOND_TWO);
        FeedReader reader = caughtUpReader();

        begin(END_OLDEST_BEYOND_TWO);

        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_login_over_the_limit_ends_exactly_the_oldest() {
        GivenSession first = begin(END_OLDEST_BEYOND_TWO);
        GivenSession second = begin(END_OLDEST_BEYOND_TWO);
        FeedReader reader = caughtUpReader();
        clock.advance(Duration.ofSeconds(1));
        GivenSession third = session(alice).build();

        List<FoundSession> ended = endedBy(third, END_OLDEST_BEYOND_TWO);

        assertThat(keysOf(ended)).containsExactly(keys(first));
        Revocation entry = ended.get(0).endedBy().orElseThrow();
        assertThat(entry.target()).isEqualTo(first.target());
        assertThat(entry.reason()).isEqualTo(RevocationReason.LIMIT_EXCEEDED);
        assertThat(entry.revokedAt()).isEqualTo(now());
        assertThat(entry.forgetAfter()).isEqualTo(first.row().forgetAfter());
        assertThat(live(alice)).containsExactly(keys(third, second));
        assertThat(find(first).orElseThrow().coveredBy()).containsExactly(entry);
        assertThat(isCovered(first.token("t"))).isTrue();
        assertThat(reader.revocations()).containsExactly(entry);
    }

    @Test
    void a_limit_that_was_lowered_ends_as_many_as_it_takes() {
        GivenSession first = begin(SessionLimit.unlimited());
        GivenSession second = begin(SessionLimit.unlimited());
        GivenSession third = begin(SessionLimit.unlimited());
        clock.advance(Duration.ofSeconds(1));
        GivenSession fourth = session(alice).build();

        List<FoundSession> ended = endedBy(fourth, END_OLDEST_BEYOND_TWO);

        assertThat(keysOf(ended)).containsExactlyInAnyOrder(keys(first, second));
        assertThat(live(alice)).containsExactly(keys(fourth, third));
    }

    @Test
    void the_oldest_is_the_one_that_began_first_whatever_was_stored_or_used_first() {
        GivenSession storedFirst = begin(SessionLimit.unlimited());
        GivenSession beganFirst = insert(
                session(alice).began(now().minusSeconds(600)).stored(now()).build());
        clock.advance(Duration.ofSeconds(1));
        store().touch(List.of(new Touch(beganFirst.ref(), now())), now());

        List<FoundSession> ended = endedBy(session(alice).build(), END_OLDEST_BEYOND_TWO);

        assertThat(keysOf(ended)).containsExactly(keys(beganFirst));
        assertThat(isLive(storedFirst)).isTrue();
    }

    @Test
    void of_sessions_that_began_at_one_instant_the_one_created_first_is_the_oldest() {
        Instant began = now();
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            clock.advance(Duration.ofMillis(1));
            GivenSession next = session(alice).began(began).stored(now()).build();
            List<FoundSession> ended = endedBy(next, END_OLDEST_BEYOND_TWO);
            sessions.add(next);

            assertThat(keysOf(ended)).isEqualTo(i < 2 ? List.of() : List.of(keys(sessions.get(i - 2))));
        }

        assertThat(live(alice)).containsExactly(keys(sessions.get(8), sessions.get(7)));
    }

    @Test
    void a_limit_that_was_lowered_ends_the_ones_created_first_of_one_instant() {
        Instant began = now();
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            clock.advance(Duration.ofMillis(1));
            sessions.add(insert(session(alice).began(began).stored(now()).build()));
        }
        clock.advance(Duration.ofMillis(1));
        GivenSession last = session(alice).began(began).stored(now()).build();

        assertThat(endedBy(last, END_OLDEST_BEYOND_TWO)).hasSize(8);
        assertThat(live(alice)).containsExactly(keys(last, sessions.get(8)));
    }

    @Test
    void ended_sessions_are_not_ended_again() {
        GivenSession revoked = begin(SessionLimit.unlimited());
        revoke(revoked.target());
        insert(session(alice).lasting(Duration.ofSeconds(1)).build());
        clock.advance(Duration.ofSeconds(1));
        GivenSession third = begin(END_OLDEST_BEYOND_TWO);
        begin(END_OLDEST_BEYOND_TWO);

        assertThat(keysOf(endedBy(session(alice).build(), END_OLDEST_BEYOND_TWO)))
                .containsExactly(keys(third));
    }

    @Test
    void foreign_sessions_are_ended_like_ours() {
        GivenSession first = session(alice).foreign("sid-1").build();
        insert(first, SessionLimit.endOldestBeyond(1));
        clock.advance(Duration.ofSeconds(1));

        List<FoundSession> ended = endedBy(session(alice).foreign("sid-2").build(), SessionLimit.endOldestBeyond(1));

        assertThat(keysOf(ended)).containsExactly(keys(first));
        assertThat(isLive(first)).isFalse();
    }

    @Test
    void a_foreign_session_that_a_cut_off_has_pushed_ahead_of_this_node_is_ended() {
        GivenSession ahead =
                insert(session(alice).foreign("sid-1").began(pushedAhead()).build());

        List<FoundSession> ended = endedBy(session(alice).build(), SessionLimit.endOldestBeyond(1));

        assertThat(keysOf(ended)).containsExactly(keys(ahead));
        Revocation entry = ended.get(0).endedBy().orElseThrow();
        assertThat(entry).isEqualTo(RevocationRequest.overLimit(ahead.row(), now(), Given.SETTINGS));
        assertThat(find(ahead).orElseThrow().coveredBy()).containsExactly(entry);
    }

    private GivenSession begin(SessionLimit limit) {
        clock.advance(Duration.ofSeconds(1));
        GivenSession session = session(alice).build();
        assertThat(insert(session, limit)).isEqualTo(new InsertResult.Inserted(List.of()));
        return session;
    }

    private List<FoundSession> endedBy(GivenSession newcomer, SessionLimit limit) {
        InsertResult result = insert(newcomer, limit);
        assertThat(result).isInstanceOf(InsertResult.Inserted.class);
        return ((InsertResult.Inserted) result).ended();
    }
}
