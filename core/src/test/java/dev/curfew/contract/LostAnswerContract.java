package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A write whose answer was lost is sent again, by the caller or by the client below the store: it answers what the
 * first try did, and does nothing more. Revocations have {@link RepeatContract}.
 */
@Tag("LosingAnswers")
abstract class LostAnswerContract extends StoreContract {
    LostAnswerContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void a_login_that_had_succeeded_succeeds_again() {
        for (GivenSession session : List.of(
                session(alice).client(Given.client("web")).secret("first").build(),
                session(alice).payload(new byte[0]).build(),
                session(alice).foreign("sid-1").build())) {
            insert(session);
            FeedReader reader = caughtUpReader();

            assertThat(insert(session, SessionLimit.unlimited())).isEqualTo(new InsertResult.Inserted(List.of()));

            InsertContract.assertSameRow(find(session).orElseThrow().session(), session.row());
            assertThat(reader.readOn()).isEmpty();
        }
        assertThat(live(alice)).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void a_login_that_had_succeeded_is_not_refused_for_being_one_too_many_itself() {
        SessionLimit limit = SessionLimit.refuseBeyond(1);
        GivenSession session = session(alice).build();
        assertThat(insert(session, limit)).isEqualTo(new InsertResult.Inserted(List.of()));

        assertThat(insert(session, limit)).isEqualTo(new InsertResult.Inserted(List.of()));

        assertThat(insert(session(alice).build(), limit)).isEqualTo(new InsertResult.OverLimit(1));
    }

    @Test
    void a_login_that_had_ended_the_oldest_answers_these_again_and_ends_no_more() {
        GivenSession endedBefore = loggedIn(alice);
        revoke(endedBefore.target());
        GivenSession oldest = insert(session(alice).foreign("sid-1").build());
        clock.advance(Duration.ofSeconds(1));
        GivenSession older = loggedIn(alice);
        clock.advance(Duration.ofSeconds(1));
        GivenSession kept = loggedIn(alice);
        clock.advance(Duration.ofSeconds(1));
        GivenSession session = session(alice).build();
        SessionLimit limit = SessionLimit.endOldestBeyond(2);
        InsertResult first = insert(session, limit);
        assertThat(keysOf(((InsertResult.Inserted) first).ended())).containsExactlyInAnyOrder(keys(oldest, older));
        FeedReader reader = caughtUpReader();

        InsertResult second = insert(session, limit);

        assertThat(told(second)).isEqualTo(told(first));
        assertThat(live(alice)).containsExactly(keys(session, kept));
        assertThat(reader.readOn()).isEmpty();
    }

    @Test
    void a_login_that_was_revoked_before_it_was_sent_again_is_refused() {
        GivenSession ours = session(alice).build();
        GivenSession foreign = session(bob).foreign("sid-1").build();
        for (GivenSession session : List.of(ours, foreign)) {
            insert(session);
            Revocation entry =
                    revoke(RevocationTarget.subject(session.subject())).entry();

            assertThat(insert(session, SessionLimit.unlimited())).isEqualTo(new InsertResult.Covered(entry));
            assertThat(isLive(session)).isFalse();
        }
    }

    @Test
    void another_row_of_the_same_id_is_known_and_not_a_repeat() {
        GivenSession session = insert(session(alice).secret("first").build());
        List<GivenSession> others = List.of(
                session(alice)
                        .id(session.row().id().orElseThrow())
                        .secret("second")
                        .build(),
                session(alice).id(session.row().id().orElseThrow()).build(),
                session(alice)
                        .id(session.row().id().orElseThrow())
                        .secret("first")
                        .payload(new byte[] {9})
                        .build());

        for (GivenSession other : others) {
            assertThat(insert(other, SessionLimit.unlimited())).isEqualTo(new InsertResult.AlreadyKnown());
        }
        InsertContract.assertSameRow(find(session).orElseThrow().session(), session.row());
    }

    @Test
    void a_refused_login_is_refused_again() {
        GivenSession overtaken = session(alice).build();
        Revocation entry = revoke(RevocationTarget.subject(alice)).entry();
        SessionLimit one = SessionLimit.refuseBeyond(1);
        insert(session(bob).build());
        GivenSession oneTooMany = session(bob).build();

        for (int i = 0; i < 2; i++) {
            assertThat(insert(overtaken, one)).isEqualTo(new InsertResult.Covered(entry));
            assertThat(insert(oneTooMany, one)).isEqualTo(new InsertResult.OverLimit(1));
        }
    }

    @Test
    void an_exchange_of_secrets_that_had_succeeded_succeeds_again_and_tells_nobody_twice() {
        GivenSession session = insert(session(alice).secret("first").build());
        Rotation exchange = Given.exchange("first", "second").withNotice();
        assertThat(store().rotate(session.ref(), exchange, now())).isEqualTo(new RotateResult.Rotated());
        FeedReader reader = caughtUpReader();

        assertThat(store().rotate(session.ref(), exchange, now())).isEqualTo(new RotateResult.Rotated());

        assertThat(reader.readOn()).isEmpty();
        assertThat(find(session).orElseThrow().session().secretHash()).contains(SecretHash.of("second"));
        revoke(session.target());
        assertThat(store().rotate(session.ref(), exchange, now())).isInstanceOf(RotateResult.NotLive.class);
    }

    @Test
    void a_sign_of_life_that_was_sent_again_stands_once() {
        GivenSession session = loggedIn(alice);
        clock.advance(Duration.ofMinutes(1));
        List<Touch> batch = List.of(new Touch(session.ref(), now()));
        assertThat(store().touch(batch, now())).isEqualTo(batch);

        assertThat(store().touch(batch, now())).isEmpty();

        assertThat(find(session).orElseThrow().session().lastSeenAt()).isEqualTo(now());
    }

    @Test
    void payloads_that_had_been_replaced_count_again() {
        needs(StoreCapability.PAYLOAD_REWRITING);
        PayloadRewriting rewriting = store().ability(PayloadRewriting.class).orElseThrow();
        GivenSession session = loggedIn(alice);
        GivenSession other = loggedIn(bob);
        List<PayloadChange> batch = List.of(change(session, 7), change(other, 8));
        assertThat(rewriting.replace(batch, now())).isEqualTo(2);

        assertThat(rewriting.replace(batch, now())).isEqualTo(2);

        assertThat(find(session).orElseThrow().session().payload()).isEqualTo(new byte[] {7});
        assertThat(rewriting.replace(List.of(change(session, 9)), now())).isZero();
    }

    @Test
    void what_was_recorded_already_is_not_told_again() {
        GivenSession session = loggedIn(alice);
        Revocation entry =
                Given.act(session.target()).build().fix(now(), Given.SETTINGS, now(), Optional.of(session.row()));
        store().record(List.of(entry), now());
        FeedReader reader = caughtUpReader();

        store().record(List.of(entry), now());

        assertThat(reader.readOn()).isEmpty();
        assertThat(find(session).orElseThrow().coveredBy()).containsExactly(entry);
    }

    @Test
    void opening_again_changes_nothing() {
        FeedReader reader = caughtUpReader();
        GivenSession session = loggedIn(alice);

        store().open(Given.SETTINGS, now());

        assertThat(reader.readOn()).isEmpty();
        assertThat(isLive(session)).isTrue();
        assertThat(pages(alice, ListQuery.live(10))).hasSize(1);
    }

    private static PayloadChange change(GivenSession session, int next) {
        StoredPayload expected = new StoredPayload(
                session.row().key(), session.row().bucket(), session.row().payload());
        return new PayloadChange(expected, new byte[] {(byte) next});
    }

    private record Told(LookupKey session, List<Revocation> by) {}

    private static Set<Told> told(InsertResult result) {
        assertThat(result).isInstanceOf(InsertResult.Inserted.class);
        List<FoundSession> ended = ((InsertResult.Inserted) result).ended();
        Set<Told> told = new HashSet<>();
        ended.forEach(one -> told.add(new Told(one.session().key(), one.coveredBy())));
        assertThat(told).hasSameSizeAs(ended);
        return told;
    }
}
