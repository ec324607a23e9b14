package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretHash;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an exchange writes besides the secret: the payload, and a sign of life. */
@Tag("RotatingPayloads")
abstract class RotatedPayloadContract extends StoreContract {
    private static final byte[] OLD = {1, 0, -1};
    private static final byte[] NEXT = {2, 10, 0, 13, 127, -128};
    private static final byte[] OTHER = {3};
    private static final Rotation EXCHANGE = Given.exchange("first", "second");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration TICK = Duration.ofMillis(1);

    RotatedPayloadContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_secret_and_a_payload_are_exchanged_together() {
        GivenSession session = withSecret();

        assertThat(rotate(session, EXCHANGE.withPayload(OLD, NEXT))).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(
                standing(session), second(session).payload(NEXT).build());
    }

    @Test
    void a_secret_that_is_exchanged_alone_leaves_the_payload() {
        GivenSession session = withSecret();

        assertThat(rotate(session, EXCHANGE)).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(standing(session), second(session).build());
    }

    @Test
    void a_payload_that_is_exchanged_alone_leaves_the_secret_and_its_credential() {
        GivenSession session = withSecret();
        FeedReader reader = caughtUpReader();

        assertThat(rotate(session, Rotation.ofPayload(OLD, NEXT).withNotice())).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(
                standing(session), session.row().toBuilder().payload(NEXT).build());
        assertThat(reader.readOn())
                .containsOnly(new FeedEntry.Rotated(session.row().key()));
    }

    @Test
    void a_session_without_a_secret_can_exchange_its_payload_alone() {
        for (GivenSession session : List.of(
                session(alice).payload(OLD).build(),
                session(bob).foreign("sid-1").payload(OLD).build())) {
            insert(session);

            assertThat(rotate(session, Rotation.ofPayload(OLD, NEXT))).isEqualTo(new RotateResult.Rotated());

            InsertContract.assertSameRow(
                    standing(session), session.row().toBuilder().payload(NEXT).build());
        }
    }

    @Test
    void a_payload_grows_shrinks_and_becomes_empty() {
        byte[] standing = OLD;
        GivenSession session = withSecret();
        for (int length : new int[] {4_000, 1, 0, 300, 0, 255, 256}) {
            byte[] next = new byte[length];
            for (int i = 0; i < length; i++) {
                next[i] = (byte) (length + i);
            }

            assertThat(rotate(session, Rotation.ofPayload(standing, next))).isEqualTo(new RotateResult.Rotated());

            InsertContract.assertSameRow(
                    standing(session), session.row().toBuilder().payload(next).build());
            standing = next;
        }
    }

    @Test
    void if_one_of_both_is_not_expected_neither_is_exchanged() {
        GivenSession session = withSecret();
        FeedReader reader = caughtUpReader();

        for (Rotation exchange : List.of(
                EXCHANGE.withPayload(OTHER, NEXT),
                EXCHANGE.withPayload(new byte[0], NEXT),
                Given.exchange("other", "second").withPayload(OLD, NEXT),
                Rotation.ofPayload(OTHER, NEXT))) {
            RotateResult result =
                    rotate(session, exchange.seenAt(now().plusSeconds(1)).withNotice());
            InsertContract.assertSameRow(RotateContract.standingIn(result), session.row());
        }

        InsertContract.assertSameRow(standing(session), session.row());
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_payload_that_was_re_encrypted_meanwhile_is_a_mismatch_and_nothing_changed() {
        needs(StoreCapability.PAYLOAD_REWRITING);
        GivenSession session = withSecret();
        rewrite(session, OTHER);
        FeedReader reader = caughtUpReader();

        RotateResult result = rotate(
                session,
                EXCHANGE.withPayload(OLD, NEXT).seenAt(now().plusSeconds(1)).withNotice());

        StoredSession rewritten = session.row().toBuilder().payload(OTHER).build();
        InsertContract.assertSameRow(RotateContract.standingIn(result), rewritten);
        InsertContract.assertSameRow(standing(session), rewritten);
        assertThat(reader.readOn()).isEmpty();
        assertThat(rotate(session, EXCHANGE.withPayload(OTHER, NEXT))).isEqualTo(new RotateResult.Rotated());
    }

    @Test
    void an_exchange_that_is_sent_again_is_recognised_by_its_secret_though_the_payload_was_re_encrypted() {
        needs(StoreCapability.PAYLOAD_REWRITING);
        GivenSession session = withSecret();
        Rotation exchange = EXCHANGE.withPayload(OLD, NEXT);
        rotate(session, exchange);
        rewrite(session, OTHER);

        assertThat(rotate(session, exchange)).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(
                standing(session), second(session).payload(OTHER).build());
    }

    @Test
    void an_exchange_of_a_payload_that_is_sent_again_is_answered_again_and_writes_nothing() {
        GivenSession session = withSecret();
        Rotation exchange = Rotation.ofPayload(OLD, NEXT).withNotice();
        rotate(session, exchange);
        FeedReader reader = caughtUpReader();

        assertThat(rotate(session, exchange.seenAt(now().plusSeconds(1)))).isEqualTo(new RotateResult.Rotated());

        InsertContract.assertSameRow(
                standing(session), session.row().toBuilder().payload(NEXT).build());
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_last_seen_in_an_exchange_moves_forwards_only() {
        GivenSession session = withSecret();
        Instant seen = now().plus(HOUR);
        clock.advance(HOUR);

        rotate(session, Given.exchange("first", "second").seenAt(seen.plusNanos(999_999)));
        assertThat(standing(session).lastSeenAt()).isEqualTo(seen);
        rotate(session, Given.exchange("second", "third").seenAt(seen.minus(TICK)));
        assertThat(standing(session).lastSeenAt()).isEqualTo(seen);
        rotate(session, Given.exchange("third", "fourth"));
        assertThat(standing(session).lastSeenAt()).isEqualTo(seen);
        rotate(session, Rotation.ofPayload(OLD, NEXT).seenAt(seen.plus(TICK)));
        assertThat(standing(session).lastSeenAt()).isEqualTo(seen.plus(TICK));
        assertThat(RotateContract.text(standing(session))).isEqualTo("fourth");
    }

    @Test
    void a_last_seen_in_an_exchange_moves_the_idle_end_and_an_exchange_without_does_not() {
        GivenSession moved = insert(session(alice).secret("first").idle(HOUR).build());
        GivenSession stays = insert(session(bob).secret("first").idle(HOUR).build());
        clock.advance(HOUR.dividedBy(2));
        rotate(moved, EXCHANGE.seenAt(now()));
        rotate(stays, EXCHANGE);

        clock.set(stays.row().endsByTime().minus(TICK));
        assertThat(isLive(stays)).isTrue();
        clock.advance(TICK);
        assertThat(isLive(stays)).isFalse();
        assertThat(live(bob)).isEmpty();
        assertThat(live(alice)).containsExactly(keys(moved));

        clock.advance(HOUR.dividedBy(2).minus(TICK));
        assertThat(isLive(moved)).isTrue();
        assertThat(live(alice)).containsExactly(keys(moved));
        clock.advance(TICK);
        assertThat(isLive(moved)).isFalse();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void a_purge_goes_by_the_idle_end_that_an_exchange_has_moved() {
        GivenSession session = insert(session(alice).secret("first").idle(HOUR).build());
        clock.advance(HOUR.dividedBy(2));
        rotate(session, EXCHANGE.seenAt(now()));

        clock.advance(HOUR.plus(Given.SETTINGS.endedSessionsKept()).minus(TICK));
        assertThat(store().purge(now(), 10).sessions()).isZero();
        assertThat(find(session)).isPresent();

        clock.advance(TICK);
        PurgeResult result = store().purge(now(), 10);
        assertThat(result.sessions()).isEqualTo(1);
        assertThat(result.expired())
                .singleElement()
                .satisfies(expired -> InsertContract.assertSameRow(
                        expired.session(),
                        second(session)
                                .lastSeenAt(Given.NOW.plus(HOUR.dividedBy(2)))
                                .build()));
        assertThat(find(session)).isEmpty();
    }

    @Test
    void an_exchange_never_moves_the_absolute_end() {
        GivenSession session =
                insert(session(alice).secret("first").lasting(HOUR).idle(HOUR).build());
        Instant end = session.row().expiresAt();
        clock.set(end.minus(TICK));

        rotate(session, EXCHANGE.seenAt(now()));

        assertThat(standing(session).expiresAt()).isEqualTo(end);
        assertThat(standing(session).forgetAfter()).isEqualTo(session.row().forgetAfter());
        assertThat(standing(session).authenticatedAt()).isEqualTo(session.row().authenticatedAt());
        assertThat(isLive(session)).isTrue();
        clock.set(end);
        assertThat(isLive(session)).isFalse();
        assertThat(live(alice)).isEmpty();
    }

    @Test
    void a_touch_never_shortens_what_a_rotation_wrote() {
        GivenSession session = insert(session(alice).secret("first").idle(HOUR).build());
        Instant before = now().plus(TICK);
        clock.advance(HOUR.dividedBy(2));
        rotate(session, EXCHANGE.seenAt(now()));
        StoredSession rotated = standing(session);

        assertThat(store().touch(List.of(new Touch(session.ref(), before)), now()))
                .isEmpty();
        assertThat(store().touch(List.of(new Touch(session.ref(), now())), now()))
                .isEmpty();

        InsertContract.assertSameRow(standing(session), rotated);
    }

    private void rewrite(GivenSession session, byte[] next) {
        PayloadRewriting rewriting = store().ability(PayloadRewriting.class).orElseThrow();
        PayloadChange change = new PayloadChange(StoredPayload.of(standing(session)), next);
        assertThat(rewriting.replace(List.of(change), now())).isEqualTo(1);
    }

    private GivenSession withSecret() {
        return insert(session(alice)
                .secret("first")
                .credential(new byte[] {7, 0, -1})
                .payload(OLD)
                .build());
    }

    /** The row of a session after {@link #EXCHANGE}. */
    private static StoredSession.Builder second(GivenSession session) {
        return session.row().toBuilder()
                .secretHash(SecretHash.of("second"))
                .credential(EXCHANGE.nextCredential().orElseThrow());
    }

    private RotateResult rotate(GivenSession session, Rotation exchange) {
        return store().rotate(session.ref(), exchange, now());
    }
}
