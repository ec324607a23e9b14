package dev.curfew.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.Seeds;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Queries, cursors and pages. */
class ListingTest {
    private static final Instant BEGAN = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant CREATED = BEGAN.minusSeconds(1);
    private static final LookupKey LOW = new LookupKey(1, 0);
    private static final LookupKey HIGH = new LookupKey(-1, 0);
    private static final SubjectId ALICE = new SubjectId(Realm.of("a"), "alice");

    @Test
    void limit_is_one_to_a_thousand() {
        assertThat(ListQuery.live(1).limit()).isEqualTo(1);
        assertThat(ListQuery.all(ListQuery.MAX_LIMIT).limit()).isEqualTo(1_000);
        assertThatThrownBy(() -> ListQuery.live(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ListQuery.all(1_001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ListQuery.all(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void after_keeps_the_rest_of_the_query() {
        SessionCursor cursor = new SessionCursor(BEGAN, CREATED, LOW);
        ListQuery query = ListQuery.live(7);

        assertThat(query.after(cursor).after()).contains(cursor);
        assertThat(query.after(cursor).limit()).isEqualTo(7);
        assertThat(query.after(cursor).liveOnly()).isTrue();
        assertThat(ListQuery.all(7).after(cursor).liveOnly()).isFalse();
        assertThat(query.after()).as("the query itself").isEmpty();
    }

    @Test
    void cursors_put_what_began_last_first_then_what_was_created_last_then_the_smallest_key_by_its_bytes() {
        List<SessionCursor> ordered = List.of(
                new SessionCursor(BEGAN.plusMillis(1), CREATED, HIGH),
                new SessionCursor(BEGAN, CREATED.plusMillis(1), HIGH),
                new SessionCursor(BEGAN, CREATED, LOW),
                new SessionCursor(BEGAN, CREATED, HIGH),
                new SessionCursor(BEGAN, CREATED.minusMillis(1), LOW),
                new SessionCursor(BEGAN.minusMillis(1), CREATED.plusSeconds(9), LOW));
        List<SessionCursor> shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, Seeds.random(3));

        assertThat(shuffled.stream().sorted()).containsExactlyElementsOf(ordered);
        assertThat(new SessionCursor(BEGAN, CREATED, LOW)).isEqualByComparingTo(new SessionCursor(BEGAN, CREATED, LOW));
    }

    @Test
    void next_is_the_place_of_the_last_row_if_there_may_be_more() {
        FoundSession first = found(2);
        FoundSession last = found(1);

        assertThat(new SessionPage(List.of(first, last), true).next()).contains(SessionCursor.of(last.session()));
        assertThat(new SessionPage(List.of(first, last), false).next()).isEmpty();
        assertThat(new SessionPage(List.of(), true).next()).isEmpty();
    }

    @Test
    void is_live_neither_expired_nor_covered() {
        FoundSession live = found(0);
        Revocation ended = Revocation.of(live.session().target())
                .revokedAt(BEGAN)
                .forgetAfter(Revocation.NEVER)
                .build();
        FoundSession covered = new FoundSession(live.session(), List.of(ended));

        assertThat(live.isLive(BEGAN)).isTrue();
        assertThat(live.isLive(BEGAN.plusSeconds(60).minusMillis(1))).isTrue();
        assertThat(live.isLive(BEGAN.plusSeconds(60))).isFalse();
        assertThat(live.endedBy()).isEmpty();
        assertThat(covered.isLive(BEGAN)).isFalse();
        assertThat(covered.endedBy()).contains(ended);
    }

    private static FoundSession found(int second) {
        Instant began = BEGAN.plusSeconds(second);
        SessionRef session = SessionRef.of(ALICE, Seeds.mint(Seeds.random(second), ALICE, began));
        StoredSession row = StoredSession.of(ALICE, session)
                .authenticatedAt(began)
                .createdAt(began)
                .ends(began.plusSeconds(60), Duration.ofMinutes(1))
                .forgetAfter(began.plusSeconds(60))
                .build();
        return new FoundSession(row, List.of());
    }
}
