package dev.curfew.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.event.RequestContext;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WaitingSightingsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SubjectId ALICE = new SubjectId(Realm.of("shop"), "alice");

    private final WaitingSightings waiting = new WaitingSightings(3);

    private static Sighting of(String session, Instant at) {
        SessionRef ref = SessionRef.of(ALICE, new ForeignSessionId(session));
        return new Sighting(ref.key(), ref, ALICE, at, RequestContext.none());
    }

    private boolean add(Sighting sighting) {
        return waiting.add(sighting, NOW.plusSeconds(10));
    }

    @Test
    void what_was_seen_while_the_clock_was_ahead_gives_way_once_it_is_corrected() {
        waiting.add(of("a", NOW.plusSeconds(60)), NOW.plusSeconds(60));
        waiting.add(of("a", NOW), NOW);

        assertThat(waiting.take(10)).containsExactly(of("a", NOW));
    }

    @Test
    void of_each_session_the_latest_waits_whichever_comes_first() {
        add(of("a", NOW));
        add(of("a", NOW.plusSeconds(2)));
        add(of("a", NOW.plusSeconds(1)));

        assertThat(waiting.take(10)).containsExactly(of("a", NOW.plusSeconds(2)));
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void there_is_room_for_so_many_sessions_and_for_what_is_later_of_these() {
        assertThat(add(of("a", NOW))).isTrue();
        assertThat(add(of("b", NOW))).isTrue();
        assertThat(add(of("c", NOW))).isTrue();

        assertThat(add(of("d", NOW))).isFalse();
        assertThat(add(of("b", NOW.plusSeconds(1)))).isTrue();
        assertThat(waiting.take(10)).containsExactly(of("a", NOW), of("b", NOW.plusSeconds(1)), of("c", NOW));
    }

    @Test
    void those_that_wait_longest_are_taken_first_and_make_room() {
        add(of("a", NOW));
        add(of("b", NOW));
        add(of("c", NOW));

        assertThat(waiting.take(2)).containsExactly(of("a", NOW), of("b", NOW));
        assertThat(add(of("d", NOW))).isTrue();
        assertThat(waiting.take(2)).containsExactly(of("c", NOW), of("d", NOW));
    }
}
