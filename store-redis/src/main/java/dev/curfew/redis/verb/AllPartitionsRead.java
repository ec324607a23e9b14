package dev.curfew.redis.verb;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** What all partitions know of a target before a revocation that is kept everywhere is fixed. Immutable. */
final class AllPartitionsRead {
    private final List<Answer> answers;
    private final Instant now;

    private AllPartitionsRead(List<Answer> answers, Instant now) {
        this.answers = answers;
        this.now = now;
    }

    /** {@code verb} names the operation that this is part of, for failures. */
    static AllPartitionsRead of(
            ScriptRunner scripts, String verb, RevocationTarget target, LookupKey act, Instant now) {
        List<byte[]> args = List.of(target.key().toBytes(), target.realm().toBytes(), act.toBytes());
        List<ScriptCall> calls = scripts.everywhere(partition ->
                new ScriptCall(LuaScript.READ_TARGET, partition, keysOf(scripts.keys(), partition, now), args));
        return new AllPartitionsRead(
                scripts.runAll(verb, calls, now).stream()
                        .map(reply -> Answer.of(reply, target))
                        .toList(),
                now);
    }

    private static List<byte[]> keysOf(RedisKeys keys, int partition, Instant now) {
        List<byte[]> names = new ArrayList<>(4);
        names.add(keys.foreign(partition));
        names.addAll(keys.acts(partition, now));
        return names;
    }

    /** What one partition answers. */
    private record Answer(
            long newestCutOff,
            long clock,
            List<Revocation> standing,
            Optional<Integer> foreignBucket,
            Optional<RevokeResult.Recorded> earlier) {
        private static final int EARLIER = 4;

        static Answer of(ScriptReply reply, RevocationTarget target) {
            List<Revocation> standing = RevocationCodec.field(target.key(), reply.bytes(1)).stream()
                    .filter(entry -> entry.target().equals(target))
                    .toList();
            Optional<Integer> bucket =
                    reply.bytes(2).length > 0 ? Optional.of((int) reply.number(2)) : Optional.empty();
            return new Answer(reply.number(0), reply.number(3), standing, bucket, earlierIn(reply));
        }

        private static Optional<RevokeResult.Recorded> earlierIn(ScriptReply reply) {
            return reply.size() > EARLIER
                    ? Optional.of(new RevokeResult.Recorded(
                            RevocationCodec.decode(reply.key(EARLIER), reply.bytes(EARLIER + 1)),
                            reply.number(EARLIER + 2),
                            false))
                    : Optional.empty();
        }
    }

    /** {@return what the act did, if it was done; the highest count, if partitions have several} */
    Optional<RevokeResult.Recorded> earlier() {
        return answers.stream()
                .flatMap(answer -> answer.earlier().stream())
                .max(Comparator.comparingLong(RevokeResult.Recorded::newlyCovered));
    }

    /** {@return the newest cut-off of the realm} */
    Instant newestCutOff() {
        return Instant.ofEpochMilli(
                answers.stream().mapToLong(Answer::newestCutOff).max().orElse(0));
    }

    /** {@return the latest of the servers' clocks and the instant of the operation} */
    Instant latestClock() {
        return Instant.ofEpochMilli(clocks().max().orElseThrow());
    }

    /** {@return the earliest of these} */
    Instant earliestClock() {
        return Instant.ofEpochMilli(clocks().min().orElseThrow());
    }

    private LongStream clocks() {
        return LongStream.concat(
                LongStream.of(now.toEpochMilli()), answers.stream().mapToLong(Answer::clock));
    }

    /** {@return the target's entries in each partition} */
    List<List<Revocation>> standing() {
        return answers.stream().map(Answer::standing).toList();
    }

    /** {@return where a foreign session of that key is, if there is one} */
    Optional<Integer> foreignBucket() {
        return foreignBuckets().stream().reduce((one, other) -> other);
    }

    /** {@return where the foreign sessions of that key are, which several subjects may have} */
    List<Integer> foreignBuckets() {
        return answers.stream()
                .flatMap(answer -> answer.foreignBucket().stream())
                .toList();
    }
}
