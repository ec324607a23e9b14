package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.crypto.SecretHash;
import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Sessions on real threads: logins, signs of life and exchanges of secrets against each other and against revocations.
 */
@Tag("hunt")
@Tag("RacingLogins")
abstract class LoginRaceContract extends StoreContract {
    private static final int LOGINS = 12;

    private final Threads threads = new Threads();

    LoginRaceContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    /** What one login came to. */
    private record Login(GivenSession session, InsertResult result) {
        boolean isInserted() {
            return result instanceof InsertResult.Inserted;
        }
    }

    @Test
    void logins_against_revoke_all_have_no_third_state() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            Callable<Object> login = () -> login(subject, SessionLimit.unlimited());
            Callable<Object> revokeAll = () -> revoke(RevocationTarget.subject(subject));

            List<Object> answers = threads.atOnce(List.of(login, login, revokeAll, login));

            RevokeResult.Recorded cutOff = (RevokeResult.Recorded) answers.get(2);
            Instant end = cutOff.entry().issuedBefore();
            long ended = 0;
            for (int i : new int[] {0, 1, 3}) {
                Login one = (Login) answers.get(i);
                boolean isCovered = !one.session().row().authenticatedAt().isAfter(end);
                if (one.isInserted()) {
                    assertThat(isLive(one.session())).isEqualTo(!isCovered);
                    ended += isCovered ? 1 : 0;
                } else {
                    assertThat(one.result()).isEqualTo(new InsertResult.Covered(cutOff.entry()));
                    assertThat(isCovered).isTrue();
                }
            }
            assertThat(cutOff.newlyCovered()).as("round %s", round).isEqualTo(ended);
            Login after = login(subject, SessionLimit.unlimited());
            assertThat(isLive(after.session())).isTrue();
        }
    }

    @Test
    void a_sign_of_life_never_revives_a_session_that_is_being_revoked() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = loggedIn(alice);
            AtomicBoolean acknowledged = new AtomicBoolean();
            Callable<Object> touching = () -> {
                for (int i = 1; i <= 20; i++) {
                    boolean tooLate = acknowledged.get();
                    List<Touch> moved = store().touch(List.of(new Touch(session.ref(), now().plusMillis(i))), now());
                    assertThat(tooLate && !moved.isEmpty()).isFalse();
                }
                return null;
            };
            Callable<Object> revoking = () -> {
                RevokeResult.Recorded result = revoke(session.target());
                acknowledged.set(true);
                assertThat(isLive(session)).isFalse();
                return result;
            };

            List<Object> answers = threads.atOnce(Stream.of(touching, revoking).toList());

            assertThat(((RevokeResult.Recorded) answers.get(1)).newlyCovered()).isEqualTo(1);
            assertThat(isLive(session)).isFalse();
            assertThat(find(session).orElseThrow().coveredBy()).hasSize(1);
        }
    }

    @Test
    void parallel_signs_of_life_leave_the_newest() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = loggedIn(alice);
            Instant start = now();

            threads.atOnce(8, i -> store().touch(List.of(new Touch(session.ref(), start.plusMillis(1 + i))), start));

            assertThat(find(session).orElseThrow().session().lastSeenAt()).isEqualTo(start.plusMillis(8));
        }
    }

    @Test
    void parallel_logins_beyond_a_limit_are_refused_exactly() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);

            List<Login> logins = threads.atOnce(LOGINS, i -> login(subject, SessionLimit.refuseBeyond(3)));

            assertThat(logins.stream().filter(Login::isInserted)).hasSize(3);
            assertThat(logins.stream().map(Login::result).filter(new InsertResult.OverLimit(3)::equals))
                    .hasSize(LOGINS - 3);
            assertThat(live(subject)).hasSize(3);
        }
    }

    @Test
    void parallel_logins_beyond_a_limit_end_exactly_as_many_as_are_too_many() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);

            List<Login> logins = threads.atOnce(LOGINS, i -> login(subject, SessionLimit.endOldestBeyond(3)));

            List<LookupKey> ended = new ArrayList<>();
            for (Login login : logins) {
                assertThat(login.result()).isInstanceOf(InsertResult.Inserted.class);
                ended.addAll(keysOf(((InsertResult.Inserted) login.result()).ended()));
            }
            assertThat(ended).hasSize(LOGINS - 3).doesNotHaveDuplicates();
            assertThat(live(subject)).hasSize(3).doesNotContainAnyElementsOf(ended);
            assertThat(pages(subject, ListQuery.all(100))).hasSize(LOGINS);
        }
    }

    @Test
    void parallel_logins_of_one_id_have_one_winner() {
        for (int round = 0; round < fixture().rounds(); round++) {
            String sid = "sid-" + round;

            List<InsertResult> results = threads.atOnce(
                    8, i -> insert(session(alice).foreign(sid).secret("of-" + i).build(), SessionLimit.unlimited()));

            assertThat(results.stream().filter(new InsertResult.Inserted(List.of())::equals))
                    .hasSize(1);
            assertThat(results.stream().filter(new InsertResult.AlreadyKnown()::equals))
                    .hasSize(7);
        }
    }

    @Test
    void parallel_exchanges_of_one_secret_have_one_winner() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = insert(session(alice).secret("first").build());

            List<RotateResult> results =
                    threads.atOnce(8, i -> store().rotate(session.ref(), Given.exchange("first", "next-" + i), now()));

            assertThat(results.stream().filter(RotateResult.Rotated.class::isInstance))
                    .hasSize(1);
            assertThat(results.stream().filter(RotateResult.Mismatch.class::isInstance))
                    .hasSize(7);
            int winner = results.indexOf(new RotateResult.Rotated());
            assertThat(find(session).orElseThrow().session().secretHash()).contains(SecretHash.of("next-" + winner));
        }
    }

    @Test
    void of_two_parallel_re_logins_that_replace_one_session_both_stand_and_the_old_one_has_ended_once() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            GivenSession old = round % 2 == 0
                    ? loggedIn(subject)
                    : insert(session(subject).foreign("sid-" + round).build());
            List<GivenSession> logins =
                    List.of(session(subject).build(), session(subject).build());
            FeedReader reader = caughtUpReader();

            List<InsertResult> results =
                    threads.atOnce(2, i -> insert(logins.get(i), SessionLimit.unlimited(), old.ref()));

            Revocation entry = RevocationRequest.replaced(old.row(), now(), Given.SETTINGS);
            assertThat(results).allSatisfy(result -> assertThat(result).isInstanceOf(InsertResult.Inserted.class));
            assertThat(results.stream()
                            .flatMap(result -> ((InsertResult.Inserted) result).ended().stream())
                            .map(ended -> ended.session().key()))
                    .containsExactly(keys(old));
            assertThat(live(subject)).containsExactlyInAnyOrder(keys(logins.get(0), logins.get(1)));
            assertThat(find(old).orElseThrow().coveredBy()).containsExactly(entry);
            assertThat(reader.revocations()).containsExactly(entry);
        }
    }

    @Test
    void at_limit_1_of_two_parallel_re_logins_exactly_one_survives() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SessionLimit limit = round % 2 == 0 ? SessionLimit.refuseBeyond(1) : SessionLimit.endOldestBeyond(1);
            SubjectId subject = Given.subject("subject-" + round);
            GivenSession old = loggedIn(subject);

            List<InsertResult> results =
                    threads.atOnce(2, i -> insert(session(subject).build(), limit, old.ref()));

            assertThat(live(subject)).hasSize(1).doesNotContain(old.row().key());
            assertThat(results.stream().filter(InsertResult.Inserted.class::isInstance))
                    .hasSize(1 + round % 2);
        }
    }

    @Test
    void nobody_sees_a_replaced_session_and_its_successor_both_live() {
        for (int round = 0; round < fixture().rounds() / 4 + 1; round++) {
            SubjectId subject = Given.subject("subject-" + round);
            GivenSession first = loggedIn(subject);
            AtomicBoolean isOver = new AtomicBoolean();
            Callable<Object> replacing = () -> {
                GivenSession current = first;
                for (int i = 0; i < LOGINS; i++) {
                    GivenSession next = session(subject).build();
                    insert(next, SessionLimit.unlimited(), current.ref());
                    current = next;
                }
                isOver.set(true);
                return current;
            };
            Callable<Object> reading = () -> {
                do {
                    assertThat(live(subject)).hasSizeLessThanOrEqualTo(1);
                } while (!isOver.get());
                return "read";
            };

            List<Object> answers = threads.atOnce(List.of(replacing, reading, reading));

            assertThat(live(subject)).containsExactly(keys((GivenSession) answers.get(0)));
        }
    }

    @Test
    void parallel_purges_remove_each_row_once() {
        int rows = 400;
        for (int i = 0; i < rows; i++) {
            insert(session(Given.subject("subject-" + i % 7))
                    .lasting(Duration.ofHours(1))
                    .build());
        }
        clock.advance(Duration.ofDays(9));

        List<Integer> removed = threads.atOnce(8, i -> purgeAll());

        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
    }

    private int purgeAll() {
        int removed = 0;
        for (int calls = 0; calls < 1_000; calls++) {
            PurgeResult result = store().purge(now(), 9);
            removed += result.sessions();
            if (!result.hasMore()) {
                return removed;
            }
        }
        throw new AssertionError("a purge without end");
    }

    private Login login(SubjectId subject, SessionLimit limit) {
        Instant reading = now();
        Instant began = LoginOrder.authenticatedAt(reading, store().newestCutOff(subject, reading));
        GivenSession session =
                Given.session(subject).began(began).stored(reading).build();
        return new Login(session, store().insert(session.row(), limit, reading));
    }
}
