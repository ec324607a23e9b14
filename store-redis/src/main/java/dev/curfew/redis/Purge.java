package dev.curfew.redis;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.Partitions.Step;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Removes what has ended long enough ago, bucket by bucket, where something is due. Thread-safe. */
final class Purge {
    private static final DamagedRows DAMAGED = new DamagedRows(Purge.class, System::nanoTime);
    private static final String EVERYWHERE = "w";
    private static final String WATCH = "x";
    private static final int SWEPT_TOGETHER = 64;

    private final Partitions partitions;
    private final RedisKeys keys;

    Purge(Partitions partitions) {
        this.partitions = partitions;
        this.keys = partitions.keys();
    }

    PurgeResult purge(Instant now, int limit) {
        List<List<Object>> due = partitions.runAll(
                "purge",
                partitions.everywhere(partition -> new Step(
                        LuaScript.BEGIN_PURGE,
                        partition,
                        List.of(keys.due(partition), keys.notices(partition)),
                        List.of())),
                now);
        sweep(due, now);
        int sessions = 0;
        int revocations = 0;
        boolean hasForgotten = false;
        List<ExpiredSession> expired = new ArrayList<>();
        for (int partition = 0; partition < due.size(); partition++) {
            for (int i = 0; i < due.get(partition).size(); i++) {
                String member = Reply.text(due.get(partition), i);
                if (member.startsWith(WATCH)) {
                    continue;
                }
                int left = limit - sessions - revocations;
                if (left == 0) {
                    return ended(new PurgeResult(sessions, revocations, true, expired), hasForgotten, now);
                }
                List<Object> gone = partitions.run("purge", step(partition, member, left), now);
                sessions += (int) Reply.number(gone, 0);
                revocations += (int) Reply.number(gone, 1);
                hasForgotten |= Reply.number(gone, 2) == 1;
                expired.addAll(rows(gone));
            }
        }
        return ended(
                new PurgeResult(sessions, revocations, sessions + revocations == limit, expired), hasForgotten, now);
    }

    /** Each script raised the horizon where it removed something; in the end all partitions have the same. */
    private PurgeResult ended(PurgeResult result, boolean hasForgotten, Instant now) {
        if (hasForgotten) {
            List<byte[]> horizon = List.of(
                    Partitions.number(now.minus(StoreSettings.PURGE_DELAY).toEpochMilli()));
            partitions.runAll(
                    "purge",
                    partitions.everywhere(
                            partition -> new Step(LuaScript.RAISE_HORIZON, partition, List.of(), horizon)),
                    now);
        }
        return result;
    }

    private static List<ExpiredSession> rows(List<Object> gone) {
        List<ExpiredSession> rows = new ArrayList<>();
        for (int i = 3; i < gone.size(); i += 3) {
            LookupKey key = LookupKey.fromBytes(Reply.bytes(gone, i));
            try {
                rows.add(new ExpiredSession(
                        SessionCodec.decode(key, Reply.bytes(gone, i + 1)), Reply.number(gone, i + 2) == 1));
            } catch (UndecodableSessionException e) {
                DAMAGED.met(key, "expired and gone, but not answered: " + e.getMessage());
            }
        }
        return rows;
    }

    /** Buckets in which sessions may have ended by time, so that the next count there need not walk. */
    private void sweep(List<List<Object>> due, Instant now) {
        List<Step> steps = new ArrayList<>();
        for (int partition = 0; partition < due.size(); partition++) {
            for (int i = 0; i < due.get(partition).size(); i++) {
                String member = Reply.text(due.get(partition), i);
                if (member.startsWith(WATCH)) {
                    steps.add(sweepOf(Integer.parseInt(member.substring(WATCH.length()))));
                }
            }
        }
        for (int from = 0; from < steps.size(); from += SWEPT_TOGETHER) {
            partitions.runAll("purge", steps.subList(from, Math.min(steps.size(), from + SWEPT_TOGETHER)), now);
        }
    }

    private Step sweepOf(int bucket) {
        int partition = keys.partitionOf(bucket);
        return new Step(
                LuaScript.UPDATE_ENDED,
                partition,
                List.of(
                        keys.due(partition),
                        keys.revocations(bucket),
                        keys.sessions(bucket),
                        keys.index(bucket),
                        keys.ended(bucket)),
                List.of(Partitions.number(bucket)));
    }

    private Step step(int partition, String member, int limit) {
        List<byte[]> names = new ArrayList<>();
        names.add(keys.due(partition));
        if (member.equals(EVERYWHERE)) {
            names.add(keys.part(partition));
        } else {
            int bucket = Integer.parseInt(member);
            names.add(keys.revocations(bucket));
            names.add(keys.sessions(bucket));
            names.add(keys.index(bucket));
            names.add(keys.foreign(partition));
            names.add(keys.ended(bucket));
        }
        return new Step(
                LuaScript.PURGE,
                partition,
                names,
                List.of(member.getBytes(StandardCharsets.US_ASCII), Partitions.number(limit)));
    }
}
