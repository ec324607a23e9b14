package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Exchanging the secret of a session: compare and set, on a live session, with a notice if it is told to. */
@Tag("Rotating")
abstract class RotateContract extends StoreContract {
    private static final Rotation FIRST_TO_SECOND = Given.exchange("first", "second");
    private static final Rotation FIRST_TO_THIRD = Given.exchange("first", "third");
    private static final Rotation SECOND_TO_THIRD = Given.exchange("second", "third");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofMillis(1);

    RotateContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void the_credential_that_was_given_stands_after_an_exchange() {
        GivenSession session = withSecret();

        assertThat(rotate(session, FIRST_TO_SECOND)).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(
                standing(session),
                session.row().toBuilder()
                        .secretHash(SecretHash.of("second"))
                        .credential("second".getBytes(StandardCharsets.UTF_8))
                        .build());
        assertThat(isLive(session)).isTrue();
    }

    @Test
    void an_old_secret_does_not_work_twice() {
        GivenSession session = withSecret();
        rotate(session, FIRST_TO_SECOND);

        assertThat(rotate(session, FIRST_TO_THIRD)).isInstanceOf(RotateResult.Mismatch.class);

        assertThat(secretOf(session)).isEqualTo("second");
        assertThat(rotate(session, SECOND_TO_THIRD)).isEqualTo(new RotateResult.Rotated());
        assertThat(secretOf(session)).isEqualTo("third");
    }

    @Test
    void a_mismatch_answers_the_row_that_stands() {
        GivenSession session = insert(session(alice)
                .client(Given.client("web"))
                .secret("first")
                .payload(new byte[] {0, -1, 10})
                .build());
        clock.advance(HOUR);
        store().touch(List.of(new Touch(session.ref(), now())), now());
        rotate(session, FIRST_TO_SECOND);

        StoredSession standing = standingIn(rotate(session, FIRST_TO_THIRD));

        InsertContract.assertSameRow(standing, standing(session));
        assertThat(text(standing)).isEqualTo("second");
        assertThat(standing.lastSeenAt()).isEqualTo(now());
    }

    @Test
    void a_session_without_a_secret_has_another_one() {
        GivenSession session = loggedIn(alice);

        InsertContract.assertSameRow(standingIn(rotate(session, FIRST_TO_SECOND)), session.row());

        InsertContract.assertSameRow(standing(session), session.row());
    }

    @Test
    void the_secret_of_another_session_is_none_of_this_one() {
        GivenSession session = withSecret();
        GivenSession other = insert(session(alice).secret("other").build());

        assertThat(standingIn(rotate(session, Given.exchange("other", "second")))
                        .key())
                .isEqualTo(session.row().key());

        InsertContract.assertSameRow(standing(session), session.row());
        InsertContract.assertSameRow(standing(other), other.row());
    }

    @Test
    void the_same_exchange_twice_is_rotated_once_and_answered_twice() {
        GivenSession session = withSecret();
        Rotation exchange = FIRST_TO_SECOND.seenAt(now().plusSeconds(1)).withNotice();
        assertThat(rotate(session, exchange)).isEqualTo(new RotateResult.Rotated());
        StoredSession rotated = standing(session);
        FeedReader reader = caughtUpReader();

        assertThat(rotate(session, exchange)).isEqualTo(new RotateResult.Rotated());
        assertThat(rotate(session, exchange.seenAt(now().plusSeconds(9)))).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(standing(session), rotated);
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void an_exchange_that_another_one_followed_is_a_mismatch_and_not_done() {
        GivenSession session = withSecret();
        rotate(session, FIRST_TO_SECOND);
        rotate(session, SECOND_TO_THIRD);

        assertThat(text(standingIn(rotate(session, FIRST_TO_SECOND)))).isEqualTo("third");

        assertThat(secretOf(session)).isEqualTo("third");
    }

    @Test
    void an_exchange_with_a_notice_puts_it_on_the_feed_and_one_without_puts_none() {
        GivenSession session = withSecret();
        FeedReader reader = caughtUpReader();

        rotate(session, FIRST_TO_SECOND);
        assertThat(reader.readOn()).isEmpty();

        rotate(session, SECOND_TO_THIRD.withNotice());
        assertThat(reader.readOn())
                .containsOnly(new FeedEntry.Rotated(session.row().key()));
    }

    @Test
    void a_refused_exchange_leaves_no_notice() {
        GivenSession session = withSecret();
        GivenSession over = insert(session(bob).secret("first").build());
        revoke(over.target());
        FeedReader reader = caughtUpReader();

        rotate(session, SECOND_TO_THIRD.withNotice());
        rotate(over, FIRST_TO_SECOND.withNotice());
        rotate(session(alice).build(), FIRST_TO_SECOND.withNotice());

        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void an_unknown_session_answers_no_row() {
        withSecret();

        assertThat(rotate(session(alice).build(), FIRST_TO_SECOND))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
        assertThat(rotate(session(alice).foreign("nobody").build(), FIRST_TO_SECOND))
                .isEqualTo(new RotateResult.NotLive(Optional.empty()));
    }

    @Test
    void a_session_that_was_removed_answers_no_row() {
        GivenSession session =
                insert(session(alice).secret("first").lasting(HOUR).build());
        clock.advance(HOUR.plus(Given.SETTINGS.endedSessionsKept()));
        assertThat(store().purge(now(), 10).sessions()).isEqualTo(1);

        assertThat(rotate(session, FIRST_TO_SECOND)).isEqualTo(new RotateResult.NotLive(Optional.empty()));
        assertThat(find(session)).isEmpty();
    }

    @Test
    void not_live_answers_the_row_and_what_covers_it() {
        GivenSession session = withSecret();
        Revocation logout = revoke(session.target()).entry();
        Revocation cutOff = revoke(RevocationTarget.subject(alice)).entry();

        for (Rotation exchange : List.of(FIRST_TO_SECOND, SECOND_TO_THIRD)) {
            FoundSession found = foundIn(rotate(session, exchange));
            InsertContract.assertSameRow(found.session(), session.row());
            assertThat(found.coveredBy()).containsExactly(logout, cutOff);
        }
        InsertContract.assertSameRow(standing(session), session.row());
    }

    @Test
    void a_session_that_a_cut_off_covers_is_not_live() {
        for (RevocationTarget target : List.of(
                RevocationTarget.subject(alice),
                RevocationTarget.client(Given.client("web")),
                RevocationTarget.realm(Given.REALM))) {
            clock.advance(HOUR);
            GivenSession session = insert(
                    session(alice).client(Given.client("web")).secret("first").build());
            Revocation cutOff = revoke(target).entry();

            assertThat(foundIn(rotate(session, FIRST_TO_SECOND)).coveredBy()).contains(cutOff);
            InsertContract.assertSameRow(standing(session), session.row());
        }
    }

    @Test
    void at_the_idle_end_nothing_is_exchanged_and_one_millisecond_before_it_is() {
        GivenSession session = insert(session(alice).secret("first").idle(HOUR).build());

        clock.advance(HOUR.minus(TICK));
        assertThat(rotate(session, FIRST_TO_SECOND)).isEqualTo(new RotateResult.Rotated());
        StoredSession rotated = standing(session);
        clock.advance(TICK);

        for (Rotation exchange : List.of(SECOND_TO_THIRD, SECOND_TO_THIRD.seenAt(now()), FIRST_TO_SECOND)) {
            FoundSession found = foundIn(rotate(session, exchange));
            assertThat(found.coveredBy()).isEmpty();
            InsertContract.assertSameRow(found.session(), rotated);
        }
        InsertContract.assertSameRow(standing(session), rotated);
        assertThat(isLive(session)).isFalse();
    }

    @Test
    void at_the_absolute_end_nothing_is_exchanged_and_one_millisecond_before_it_is() {
        GivenSession session =
                insert(session(alice).secret("first").lasting(HOUR).build());

        clock.advance(HOUR.minus(TICK));
        assertThat(rotate(session, FIRST_TO_SECOND)).isEqualTo(new RotateResult.Rotated());
        clock.advance(TICK);

        assertThat(foundIn(rotate(session, SECOND_TO_THIRD)).coveredBy()).isEmpty();
        assertThat(secretOf(session)).isEqualTo("second");
    }

    @Test
    void a_foreign_session_is_exchanged_also_by_whoever_does_not_know_its_subject() {
        GivenSession session =
                insert(session(alice).foreign("sid-1").secret("first").build());
        SessionRef unrouted = SessionRef.ofUnknownSubject(Given.REALM, session.handle());

        assertThat(store().rotate(unrouted, FIRST_TO_SECOND, now())).isEqualTo(new RotateResult.Rotated());

        assertThat(secretOf(session)).isEqualTo("second");
        assertThat(text(standingIn(store().rotate(unrouted, FIRST_TO_THIRD, now()))))
                .isEqualTo("second");
    }

    private GivenSession withSecret() {
        return insert(session(alice)
                .secret("first")
                .credential("first".getBytes(StandardCharsets.UTF_8))
                .build());
    }

    /** The text of the secret that stands, as its credential tells it; both must be of one exchange. */
    private String secretOf(GivenSession session) {
        return text(standing(session));
    }

    private RotateResult rotate(GivenSession session, Rotation exchange) {
        return store().rotate(session.ref(), exchange, now());
    }

    /** What {@link Given#exchange} has put into a row, whose secret and credential must be of one exchange. */
    static String text(StoredSession row) {
        String text = new String(row.credential(), StandardCharsets.UTF_8);
        assertThat(row.secretHash()).contains(SecretHash.of(text));
        return text;
    }

    static StoredSession standingIn(RotateResult result) {
        assertThat(result).isInstanceOf(RotateResult.Mismatch.class);
        return ((RotateResult.Mismatch) result).standing();
    }

    static FoundSession foundIn(RotateResult result) {
        assertThat(result).isInstanceOf(RotateResult.NotLive.class);
        return ((RotateResult.NotLive) result).found().orElseThrow();
    }
}
