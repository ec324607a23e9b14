package dev.curfew.revocation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which of several revocations was recorded first is one order, and whoever names the first follows it. */
class RecordedOrderTest {
    private static final Comparator<Revocation> ORDER = Revocation.recordedFirst();

    @Test
    void the_order_is_the_same_however_the_entries_came_and_equal_only_for_equal_ones() {
        Seeds.forAll(300, 3_000, random -> {
            List<Revocation> entries = new ArrayList<>(new Histories(random).revocations(12));
            entries.addAll(entries.subList(0, 3));
            List<Revocation> shuffled = new ArrayList<>(entries);
            Collections.shuffle(shuffled, random);
            entries.sort(ORDER);
            shuffled.sort(ORDER);

            assertThat(shuffled).isEqualTo(entries);
            for (int i = 1; i < entries.size(); i++) {
                Revocation before = entries.get(i - 1);
                Revocation after = entries.get(i);
                assertThat(before.revokedAt()).isBeforeOrEqualTo(after.revokedAt());
                assertThat(ORDER.compare(before, after) == 0)
                        .as("%s and %s", before, after)
                        .isEqualTo(before.equals(after));
                assertThat(ORDER.compare(after, before)).isEqualTo(-ORDER.compare(before, after));
            }
            return entries.size();
        });
    }

    @Test
    void the_set_joins_and_answers_by_it() {
        Seeds.forAll(300, 300, random -> {
            Histories histories = new Histories(random);
            List<Revocation> entries = histories.revocations(12);
            RevocationSet set = new RevocationSet();
            entries.forEach(set::add);
            long worth = 0;
            for (TokenFacts facts : histories.facts(10)) {
                List<Revocation> covering = set.covering(facts, Histories.START);

                assertThat(covering).isSortedAccordingTo(ORDER);
                worth += covering.size() > 1 ? 1 : 0;
            }
            Revocation one = entries.get(0);
            Revocation other = histories.sibling(one);
            Revocation first = ORDER.compare(one, other) <= 0 ? one : other;

            assertThat(one.join(other).reason()).isEqualTo(first.reason());
            assertThat(other.join(one).actor()).isEqualTo(first.actor());
            assertThat(one.replaces(other) && other.replaces(one)).isEqualTo(one.equals(other));
            return worth;
        });
    }
}
