package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How time ends a session, and what signs of life change about that. */
@Tag("TimingOut")
abstract class TimeoutContract extends StoreContract {
    private static final Duration IDLE = Duration.ofMinutes(30);
    private static final Duration ABSOLUTE = Duration.ofHours(10);
    private static final Duration TICK = Duration.ofMillis(1);

    TimeoutContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_session_at_its_absolute_end_is_over_and_one_millisecond_before_is_not() {
        GivenSession session = insert(session(alice).lasting(ABSOLUTE).build());

        clock.set(session.row().expiresAt().minus(TICK));
        assertThat(isLive(session)).isTrue();
        assertThat(live(alice)).containsExactly(keys(session));
        clock.advance(TICK);
        assertThat(isLive(session)).isFalse();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void a_session_at_its_idle_end_is_over_and_one_millisecond_before_is_not() {
        GivenSession session = active();

        clock.set(session.row().lastSeenAt().plus(IDLE).minus(TICK));
        assertThat(isLive(session)).isTrue();
        assertThat(live(alice)).containsExactly(keys(session));
        clock.advance(TICK);
        assertThat(isLive(session)).isFalse();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void within_the_last_millisecond_a_session_still_lives() {
        GivenSession session = active();

        clock.set(session.row().lastSeenAt().plus(IDLE).minusNanos(1));
        assertThat(isLive(session)).isTrue();
    }

    @Test
    void what_time_ended_is_not_revoked() {
        GivenSession session = active();
        clock.advance(IDLE);

        assertThat(find(session).orElseThrow().coveredBy()).isEmpty();
        assertThat(find(session).orElseThrow().endedBy()).isEmpty();
    }

    @Test
    void a_sign_of_life_moves_the_idle_end() {
        GivenSession session = active();
        clock.advance(Duration.ofMinutes(20));

        assertThat(touch(session, now())).isEqualTo(1);

        assertThat(standing(session).lastSeenAt()).isEqualTo(now());
        Instant idleEnd = now().plus(IDLE);
        clock.set(idleEnd.minus(TICK));
        assertThat(isLive(session)).isTrue();
        clock.set(idleEnd);
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void a_sign_of_life_changes_nothing_else() {
        GivenSession session = insert(session(alice)
                .idle(IDLE)
                .secret("secret")
                .client(Given.client("web"))
                .build());
        clock.advance(Duration.ofMinutes(1));
        FeedReader reader = caughtUpReader();

        touch(session, now());

        InsertContract.assertSameRow(
                standing(session), session.row().toBuilder().lastSeenAt(now()).build());
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void the_absolute_end_never_moves() {
        GivenSession session =
                insert(session(alice).idle(ABSOLUTE).lasting(ABSOLUTE).build());
        clock.set(session.row().expiresAt().minus(TICK));

        assertThat(touch(session, now())).isEqualTo(1);

        assertThat(standing(session).expiresAt()).isEqualTo(session.row().expiresAt());
        clock.advance(TICK);
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void signs_of_life_only_move_forwards() {
        GivenSession session = active();
        clock.advance(Duration.ofMinutes(5));
        Instant latest = now();
        assertThat(touch(session, latest)).isEqualTo(1);

        assertThat(touch(session, latest)).isZero();
        assertThat(touch(session, latest.minus(TICK))).isZero();
        assertThat(touch(session, latest.plusNanos(999_999))).isZero();

        assertThat(standing(session).lastSeenAt()).isEqualTo(latest);
    }

    @Test
    void a_clock_that_goes_back_never_extends_a_session() {
        GivenSession session = active();
        clock.advance(Duration.ofMinutes(5));
        touch(session, now());
        Instant end = standing(session).endsByTime();

        clock.advance(Duration.ofHours(-1));
        assertThat(touch(session, now())).isZero();

        assertThat(standing(session).endsByTime()).isEqualTo(end);
        clock.set(end);
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void an_idle_session_is_not_revived() {
        GivenSession session = active();
        clock.advance(IDLE);

        assertThat(touch(session, now())).isZero();
        assertThat(touch(session, now().minus(TICK))).isZero();

        assertThat(standing(session).lastSeenAt()).isEqualTo(session.row().lastSeenAt());
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void an_expired_session_is_not_revived() {
        GivenSession session = insert(session(alice).lasting(ABSOLUTE).build());
        clock.advance(ABSOLUTE);

        assertThat(touch(session, now())).isZero();
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void a_revoked_session_is_not_revived() {
        GivenSession session = active();
        revoke(session.target());
        clock.advance(Duration.ofMinutes(1));

        assertThat(touch(session, now())).isZero();
        assertThat(standing(session).lastSeenAt()).isEqualTo(session.row().lastSeenAt());
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void a_session_that_a_cut_off_ended_is_not_revived() {
        GivenSession session = active();
        revoke(RevocationTarget.realm(Given.REALM));
        clock.advance(Duration.ofMinutes(1));

        assertThat(touch(session, now())).isZero();
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void a_session_that_is_not_stored_is_not_made_by_a_sign_of_life() {
        GivenSession unknown = session(alice).build();

        assertThat(touch(unknown, now())).isZero();
        assertThat(find(unknown)).isEmpty();
    }

    @Test
    void a_batch_with_a_dead_and_an_unknown_one_moves_the_others_and_names_exactly_those() {
        GivenSession moves = active();
        GivenSession movesToo = insert(session(bob).foreign("sid-1").build());
        GivenSession stays = active();
        GivenSession revoked = active();
        GivenSession unknown = session(bob).build();
        revoke(revoked.target());
        clock.advance(Duration.ofMinutes(1));

        List<Touch> moved = store().touch(
                        List.of(
                                new Touch(moves.ref(), now()),
                                new Touch(revoked.ref(), now()),
                                new Touch(unknown.ref(), now()),
                                new Touch(stays.ref(), stays.row().lastSeenAt()),
                                new Touch(movesToo.ref(), now())),
                        now());

        assertThat(moved).containsExactly(new Touch(moves.ref(), now()), new Touch(movesToo.ref(), now()));
        assertThat(standing(moves).lastSeenAt()).isEqualTo(now());
        assertThat(standing(movesToo).lastSeenAt()).isEqualTo(now());
        assertThat(standing(stays).lastSeenAt()).isEqualTo(stays.row().lastSeenAt());
    }

    @Test
    void those_that_moved_are_named_in_the_order_of_the_batch_as_the_batch_named_them() {
        List<Touch> batch = new ArrayList<>();
        List<Touch> moving = new ArrayList<>();
        List<GivenSession> sessions = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            SubjectId subject = Given.subject("subject-" + i % 37);
            sessions.add(insert(
                    i % 5 == 0
                            ? session(subject).foreign("sid-" + i).build()
                            : session(subject).build()));
        }
        clock.advance(Duration.ofMinutes(1));
        for (int i = 0; i < sessions.size(); i++) {
            GivenSession session = sessions.get(i);
            SessionRef ref = i % 10 == 0
                    ? SessionRef.ofUnknownSubject(session.subject().realm(), session.handle())
                    : session.ref();
            boolean moves = i % 3 != 0;
            Touch touch =
                    new Touch(ref, moves ? now().plusMillis(i) : session.row().lastSeenAt());
            batch.add(touch);
            moving.addAll(moves ? List.of(touch) : List.of());
        }

        assertThat(store().touch(batch, now())).containsExactlyElementsOf(moving);
        assertThat(store().touch(batch, now())).isEmpty();

        for (int i = 0; i < sessions.size(); i++) {
            assertThat(standing(sessions.get(i)).lastSeenAt())
                    .isEqualTo(batch.get(i).lastSeen());
        }
    }

    @Test
    void an_empty_batch_moves_nothing() {
        assertThat(store().touch(List.of(), now())).isEmpty();
    }

    private GivenSession active() {
        return insert(session(alice).idle(IDLE).lasting(ABSOLUTE).build());
    }

    private int touch(GivenSession session, Instant lastSeen) {
        return store().touch(List.of(new Touch(session.ref(), lastSeen)), now()).size();
    }
}
