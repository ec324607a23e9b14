package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Very many sessions of one subject: nothing is loaded at once, and every count stays exact. */
@Tag("ManySessions")
abstract class ManySessionsContract extends StoreContract {
    ManySessionsContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @Test
    void very_many_sessions_of_one_subject_are_listed_by_pages_and_ended_at_once() {
        int many = fixture().manySessions();
        for (int i = 0; i < many; i++) {
            if (i % 3 == 0) {
                clock.advance(Duration.ofMillis(1));
            }
            loggedIn(alice);
        }
        GivenSession his = loggedIn(bob);

        assertThat(countByPages()).isEqualTo(many);
        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isEqualTo(many);
        assertThat(page(alice, ListQuery.live(10)).sessions()).isEmpty();
        assertThat(live(bob)).containsExactly(keys(his));
        assertThat(revoke(RevocationTarget.subject(alice)).newlyCovered()).isZero();
    }

    /** Counts without keeping a page, and checks the order on the way. */
    private int countByPages() {
        int count = 0;
        Optional<SessionCursor> last = Optional.empty();
        ListQuery query = ListQuery.live(ListQuery.MAX_LIMIT);
        while (true) {
            SessionPage page = page(alice, query);
            for (FoundSession found : page.sessions()) {
                SessionCursor place = SessionCursor.of(found.session());
                assertThat(last.isPresent() && place.compareTo(last.get()) <= 0).isFalse();
                last = Optional.of(place);
                count++;
            }
            if (page.next().isEmpty()) {
                return count;
            }
            query = query.after(page.next().get());
        }
    }
}
