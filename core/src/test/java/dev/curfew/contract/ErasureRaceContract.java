package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.LoginOrder;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.InsertResult;
import dev.curfew.store.ListQuery;
import dev.curfew.store.RotateResult;
import dev.curfew.store.SubjectErasure;
import dev.curfew.store.Touch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Erasures on real threads: against logins, against all that writes a row, and against each other. */
@Tag("hunt")
@Tag("RacingErasures")
abstract class ErasureRaceContract extends StoreContract {
    private static final int LOGINS = 3;
    private static final int TOO_MANY_CALLS = 10_000;

    private final Threads threads = new Threads();

    ErasureRaceContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SUBJECT_ERASURE);
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private int eraseAll(SubjectId subject, Instant beganUntil, int limit) {
        SubjectErasure erasure = store().ability(SubjectErasure.class).orElseThrow();
        int removed = 0;
        for (int calls = 0; calls < TOO_MANY_CALLS; calls++) {
            ErasedRows rows = erasure.erase(subject, beganUntil, limit, now());
            removed += rows.removed();
            if (!rows.hasMore()) {
                return removed;
            }
        }
        throw new AssertionError("an erasure without end");
    }

    private List<LookupKey> standing(SubjectId subject) {
        return keysOf(pages(subject, ListQuery.all(100)));
    }

    @Test
    void of_logins_against_an_erasure_those_stay_that_began_after_its_cut_off_and_no_others() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            loggedIn(subject);
            Callable<Object> login = () -> {
                List<GivenSession> inserted = new ArrayList<>();
                for (int i = 0; i < LOGINS; i++) {
                    Instant reading = now();
                    Instant began = LoginOrder.authenticatedAt(reading, store().newestCutOff(subject, reading));
                    GivenSession session =
                            session(subject).began(began).stored(reading).build();
                    if (insert(session, SessionLimit.unlimited()) instanceof InsertResult.Inserted) {
                        inserted.add(session);
                    }
                }
                return inserted;
            };
            Callable<Object> erasing = () -> {
                Revocation cutOff = revoke(RevocationTarget.subject(subject)).entry();
                eraseAll(subject, cutOff.issuedBefore(), 2);
                return cutOff;
            };

            List<Object> answers = threads.atOnce(List.of(login, erasing, login));

            Instant end = ((Revocation) answers.get(1)).issuedBefore();
            List<LookupKey> newer = new ArrayList<>();
            for (int i : new int[] {0, 2}) {
                for (Object one : (List<?>) answers.get(i)) {
                    GivenSession session = (GivenSession) one;
                    if (session.row().authenticatedAt().isAfter(end)) {
                        newer.add(session.row().key());
                    }
                }
            }
            assertThat(standing(subject)).as("round %s", round).containsExactlyInAnyOrderElementsOf(newer);
            assertThat(live(subject)).containsExactlyInAnyOrderElementsOf(newer);
        }
    }

    @Test
    void what_writes_a_row_while_it_is_erased_does_not_bring_it_back() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            GivenSession session = insert(session(subject).secret("secret-0").build());
            AtomicBoolean isErased = new AtomicBoolean();
            Callable<Object> touching = () -> {
                for (int i = 1; i <= 10; i++) {
                    boolean tooLate = isErased.get();
                    List<Touch> moved = store().touch(List.of(new Touch(session.ref(), now().plusMillis(i))), now());
                    assertThat(tooLate && !moved.isEmpty()).isFalse();
                }
                return "touched";
            };
            Callable<Object> rotating = () -> {
                for (int i = 0; i < 10; i++) {
                    boolean tooLate = isErased.get();
                    RotateResult result =
                            store().rotate(session.ref(), Given.exchange("secret-" + i, "secret-" + (i + 1)), now());
                    assertThat(tooLate && !(result instanceof RotateResult.NotLive))
                            .isFalse();
                }
                return "rotated";
            };
            Callable<Object> revoking = () -> revoke(session.target());
            Callable<Object> erasing = () -> {
                int removed = eraseAll(subject, session.row().authenticatedAt(), 10);
                isErased.set(true);
                return removed;
            };

            List<Object> answers = threads.atOnce(List.of(touching, rotating, revoking, erasing));

            assertThat(answers.get(3)).isEqualTo(1);
            assertThat(find(session)).isEmpty();
            assertThat(standing(subject)).isEmpty();
        }
    }

    @Test
    void parallel_erasures_and_a_purge_remove_each_row_once() {
        int rows = 120;
        GivenSession newer = insert(session(alice).began(now().plusSeconds(1)).build());
        for (int i = 0; i < rows; i++) {
            insert(session(alice).lasting(Duration.ofHours(1)).build());
        }
        Instant until = now();
        clock.advance(Duration.ofDays(9));

        List<Integer> removed =
                threads.atOnce(6, i -> i == 0 ? store().purge(now(), 40).sessions() : eraseAll(alice, until, 7));

        assertThat(removed.stream().mapToInt(Integer::intValue).sum()).isEqualTo(rows);
        assertThat(standing(alice)).containsExactly(keys(newer));
    }

    @Test
    void erasures_of_different_subjects_do_not_meet() {
        List<SubjectId> subjects = IntStream.range(0, 6)
                .mapToObj(i -> Given.subject("subject-" + i))
                .toList();
        subjects.forEach(subject -> IntStream.range(0, 20).forEach(i -> loggedIn(subject)));

        List<Integer> removed = threads.atOnce(subjects.size() - 1, i -> eraseAll(subjects.get(i), now(), 3));

        assertThat(removed).containsOnly(20);
        assertThat(live(subjects.get(5))).hasSize(20);
    }
}
