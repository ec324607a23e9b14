package dev.curfew.redis.verb;

import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptRunner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The buckets behind one that have rows: most have none where there are few sessions. Confined to one thread.
 *
 * <p>A walk runs its script on the bucket where it begins whatever that has, so that nothing is answered before the
 * horizon.
 */
final class FilledBuckets {
    private final ScriptRunner scripts;
    private final String verb;
    private final Deque<Integer> found = new ArrayDeque<>();
    private int next;

    FilledBuckets(ScriptRunner scripts, String verb, int behind) {
        this.scripts = scripts;
        this.verb = verb;
        this.next = behind + 1;
    }

    /** The next ones, or fewer at the end; a round trip for each 64 buckets that were not looked at before. */
    List<Integer> take(int most) {
        while (found.size() < most && next < RedisKeys.BUCKETS) {
            look();
        }
        List<Integer> taken = new ArrayList<>();
        while (taken.size() < most && !found.isEmpty()) {
            taken.add(found.remove());
        }
        return taken;
    }

    private void look() {
        int end = Math.min(RedisKeys.BUCKETS, next + IndexPosition.BUCKETS_AT_ONCE);
        List<ReadCommand> reads = new ArrayList<>();
        for (int bucket = next; bucket < end; bucket++) {
            reads.add(ReadCommand.length(scripts.keys().sessions(bucket)));
        }
        for (List<byte[]> length : scripts.read(verb, reads)) {
            if (length.get(0)[0] != '0') {
                found.add(next);
            }
            next++;
        }
    }
}
