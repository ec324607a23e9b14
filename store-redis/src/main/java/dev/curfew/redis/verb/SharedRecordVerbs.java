package dev.curfew.redis.verb;

import dev.curfew.redis.codec.SharedRecordCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** The shared records of an opened store: one script a verb, in the partition of the group. Thread-safe. */
public final class SharedRecordVerbs implements SharedRecords {
    private static final byte[] START = {};

    private final Supplier<ScriptRunner> scripts;

    /**
     * Makes the verbs of a store that may not be opened yet.
     *
     * @param scripts throws if it is not
     */
    public SharedRecordVerbs(Supplier<ScriptRunner> scripts) {
        this.scripts = scripts;
    }

    @Override
    public Optional<SharedRecord> read(RecordKey key, Instant now) {
        ScriptReply reply = scripts.get()
                .run(
                        "readRecord",
                        call(LuaScript.READ_RECORD, key.group(), key.item().toBytes()),
                        now);
        return reply.isEmpty() ? Optional.empty() : Optional.of(SharedRecordCodec.decode(key, reply.bytes(1)));
    }

    /** As durable as a revocation: what was answered as written must not be absent. */
    @Override
    public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        SharedRecords.requireWrite(expected, value, forgetAfter, now);
        SharedRecord next = new SharedRecord(key, SharedRecords.nextVersion(expected), value, forgetAfter);
        ScriptCall call = call(
                LuaScript.WRITE_RECORD,
                key.group(),
                key.item().toBytes(),
                SharedRecordCodec.version(expected),
                SharedRecordCodec.encode(next, ThreadLocalRandom.current().nextLong()));
        return scripts.get().write("writeRecord", call, now).number(0) == 1;
    }

    @Override
    public boolean remove(RecordKey key, long expected, Instant now) {
        SharedRecords.requireVersion(expected);
        ScriptCall call =
                call(LuaScript.REMOVE_RECORD, key.group(), key.item().toBytes(), SharedRecordCodec.version(expected));
        return scripts.get().write("removeRecord", call, now).number(0) == 1;
    }

    @Override
    public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
        Objects.requireNonNull(group, "group");
        SharedRecords.requireLimit(limit);
        ScriptCall call = call(
                LuaScript.LIST_RECORDS, group, after.map(LookupKey::toBytes).orElse(START), ScriptCall.number(limit));
        ScriptReply reply = scripts.get().run("listRecords", call, now);
        List<SharedRecord> page = new ArrayList<>();
        for (int i = 2; i < reply.size(); i += 2) {
            page.add(SharedRecordCodec.decode(new RecordKey(group, reply.key(i)), reply.bytes(i + 1)));
        }
        return new RecordPage(page, reply.number(0) == 0 ? Optional.empty() : Optional.of(reply.key(1)));
    }

    private ScriptCall call(LuaScript script, LookupKey group, byte[]... args) {
        List<byte[]> all = new ArrayList<>(List.of(args));
        all.add(0, group.toBytes());
        ScriptRunner runner = scripts.get();
        return new ScriptCall(
                script, runner.keys().partitionOf(group.bucket()), runner.keys().records(group), all);
    }
}
