package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.SubjectId;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Revocations on real threads: against each other, and against readers of the feed. */
@Tag("hunt")
@Tag("RacingRevocations")
abstract class RevocationRaceContract extends StoreContract {
    private static final int MANY = 50;

    private final Threads threads = new Threads();

    RevocationRaceContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    @Test
    void of_parallel_logouts_of_one_session_exactly_one_succeeds() {
        for (int round = 0; round < fixture().rounds() / 4 + 1; round++) {
            GivenSession session = loggedIn(alice);
            Precondition own = Precondition.ownedBy(session.token("t"));

            List<RevokeResult> results =
                    threads.atOnce(MANY, i -> revoke(Given.act(session.target()).build(), own));

            List<RevokeResult.Recorded> recorded = recordedOf(results);
            assertThat(recorded).hasSize(1);
            assertThat(recorded.get(0).changed()).isTrue();
            assertThat(recorded.get(0).newlyCovered()).isEqualTo(1);
            assertThat(results.stream()
                            .filter(new RevokeResult.CallerRevoked(
                                    recorded.get(0).entry())::equals))
                    .hasSize(MANY - 1);
        }
    }

    @Test
    void of_parallel_revocations_of_one_session_exactly_one_counts_it() {
        for (int round = 0; round < fixture().rounds(); round++) {
            GivenSession session = loggedIn(alice);

            List<RevokeResult.Recorded> results = threads.atOnce(8, i -> revoke(session.target()));

            assertThat(results.stream().filter(RevokeResult.Recorded::changed)).hasSize(1);
            assertThat(total(results)).isEqualTo(1);
            assertThat(results.stream().map(RevokeResult.Recorded::entry).distinct())
                    .hasSize(1);
            assertThat(find(session).orElseThrow().coveredBy()).hasSize(1);
        }
    }

    @Test
    void parallel_repeats_of_one_act_change_once_and_answer_alike() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            loggedIn(subject);
            loggedIn(subject);
            RevocationRequest request =
                    Given.act(RevocationTarget.subject(subject)).build();
            FeedReader reader = caughtUpReader();

            List<RevokeResult.Recorded> results = threads.atOnce(8, i -> revoke(request));

            assertThat(results.stream().filter(RevokeResult.Recorded::changed)).hasSize(1);
            assertThat(results)
                    .allSatisfy(result -> assertThat(result.newlyCovered()).isEqualTo(2));
            assertThat(results.stream().map(RevokeResult.Recorded::entry).distinct())
                    .hasSize(1);
            assertThat(reader.revocations()).containsExactly(results.get(0).entry());
        }
    }

    @Test
    void of_two_who_end_all_others_exactly_one_survives() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            List<GivenSession> sessions = List.of(loggedIn(subject), loggedIn(subject));

            List<RevokeResult> results = threads.atOnce(2, i -> endAllBut(sessions.get(i)));

            List<RevokeResult.Recorded> recorded = recordedOf(results);
            assertThat(recorded).hasSize(1);
            int winner = results.indexOf(recorded.get(0));
            assertThat(recorded.get(0).newlyCovered()).isEqualTo(1);
            assertThat(results.get(1 - winner))
                    .isEqualTo(new RevokeResult.CallerRevoked(recorded.get(0).entry()));
            assertThat(live(subject)).containsExactly(keys(sessions.get(winner)));
        }
    }

    @Test
    void of_two_who_end_each_other_exactly_one_survives() {
        for (int round = 0; round < fixture().rounds(); round++) {
            SubjectId subject = Given.subject("subject-" + round);
            List<GivenSession> sessions = List.of(loggedIn(subject), loggedIn(subject));

            List<RevokeResult> results = threads.atOnce(
                    2,
                    i -> revoke(
                            Given.act(sessions.get(1 - i).target()).build(),
                            Precondition.ownedBy(sessions.get(i).token("t"))));

            assertThat(recordedOf(results)).hasSize(1);
            int winner = results.indexOf(recordedOf(results).get(0));
            assertThat(live(subject)).containsExactly(keys(sessions.get(winner)));
        }
    }

    @Test
    void every_session_is_counted_by_exactly_one_of_several_cut_offs() {
        for (int round = 0; round < fixture().rounds() / 4 + 1; round++) {
            SubjectId subject = Given.subject("subject-" + round);
            List<GivenSession> sessions =
                    Stream.generate(() -> loggedIn(subject)).limit(6).toList();

            List<RevokeResult.Recorded> results = threads.atOnce(
                    8, i -> i < 6 ? revoke(sessions.get(i).target()) : revoke(RevocationTarget.subject(subject)));

            assertThat(total(results)).isEqualTo(6);
            assertThat(live(subject)).isEmpty();
        }
    }

    @Test
    void parallel_cut_offs_lie_behind_each_other() {
        for (int round = 0; round < fixture().rounds() / 4 + 1; round++) {
            SubjectId subject = Given.subject("subject-" + round);

            List<RevokeResult.Recorded> results = threads.atOnce(8, i -> revoke(RevocationTarget.subject(subject)));

            assertThat(results.stream().map(result -> result.entry().issuedBefore()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void readers_of_the_feed_see_whatever_was_acknowledged_before_they_read() {
        int writers = 8;
        int readers = 8;
        int acts = fixture().rounds();
        Set<Revocation> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger writing = new AtomicInteger(writers);
        List<Callable<Set<Revocation>>> tasks = new ArrayList<>();
        for (int w = 0; w < writers; w++) {
            SubjectId subject = Given.subject("subject-" + w);
            tasks.add(() -> {
                for (int i = 0; i < acts; i++) {
                    acknowledged.add(
                            revoke(Given.tokenTarget(subject, "jti-" + i)).entry());
                }
                writing.decrementAndGet();
                return Set.of();
            });
        }
        for (int r = 0; r < readers; r++) {
            FeedReader reader = FeedReader.fromBeginning(store().feed()).readingAtMost(r + 3);
            tasks.add(() -> follow(reader, acknowledged, writing));
        }

        List<Set<Revocation>> seen = threads.atOnce(tasks);

        assertThat(acknowledged).hasSize(writers * acts);
        assertThat(seen.subList(writers, writers + readers))
                .allSatisfy(one -> assertThat(one).isEqualTo(acknowledged));
    }

    private static Set<Revocation> follow(FeedReader reader, Set<Revocation> acknowledged, AtomicInteger writing) {
        Set<Revocation> seen = new HashSet<>();
        boolean isOver;
        do {
            isOver = writing.get() == 0;
            Set<Revocation> before = new HashSet<>(acknowledged);
            seen.addAll(reader.revocations());
            before.removeAll(seen);
            assertThat(before).isEmpty();
        } while (!isOver);
        return seen;
    }

    private RevokeResult endAllBut(GivenSession session) {
        return revoke(
                Given.act(RevocationTarget.subject(session.subject()))
                        .exempt(session.exempt())
                        .build(),
                Precondition.ownedBy(session.token("t")));
    }

    private static List<RevokeResult.Recorded> recordedOf(List<RevokeResult> results) {
        return results.stream()
                .filter(RevokeResult.Recorded.class::isInstance)
                .map(RevokeResult.Recorded.class::cast)
                .toList();
    }

    private static long total(List<RevokeResult.Recorded> results) {
        return results.stream().mapToLong(RevokeResult.Recorded::newlyCovered).sum();
    }
}
