package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all partitions know before a revocation that is kept everywhere is fixed. Immutable.
 *
 * @param earlier what the act did, if it was done
 * @param newest the newest cut-off of the realm
 * @param clock the latest of the servers' clocks and the instant of the operation
 * @param earliest the earliest of these
 * @param standing the target's entries in each partition
 * @param foreignBucket where the foreign session of that key is, if there is one
 */
record Survey(
        Optional<RevokeResult.Recorded> earlier,
        Instant newest,
        Instant clock,
        Instant earliest,
        List<List<Revocation>> standing,
        Optional<Integer> foreignBucket) {
    private static final int CLOCK = 3;
    private static final int EARLIER = 4;

    static Survey of(Partitions partitions, RevocationTarget target, LookupKey act, Instant now) {
        List<List<Object>> answers = partitions.runAll(
                "revoke",
                partitions.everywhere(partition -> new Step(
                        LuaScript.READ_TARGET,
                        partition,
                        names(partitions.keys(), partition, now),
                        List.of(target.key().toBytes(), target.realm().toBytes(), act.toBytes()))),
                now);
        Optional<RevokeResult.Recorded> earlier = Optional.empty();
        Optional<Integer> bucket = Optional.empty();
        long newest = 0;
        long clock = now.toEpochMilli();
        long earliest = clock;
        List<List<Revocation>> standing = new ArrayList<>();
        for (List<Object> answer : answers) {
            if (answer.size() > EARLIER) {
                RevokeResult.Recorded one = new RevokeResult.Recorded(
                        RevocationCodec.decode(
                                LookupKey.fromBytes(Reply.bytes(answer, EARLIER)), Reply.bytes(answer, EARLIER + 1)),
                        Reply.number(answer, EARLIER + 2),
                        false);
                earlier = Optional.of(earlier.filter(other -> other.newlyCovered() >= one.newlyCovered())
                        .orElse(one));
            }
            newest = Math.max(newest, Reply.number(answer, 0));
            clock = Math.max(clock, Reply.number(answer, CLOCK));
            earliest = Math.min(earliest, Reply.number(answer, CLOCK));
            standing.add(RevocationCodec.field(target.key(), Reply.bytes(answer, 1)).stream()
                    .filter(entry -> entry.target().equals(target))
                    .toList());
            if (Reply.bytes(answer, 2).length > 0) {
                bucket = Optional.of((int) Reply.number(answer, 2));
            }
        }
        return new Survey(
                earlier,
                Instant.ofEpochMilli(newest),
                Instant.ofEpochMilli(clock),
                Instant.ofEpochMilli(earliest),
                standing,
                bucket);
    }

    private static List<byte[]> names(RedisKeys keys, int partition, Instant now) {
        List<byte[]> names = new ArrayList<>(4);
        names.add(keys.foreign(partition));
        names.addAll(keys.acts(partition, now));
        return names;
    }
}
