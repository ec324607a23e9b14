package dev.curfew.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.curfew.audit.AuditRecord.Field;
import dev.curfew.contract.ManualClock;
import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEvent.CheckUnanswered;
import dev.curfew.event.SessionEvent.SessionRenewed;
import dev.curfew.session.ForeignSessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A flood is one record for each window, and nothing of it is silently gone. LOG-06. */
class RepeatAggregatorTest {
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration TICK = Duration.ofMillis(1);

    private final ManualClock clock = ManualClock.at(Records.NOW);
    private final List<AuditRecord> records = new ArrayList<>();
    private final AuditTrail trail = trail(3);

    private AuditTrail trail(int openWindows) {
        return AuditTrail.builder()
                .sink("list", records::addAll)
                .clock(clock)
                .openWindows(openWindows)
                .executor(Runnable::run)
                .build();
    }

    private void deny(int from, int to, String subject) {
        IntStream.range(from, to).forEach(number -> trail.onEvent(Records.denied(number, subject)));
    }

    @Test
    void the_first_passes_at_once_and_what_follows_is_one_record_with_a_count() {
        deny(0, 1_000, "alice");
        assertThat(Records.ids(records)).containsExactly("denied-0");

        clock.advance(WINDOW.minus(TICK));
        trail.onEvent(Records.important(1));
        assertThat(records).hasSize(2);

        clock.advance(TICK);
        trail.onEvent(Records.important(2));
        assertThat(Records.ids(records)).containsExactly("denied-0", "failed-1", "denied-1:repeats", "failed-2");
        AuditRecord repeats = records.get(2);
        assertThat(repeats.event()).isEqualTo("authz_fail");
        assertThat(repeats.at()).isEqualTo(Records.NOW.plusMillis(999));
        assertThat(repeats.fields())
                .containsEntry(Field.COUNT, "999")
                .containsEntry(Field.SUBJECT, "alice")
                .containsEntry(Field.REASON, "not_owned")
                .doesNotContainKey(Field.KEY);
    }

    @Test
    void one_alone_leaves_no_second_record_and_the_next_window_begins_with_the_next_one() {
        deny(0, 1, "alice");
        clock.advance(WINDOW);
        deny(1, 2, "alice");
        deny(2, 3, "alice");
        clock.advance(WINDOW);
        trail.close();

        assertThat(Records.ids(records)).containsExactly("denied-0", "denied-1", "denied-2:repeats");
    }

    @Test
    void who_differs_in_subject_or_reason_is_not_alike() {
        deny(0, 2, "alice");
        deny(2, 4, "bob");
        trail.onEvent(new CheckUnanswered("c1", Records.NOW, true));
        trail.onEvent(new CheckUnanswered("c2", Records.NOW, false));

        assertThat(Records.ids(records)).containsExactly("denied-0", "denied-2", "c1", "c2");
    }

    @Test
    void a_flood_of_different_subjects_becomes_one_record_beyond_the_bound_and_none_is_lost() {
        IntStream.range(0, 5_000).forEach(number -> trail.onEvent(Records.denied(number, "subject-" + number)));
        assertThat(records).hasSize(3);

        trail.onEvent(new CheckUnanswered("another sort", Records.NOW, true));
        assertThat(Records.ids(records)).contains("another sort");

        clock.advance(WINDOW);
        trail.onEvent(Records.important(1));
        AuditRecord summary = records.get(4);
        assertThat(summary.event()).isEqualTo("authz_fail");
        assertThat(summary.fields())
                .containsEntry(Field.COUNT, "4997")
                .containsEntry(Field.REALM, "shop")
                .doesNotContainKey(Field.SUBJECT);
        assertThat(records).hasSize(6);
    }

    @Test
    void what_must_be_known_is_never_counted_together() {
        IntStream.range(0, 100).forEach(number -> trail.onEvent(Records.important(7)));

        assertThat(records).hasSize(100);
    }

    @Test
    void renewals_have_an_hour() {
        SessionEvent renewed =
                new SessionRenewed("r", Records.NOW, Records.subject("alice"), new ForeignSessionId("idp-1"));
        for (int minute = 0; minute < 60; minute++) {
            trail.onEvent(renewed);
            clock.advance(WINDOW);
        }
        trail.onEvent(renewed);

        assertThat(records)
                .extracting(AuditRecord::event, record -> Records.field(record, Field.COUNT))
                .containsExactly(
                        tuple("session_renewed", ""), tuple("session_renewed", "59"), tuple("session_renewed", ""));
    }

    @Test
    void a_clock_that_is_set_back_leaves_no_window_open_for_ever() {
        deny(0, 3, "alice");
        clock.advance(Duration.ofDays(-1));
        trail.onEvent(Records.important(1));

        assertThat(Records.ids(records)).containsExactly("denied-0", "denied-1:repeats", "failed-1");
    }

    @Test
    void the_end_closes_every_window() {
        deny(0, 10, "alice");
        deny(10, 20, "bob");
        trail.close();

        assertThat(Records.ids(records))
                .containsExactly("denied-0", "denied-10", "denied-1:repeats", "denied-11:repeats");
    }

    /** Whoever publishes an event must not wait until a whole flood is summed up; what is left waits for the next. */
    @Test
    void an_event_closes_a_hundred_windows_at_most_and_each_is_closed_in_the_end() {
        AuditTrail wide = trail(1_000);
        for (int i = 0; i < 500; i++) {
            wide.onEvent(Records.denied(2 * i, "subject-" + i));
            wide.onEvent(Records.denied(2 * i + 1, "subject-" + i));
        }
        assertThat(records).hasSize(500);
        records.clear();
        clock.advance(WINDOW);

        wide.onEvent(Records.important(1));
        assertThat(records).hasSize(101);

        for (int i = 2; i < 7; i++) {
            wide.onEvent(Records.important(i));
        }
        assertThat(Records.ids(records))
                .filteredOn(id -> id.endsWith(":repeats"))
                .hasSize(500)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_window_that_is_over_counts_nothing_more_although_it_is_not_its_turn() {
        AuditTrail wide = trail(1_000);
        for (int i = 0; i < 500; i++) {
            wide.onEvent(Records.denied(i, "subject-" + i));
        }
        wide.onEvent(Records.denied(1_000, "subject-499"));
        records.clear();
        clock.advance(WINDOW);

        wide.onEvent(Records.denied(1_001, "subject-499"));

        assertThat(Records.ids(records)).containsExactly("denied-1000:repeats", "denied-1001");
    }

    @Test
    void what_comes_after_the_end_is_counted_into_no_window_that_nobody_closes() {
        deny(0, 2, "alice");
        trail.close();

        deny(2, 4, "alice");

        assertThat(Records.ids(records)).containsExactly("denied-0", "denied-1:repeats");
        assertThat(trail.status().get(0).lost()).isEqualTo(2);
    }
}
