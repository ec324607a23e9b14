package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.StoredPayload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Walks payloads and credentials of all sessions, bucket by bucket in the order of each bucket's index, and exchanges
 * them. Thread-safe.
 */
public final class PayloadVerbs {
    private static final DamagedRows DAMAGED = new DamagedRows(PayloadVerbs.class, System::nanoTime);

    private static final int REPLACED_AT_ONCE = 100;
    private static final int ARGS_OF_CHANGE = 5;

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public PayloadVerbs(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    public PayloadPage page(PayloadCursor cursor, int limit) {
        int left = PayloadRewriting.requireLimit(limit);
        IndexPosition from = IndexPosition.parse(cursor.text());
        List<StoredPayload> page = new ArrayList<>();
        while (from.bucket() < RedisKeys.BUCKETS) {
            List<IndexPosition> met = met(from, left);
            page.addAll(read(met));
            left -= met.size();
            if (left == 0) {
                return PayloadPage.of(
                        page, new PayloadCursor(met.get(met.size() - 1).toString()));
            }
            from = IndexPosition.atBucket(from.bucket() + IndexPosition.BUCKETS_AT_ONCE);
        }
        return PayloadPage.last(page);
    }

    /** The first places behind one, in some buckets. */
    private List<IndexPosition> met(IndexPosition from, int limit) {
        int end = Math.min(RedisKeys.BUCKETS, from.bucket() + IndexPosition.BUCKETS_AT_ONCE);
        List<ReadCommand> reads = new ArrayList<>();
        for (int bucket = from.bucket(); bucket < end; bucket++) {
            byte[] after = bucket == from.bucket() ? from.member() : IndexPosition.NOTHING;
            reads.add(ReadCommand.membersBehind(keys.index(bucket), after, limit));
        }
        List<IndexPosition> met = new ArrayList<>();
        List<List<byte[]>> answers = scripts.read("payloads", reads);
        for (int i = 0; i < answers.size(); i++) {
            for (byte[] member : answers.get(i)) {
                if (met.size() < limit) {
                    met.add(new IndexPosition(from.bucket() + i, member));
                }
            }
        }
        return met;
    }

    private List<StoredPayload> read(List<IndexPosition> places) {
        Map<Integer, List<LookupKey>> byBucket = new LinkedHashMap<>();
        for (IndexPosition place : places) {
            byBucket.computeIfAbsent(place.bucket(), same -> new ArrayList<>()).add(place.session());
        }
        List<ReadCommand> reads = byBucket.entrySet().stream()
                .map(one -> ReadCommand.fields(
                        keys.sessions(one.getKey()),
                        one.getValue().stream().map(LookupKey::toBytes).toList()))
                .toList();
        List<List<byte[]>> answers = scripts.read("payloads", reads);
        List<StoredPayload> payloads = new ArrayList<>();
        int answer = 0;
        for (Map.Entry<Integer, List<LookupKey>> one : byBucket.entrySet()) {
            List<byte[]> rows = answers.get(answer++);
            for (int i = 0; i < rows.size(); i++) {
                add(payloads, one.getValue().get(i), rows.get(i));
            }
        }
        return payloads;
    }

    private static void add(List<StoredPayload> payloads, LookupKey session, byte[] row) {
        if (row.length == 0) {
            return;
        }
        try {
            payloads.add(StoredPayload.of(SessionCodec.decode(session, row)));
        } catch (UndecodableSessionException e) {
            DAMAGED.met(session, "left out of a walk: " + e.getMessage());
        }
    }

    public int replace(Collection<PayloadChange> batch, Instant now) {
        Map<Integer, List<byte[]>> byBucket = new LinkedHashMap<>();
        for (PayloadChange change : batch) {
            StoredPayload expected = change.expected();
            byBucket.computeIfAbsent(expected.bucket(), same -> new ArrayList<>())
                    .addAll(List.of(
                            expected.session().toBytes(),
                            expected.payload(),
                            change.next(),
                            expected.credential(),
                            change.nextCredential()));
        }
        List<ScriptCall> calls = new ArrayList<>();
        byBucket.forEach((bucket, args) -> {
            for (int at = 0; at < args.size(); at += ARGS_OF_CHANGE * REPLACED_AT_ONCE) {
                calls.add(new ScriptCall(
                        LuaScript.REPLACE_PAYLOADS,
                        keys.partitionOf(bucket),
                        List.of(keys.sessions(bucket)),
                        args.subList(at, Math.min(args.size(), at + ARGS_OF_CHANGE * REPLACED_AT_ONCE))));
            }
        });
        int exchanged = 0;
        for (int from = 0; from < calls.size(); from += IndexPosition.BUCKETS_AT_ONCE) {
            List<ScriptCall> some = calls.subList(from, Math.min(calls.size(), from + IndexPosition.BUCKETS_AT_ONCE));
            exchanged += scripts.writeAll("replace", some, now).stream()
                    .mapToInt(answer -> (int) answer.number(0))
                    .sum();
        }
        return exchanged;
    }
}
