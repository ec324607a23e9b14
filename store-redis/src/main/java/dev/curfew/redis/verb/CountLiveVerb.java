package dev.curfew.redis.verb;

import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The verb that counts the live sessions of all buckets, some rows of some buckets at once. Thread-safe. */
public final class CountLiveVerb {
    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public CountLiveVerb(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public long countLive(Instant now) {
        FilledBuckets buckets = new FilledBuckets(scripts, "countLive", 0);
        List<IndexPosition> places = List.of(IndexPosition.atBucket(0));
        long live = 0;
        while (!places.isEmpty()) {
            List<ScriptReply> replies =
                    scripts.runAll("countLive", places.stream().map(this::call).toList(), now);
            List<IndexPosition> unfinished = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                live += replies.get(i).number(0);
                byte[] last = replies.get(i).bytes(1);
                if (last.length > 0) {
                    unfinished.add(new IndexPosition(places.get(i).bucket(), last));
                }
            }
            places = next(buckets, unfinished);
        }
        return live;
    }

    private static List<IndexPosition> next(FilledBuckets buckets, List<IndexPosition> unfinished) {
        List<IndexPosition> places = new ArrayList<>(unfinished);
        buckets.take(IndexPosition.BUCKETS_AT_ONCE - unfinished.size())
                .forEach(bucket -> places.add(IndexPosition.atBucket(bucket)));
        return places;
    }

    private ScriptCall call(IndexPosition from) {
        int bucket = from.bucket();
        return new ScriptCall(
                LuaScript.COUNT_LIVE,
                keys.partitionOf(bucket),
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.index(bucket), keys.ended(bucket)),
                List.of(from.member(), ScriptCall.number(IndexPosition.ROWS_AT_ONCE)));
    }
}
