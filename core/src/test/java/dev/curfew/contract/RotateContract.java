package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.RotateResult;
import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Exchanging the secret of a session: compare and set, on a live session, with a notice for caches elsewhere. */
abstract class RotateContract extends StoreContract {
    private static final SecretHash FIRST = SecretHash.of("first");
    private static final SecretHash SECOND = SecretHash.of("second");
    private static final SecretHash THIRD = SecretHash.of("third");

    RotateContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void the_secret_that_was_expected_is_exchanged() {
        GivenSession session = withSecret();

        assertThat(rotate(session, FIRST, SECOND)).isEqualTo(RotateResult.ROTATED);

        assertThat(find(session).orElseThrow().session().secretHash()).contains(SECOND);
        InsertContract.assertSameRow(
                find(session).orElseThrow().session(),
                session.row().toBuilder().secretHash(SECOND).build());
    }

    @Test
    void an_old_secret_does_not_work_twice() {
        GivenSession session = withSecret();
        rotate(session, FIRST, SECOND);

        assertThat(rotate(session, FIRST, THIRD)).isEqualTo(RotateResult.SECRET_MISMATCH);

        assertThat(find(session).orElseThrow().session().secretHash()).contains(SECOND);
        assertThat(rotate(session, SECOND, THIRD)).isEqualTo(RotateResult.ROTATED);
    }

    @Test
    void a_session_without_a_secret_has_another_one() {
        GivenSession session = loggedIn(alice);

        assertThat(rotate(session, FIRST, SECOND)).isEqualTo(RotateResult.SECRET_MISMATCH);
        assertThat(find(session).orElseThrow().session().secretHash()).isEmpty();
    }

    @Test
    void an_exchange_leaves_a_notice_on_the_feed() {
        GivenSession session = withSecret();
        FeedReader reader = caughtUpReader();

        rotate(session, FIRST, SECOND);

        assertThat(reader.readOn())
                .containsOnly(new FeedEntry.Rotated(session.row().key()));
    }

    @Test
    void a_refused_exchange_leaves_no_notice() {
        GivenSession session = withSecret();
        FeedReader reader = caughtUpReader();

        rotate(session, SECOND, THIRD);
        rotate(session(alice).build(), FIRST, SECOND);

        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void an_unknown_session_is_not_live() {
        assertThat(rotate(session(alice).build(), FIRST, SECOND)).isEqualTo(RotateResult.NOT_LIVE);
    }

    @Test
    void a_session_at_its_end_is_not_live_and_one_millisecond_before_it_is() {
        GivenSession session =
                insert(session(alice).secret("first").idle(Duration.ofHours(1)).build());

        clock.advance(Duration.ofHours(1).minusMillis(1));
        assertThat(rotate(session, FIRST, SECOND)).isEqualTo(RotateResult.ROTATED);
        clock.advance(Duration.ofMillis(1));
        assertThat(rotate(session, SECOND, THIRD)).isEqualTo(RotateResult.NOT_LIVE);
        assertThat(find(session).orElseThrow().session().secretHash()).contains(SECOND);
    }

    @Test
    void a_session_past_its_absolute_end_is_not_live() {
        GivenSession session = insert(
                session(alice).secret("first").lasting(Duration.ofHours(1)).build());
        clock.advance(Duration.ofHours(1));

        assertThat(rotate(session, FIRST, SECOND)).isEqualTo(RotateResult.NOT_LIVE);
    }

    @Test
    void a_revoked_session_is_not_live_whatever_the_secret() {
        GivenSession session = withSecret();
        revoke(session.target());

        assertThat(rotate(session, FIRST, SECOND)).isEqualTo(RotateResult.NOT_LIVE);
        assertThat(rotate(session, SECOND, THIRD)).isEqualTo(RotateResult.NOT_LIVE);
        assertThat(find(session).orElseThrow().session().secretHash()).contains(FIRST);
    }

    @Test
    void a_session_that_a_cut_off_covers_is_not_live() {
        GivenSession session = withSecret();
        revoke(RevocationTarget.subject(alice));

        assertThat(rotate(session, FIRST, SECOND)).isEqualTo(RotateResult.NOT_LIVE);
    }

    private GivenSession withSecret() {
        return insert(session(alice).secret("first").build());
    }

    private RotateResult rotate(GivenSession session, SecretHash expected, SecretHash next) {
        return store().rotate(session.ref(), expected, next, now());
    }
}
