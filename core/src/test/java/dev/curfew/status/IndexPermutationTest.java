package dev.curfew.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.session.LookupKey;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexPermutationTest {
    private static final int PLACES = 1 << 17;

    private static IndexPermutation of(String seed) {
        return new IndexPermutation(LookupKey.of("test", seed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d"})
    void each_place_has_an_index_of_its_own(String seed) {
        IndexPermutation indices = of(seed);
        BitSet met = new BitSet(PLACES);

        IntStream.range(0, PLACES).map(indices::index).forEach(met::set);

        assertThat(met.cardinality()).isEqualTo(PLACES);
        assertThat(met.length()).isEqualTo(PLACES);
    }

    /** Of 131,071 pairs of neighbours about two are neighbours again by chance. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c", "d"})
    void neighbours_are_no_neighbours_and_as_far_apart_as_by_chance(String seed) {
        IndexPermutation indices = of(seed);
        int[] distances = IntStream.range(1, PLACES)
                .map(place -> Math.abs(indices.index(place) - indices.index(place - 1)))
                .toArray();

        assertThat(IntStream.of(distances).filter(distance -> distance == 1).count())
                .isLessThan(20);
        assertThat(IntStream.of(distances).average().orElseThrow()).isBetween(PLACES * 0.32, PLACES * 0.345);
    }

    @Test
    void each_bit_of_an_index_is_set_as_often_as_not_whatever_the_first_places_are() {
        for (int bit = 0; bit < 17; bit++) {
            int mask = 1 << bit;
            long set = IntStream.range(0, 400)
                    .filter(seed -> (of("seed " + seed).index(seed % 3) & mask) != 0)
                    .count();
            assertThat(set).as("bit %s", bit).isBetween(150L, 250L);
        }
    }

    @Test
    void lists_have_orders_of_their_own() {
        IndexPermutation one = of("a");
        IndexPermutation other = of("b");

        assertThat(IntStream.range(0, PLACES)
                        .filter(place -> one.index(place) == other.index(place))
                        .count())
                .isLessThan(10);
    }

    /** Nodes of different versions must agree. */
    @Test
    void the_order_of_a_seed_stays() {
        IndexPermutation indices = new IndexPermutation(new LookupKey(1, 2));

        assertThat(IntStream.of(0, 1, 2, 511, 512, 131_071).map(indices::index).toArray())
                .containsExactly(22027, 97277, 47741, 112000, 72969, 78909);
    }
}
