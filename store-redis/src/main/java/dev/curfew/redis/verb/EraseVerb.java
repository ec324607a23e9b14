package dev.curfew.redis.verb;

import dev.curfew.redis.codec.MillisCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.SubjectErasure;
import java.time.Instant;
import java.util.List;

/** The verb that removes what is stored of a subject. Thread-safe. */
public final class EraseVerb {
    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public EraseVerb(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    /** As durable as a revocation: whoever was told that it is gone must not find it again. */
    public ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now) {
        SubjectErasure.requireLimit(limit);
        LookupKey key = subject.key();
        int bucket = key.bucket();
        int partition = keys.partitionOf(bucket);
        ScriptCall call = new ScriptCall(
                LuaScript.ERASE,
                partition,
                List.of(keys.sessions(bucket), keys.index(bucket), keys.ended(bucket), keys.foreign(partition)),
                List.of(
                        key.toBytes(),
                        ScriptCall.number(bucket),
                        ScriptCall.number(MillisCodec.clamp(beganUntil)),
                        ScriptCall.number(limit)));
        ScriptReply reply = scripts.write("erase", call, now);
        return new ErasedRows((int) reply.number(0), reply.number(1) == 1);
    }
}
