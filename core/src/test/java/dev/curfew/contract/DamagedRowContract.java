package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.NewSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.SessionsOfTarget;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rows of sessions that cannot be read: no verb fails because of one, and none answers it. */
@Tag("DamagedRows")
abstract class DamagedRowContract extends StoreContract {
    private GivenSession before;
    private GivenSession damaged;
    private GivenSession after;

    DamagedRowContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void damageOneOfThree() {
        needs(StoreCapability.DAMAGED_ROWS);
        before = loggedIn();
        damaged = loggedIn();
        after = loggedIn();
        fixture().damageRow(damaged.ref());
    }

    private GivenSession loggedIn() {
        clock.advance(Duration.ofMillis(1));
        return insert(session(alice).build());
    }

    @Test
    void it_is_not_found_and_those_beside_it_are() {
        assertThat(find(damaged)).isEmpty();
        assertThat(find(before)).isPresent();
        assertThat(find(after)).isPresent();
    }

    @Test
    void it_is_left_out_of_lists_and_hides_nothing_that_lies_behind_it() {
        for (int limit = 1; limit <= 3; limit++) {
            assertThat(keysOf(pages(alice, ListQuery.live(limit)))).containsExactly(keys(after, before));
            assertThat(keysOf(pages(alice, ListQuery.all(limit)))).containsExactly(keys(after, before));
        }
    }

    @Test
    void it_is_not_among_the_sessions_of_a_target_and_those_beside_it_are() {
        needs(StoreCapability.SESSIONS_OF_TARGET);
        SessionsOfTarget sessions = store().ability(SessionsOfTarget.class).orElseThrow();

        assertThat(sessions.sessionsOf(damaged.target(), ListQuery.all(9), now())
                        .sessions())
                .isEmpty();
        assertThat(keysOf(sessions.sessionsOf(RevocationTarget.subject(alice), ListQuery.all(9), now())
                        .sessions()))
                .containsExactly(keys(after, before));
    }

    @Test
    void no_sign_of_life_moves_it_and_the_others_of_the_batch_move() {
        clock.advance(Duration.ofSeconds(1));
        Touch first = new Touch(before.ref(), now());
        Touch last = new Touch(after.ref(), now());

        assertThat(store().touch(List.of(first, new Touch(damaged.ref(), now()), last), now()))
                .containsExactly(first, last);
        assertThat(standing(after).lastSeenAt()).isEqualTo(now());
    }

    @Test
    void an_exchange_is_answered_as_that_of_a_session_that_is_not_there() {
        assertThat(store().rotate(damaged.ref(), Given.exchange("a", "b"), now()))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
    }

    @Test
    void it_can_be_revoked_by_its_id_and_by_its_subject() {
        revoke(damaged.target());
        assertThat(isCovered(damaged.token("t"))).isTrue();
        assertThat(isCovered(before.token("t"))).isFalse();

        revoke(RevocationTarget.subject(alice));
        assertThat(isCovered(after.token("t"))).isTrue();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void it_keeps_its_id() {
        assertThat(insert(damaged, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
    }

    @Test
    void it_holds_up_no_login_that_replaces_it_or_that_the_limit_makes_room_for() {
        clock.advance(Duration.ofSeconds(1));
        SessionRef replaced = damaged.ref();
        assertThat(store().insert(
                                new NewSession(
                                        session(alice).build().row(), SessionLimit.unlimited(), Optional.of(replaced)),
                                now()))
                .isEqualTo(new InsertResult.Inserted(List.of()));

        clock.advance(Duration.ofSeconds(1));
        assertThat(insert(session(alice).build(), SessionLimit.endOldestBeyond(1)))
                .isInstanceOf(InsertResult.Inserted.class);
    }

    @Test
    void a_purge_removes_it_when_its_time_is_over_and_is_not_held_up_by_it() {
        clock.advance(Duration.ofDays(60));

        assertThat(store().purge(now(), 10).sessions()).isEqualTo(3);
        assertThat(store().purge(now(), 10).sessions()).isZero();
    }

    @Test
    void a_purge_of_what_was_revoked_goes_on_behind_it() {
        revoke(before.target());
        revoke(damaged.target());
        revoke(after.target());
        clock.advance(Given.SETTINGS.endedSessionsKept().plus(Duration.ofHours(2)));

        store().purge(now(), 10);

        assertThat(find(before)).isEmpty();
        assertThat(find(after)).isEmpty();
    }
}
