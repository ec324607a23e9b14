package dev.curfew.contract;

import static dev.curfew.contract.GivenRecords.GROUP;
import static dev.curfew.contract.GivenRecords.LIFE;
import static dev.curfew.contract.GivenRecords.itemsOf;
import static dev.curfew.contract.GivenRecords.key;
import static dev.curfew.contract.GivenRecords.numbered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.StoreSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Writers of shared records on real threads and several nodes: of those who expect one version, one wins. */
@Tag("hunt")
@Tag("RacingRecords")
abstract class SharedRecordsRaceContract extends StoreContract {
    private static final int WRITERS = 8;

    private final Threads threads = new Threads();
    private List<GivenRecords> nodes;
    private GivenRecords records;

    SharedRecordsRaceContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SHARED_RECORDS);
        SessionStore other = fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)
                ? opened(fixture().secondNode())
                : store();
        nodes = List.of(GivenRecords.of(store(), clock), GivenRecords.of(other, clock));
        records = nodes.get(0);
    }

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private GivenRecords node(int number) {
        return nodes.get(number % nodes.size());
    }

    private int rounds() {
        return fixture().rounds() / 4 + 1;
    }

    /** All write at once; answers the number of the one that won. */
    private int winner(RecordKey key, long expected) {
        List<Boolean> answers = threads.atOnce(WRITERS, i -> node(i).write(key, expected, "by " + i));
        assertThat(Collections.frequency(answers, true)).as("winners").isEqualTo(1);
        return answers.indexOf(true);
    }

    @Test
    void of_several_writers_of_one_version_on_two_nodes_exactly_one_wins() {
        RecordKey key = key("one");
        long version = records.create(key, "a");
        for (int round = 0; round < rounds(); round++) {
            int winner = winner(key, version);

            SharedRecord standing = records.read(key).orElseThrow();
            assertThat(GivenRecords.text(standing)).isEqualTo("by " + winner);
            assertThat(standing.version()).isEqualTo(++version);
        }
    }

    @Test
    void of_several_who_find_nothing_there_exactly_one_writes() {
        for (int round = 0; round < rounds(); round++) {
            RecordKey key = key("round " + round);

            int winner = winner(key, 0);

            assertThat(GivenRecords.text(records.read(key).orElseThrow())).isEqualTo("by " + winner);
        }
        assertThat(records.all()).hasSize(rounds());
    }

    @Test
    void an_expired_lease_is_taken_once() {
        RecordKey key = key("lease");
        records.create(key, "held by a node that is gone");
        for (int round = 0; round < rounds(); round++) {
            clock.advance(LIFE);

            int winner = winner(key, 0);

            assertThat(GivenRecords.text(records.read(key).orElseThrow())).isEqualTo("by " + winner);
        }
    }

    @Test
    void no_step_of_a_counter_is_lost() {
        RecordKey key = key("counter");
        records.create(key, "0");
        int steps = fixture().rounds() / 20 + 1;

        threads.atOnce(WRITERS, i -> {
            for (int done = 0; done < steps; ) {
                SharedRecord standing = node(i).read(key).orElseThrow();
                int next = Integer.parseInt(GivenRecords.text(standing)) + 1;
                done += node(i).write(key, standing.version(), "" + next) ? 1 : 0;
            }
            return true;
        });

        assertThat(GivenRecords.text(records.read(key).orElseThrow())).isEqualTo("" + WRITERS * steps);
    }

    @Test
    void of_a_write_and_a_removal_of_one_version_exactly_one_wins() {
        for (int round = 0; round < rounds(); round++) {
            RecordKey key = key("round " + round);
            long version = records.create(key, "a");

            List<Boolean> answers = threads.atOnce(List.<Callable<Boolean>>of(
                    () -> node(0).write(key, version, "b"), () -> node(1).remove(key, version)));

            assertThat(answers).containsExactlyInAnyOrder(true, false);
            Optional<SharedRecord> standing = records.read(key);
            assertThat(standing.map(SharedRecord::version))
                    .isEqualTo(answers.get(0) ? Optional.of(version + 1) : Optional.empty());
            assertThat(records.all().size()).isEqualTo(standing.isPresent() ? 1 : 0);
            standing.ifPresent(
                    one -> assertThat(records.remove(key, one.version())).isTrue());
        }
    }

    @Test
    void a_listing_meets_once_what_stays_while_others_are_written_and_removed() {
        List<LookupKey> staying = new ArrayList<>();
        for (int i = 0; i < 60; i += 2) {
            records.create(numbered(i), "a");
            staying.add(numbered(i).item());
        }
        int rounds = fixture().rounds() / 10 + 1;
        List<Callable<Boolean>> tasks = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            GivenRecords node = node(i);
            int first = 1 + 2 * i;
            tasks.add(() -> {
                for (int round = 0; round < rounds; round++) {
                    for (int number = first; number < 60; number += 4) {
                        long version = node.create(numbered(number), "b");
                        assertThat(node.remove(numbered(number), version)).isTrue();
                    }
                }
                return true;
            });
            tasks.add(() -> {
                for (int round = 0; round < rounds; round++) {
                    assertThat(itemsOf(node.all(GROUP, 7)))
                            .doesNotHaveDuplicates()
                            .isSorted()
                            .containsAll(staying);
                }
                return true;
            });
        }

        threads.atOnce(tasks);

        assertThat(itemsOf(records.all())).isEqualTo(staying);
    }

    @Test
    void a_purge_does_not_remove_what_is_written_anew_at_the_same_moment() {
        RecordKey key = key("one");
        for (int round = 0; round < rounds(); round++) {
            records.create(key, "a");
            clock.advance(LIFE.plus(StoreSettings.PURGE_DELAY));

            threads.atOnce(List.<Callable<Object>>of(
                    () -> store().purge(now(), 100), () -> node(1).write(key, 0, "b" + now())));

            SharedRecord standing = records.read(key).orElseThrow();
            assertThat(GivenRecords.text(standing)).isEqualTo("b" + now());
            assertThat(records.all()).containsExactly(standing);
            assertThat(records.remove(key, standing.version())).isTrue();
        }
    }
}
