package dev.curfew.replica;

import dev.curfew.session.LookupKey;
import dev.curfew.session.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Test;

/**
 * Readers against the one writer of a table, in all the orders that a checker of linearizability can think of. {@code
 * -Dcurfew.lincheck.iterations=50} tries more.
 */
public class FingerprintTableLincheckTest {
    private static final int NOW = 10;
    private static final int NOTE = (NOW + 1) << 6 | 1;
    private static final int ITERATIONS = Integer.getInteger("curfew.lincheck.iterations", 3);
    private static final int INVOCATIONS = 300;

    /** Always with the same secret, because interleavings are tried again and again. */
    private final FingerprintTable table = new FingerprintTable(Seeds.predictable(new Random(7)), 1);

    private static LookupKey key(int number) {
        return new LookupKey(number, 7L * number);
    }

    /** Adds a key; the answer says whether it is new. */
    @Operation(nonParallelGroup = "writer")
    public boolean add(@Param(gen = IntGen.class, conf = "1:6") int number) {
        // Others come first, so that a segment is soon full and a larger one takes its place.
        for (int other = 1; other < 4; other++) {
            table.add(key(100 * number + other), NOTE);
        }
        return table.add(key(number), NOTE);
    }

    /**
     * Drops what expired, of which there is nothing in these runs: the segments are copied all the same when they fill.
     */
    @Operation(nonParallelGroup = "writer")
    public void sweep() {
        table.sweep(NOW, 2);
    }

    @Operation
    public boolean find(@Param(gen = IntGen.class, conf = "1:6") int number) {
        return table.find(key(number)) != FingerprintSegment.ABSENT;
    }

    @Test
    void is_linearizable_under_stress() {
        new StressOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(3)
                .actorsPerThread(4)
                .sequentialSpecification(Plain.class)
                .check(FingerprintTableLincheckTest.class);
    }

    @Test
    void is_linearizable_in_every_interleaving_tried() {
        new ModelCheckingOptions()
                .iterations(ITERATIONS)
                .invocationsPerIteration(INVOCATIONS)
                .threads(2)
                .actorsPerThread(3)
                .sequentialSpecification(Plain.class)
                .check(FingerprintTableLincheckTest.class);
    }

    /** What the table ought to be, for one thread. */
    public static final class Plain {
        private final Map<Integer, Integer> notes = new HashMap<>();

        public boolean add(int number) {
            return notes.put(number, number) == null;
        }

        public void sweep() {
            // Nothing expires here.
        }

        public boolean find(int number) {
            return notes.containsKey(number);
        }
    }
}
