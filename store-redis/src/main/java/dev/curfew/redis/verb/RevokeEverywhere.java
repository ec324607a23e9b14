package dev.curfew.redis.verb;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A revocation that every partition keeps: of a client, a realm, a signing key, or a foreign session whose subject is
 * unknown.
 *
 * <p>Its instant is fixed once, from a reading of all partitions, and written verbatim to all; it is acknowledged when
 * all have answered. A repeat after a failure in between finds the entry by the operation, or as one that stands in
 * some partitions, and writes that same entry to the others. Thread-safe.
 */
final class RevokeEverywhere {
    private final ScriptRunner scripts;
    private final RedisKeys keys;

    RevokeEverywhere(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    RevokeResult.Recorded revoke(RevocationRequest request, AllPartitionsRead all, Instant now) {
        RevocationTarget target = request.target();
        long none = target.kind().isCounted() ? 0 : RevokeResult.Recorded.UNCOUNTED;
        if (all.earlier().isPresent()) {
            RevokeResult.Recorded earlier = all.earlier().get();
            long count = write(request, earlier.entry(), earlier.newlyCovered(), all, now);
            return new RevokeResult.Recorded(earlier.entry(), Math.max(count, earlier.newlyCovered()), false);
        }
        Revocation fixed = fix(request, all, now);
        Optional<Revocation> done = all.standing().stream()
                .flatMap(List::stream)
                .filter(entry -> request.isDoneBy(entry, fixed, now))
                .findFirst();
        if (done.isPresent() || fixed.isForgotten(all.earliestClock())) {
            Revocation standing = done.orElse(fixed);
            if (done.isPresent()
                    && (request.fixed().isPresent()
                            || !all.standing().stream()
                                    .allMatch(of ->
                                            of.stream().anyMatch(entry -> request.isDoneBy(entry, fixed, now))))) {
                write(request, standing, none, all, now);
            }
            return new RevokeResult.Recorded(standing, none, false);
        }
        long count = target.kind() == RevocationTarget.Kind.TOKEN ? 1 : none;
        return new RevokeResult.Recorded(fixed, write(request, fixed, count, all, now), true);
    }

    /** "Now" is by the later of the node's clock and the servers'. */
    private Revocation fix(RevocationRequest request, AllPartitionsRead all, Instant now) {
        if (request.target().kind().isSession()) {
            return fixOfSession(request, all, now);
        }
        Instant byTheServers =
                all.latestClock().plus(scripts.settings().nodeSkew()).minusMillis(1);
        Instant newest = all.newestCutOff().isAfter(byTheServers) ? all.newestCutOff() : byTheServers;
        return request.fix(now, scripts.settings(), newest, Optional.empty());
    }

    /** Covers the session that began last, if several have that id. One that cannot be read began in time, too. */
    private Revocation fixOfSession(RevocationRequest request, AllPartitionsRead all, Instant now) {
        if (!request.meansNow()) {
            return request.fix(now, scripts.settings(), Instant.EPOCH, Optional.empty());
        }
        List<byte[]> rows = rows(request.target(), all);
        return request.fix(
                now,
                all.latestClock(),
                scripts.settings(),
                rows.isEmpty() ? Instant.EPOCH : all.newestCutOff(),
                rows.stream()
                        .flatMap(row -> readable(request.target(), row).stream())
                        .max(Comparator.comparing(StoredSession::authenticatedAt)));
    }

    /** Those that stand. */
    private List<byte[]> rows(RevocationTarget target, AllPartitionsRead all) {
        if (all.foreignBuckets().isEmpty()) {
            return List.of();
        }
        List<ReadCommand> reads = all.foreignBuckets().stream()
                .map(bucket -> ReadCommand.fields(
                        keys.sessions(bucket), List.of(target.key().toBytes())))
                .toList();
        return scripts.read("revoke", reads).stream()
                .map(fields -> fields.get(0))
                .filter(row -> row.length > 0)
                .toList();
    }

    private static Optional<StoredSession> readable(RevocationTarget target, byte[] row) {
        try {
            return Optional.of(SessionCodec.decode(target.key(), row));
        } catch (UndecodableSessionException e) {
            return Optional.empty();
        }
    }

    /** Writes to all partitions, whose session, if they have one, is counted. */
    private long write(RevocationRequest request, Revocation entry, long count, AllPartitionsRead all, Instant now) {
        List<Integer> buckets = entry.target().kind().isSession() ? all.foreignBuckets() : List.of();
        List<ScriptCall> calls = scripts.everywhere(partition -> {
            List<byte[]> names = new ArrayList<>();
            names.add(keys.due(partition));
            names.add(keys.acts(partition, now).get(0));
            buckets.stream()
                    .filter(of -> keys.partitionOf(of) == partition)
                    .findFirst()
                    .ifPresent(of -> {
                        names.add(keys.revocations(of));
                        names.add(keys.sessions(of));
                    });
            return new ScriptCall(
                    LuaScript.REVOKE_EVERYWHERE,
                    partition,
                    names,
                    List.of(
                            entry.target().key().toBytes(),
                            RevocationCodec.encode(entry),
                            ScriptCall.number(count),
                            request.act().toBytes()));
        });
        return scripts.writeAll("revoke", calls, now).stream()
                .mapToLong(answer -> answer.number(0))
                .max()
                .orElse(count);
    }
}
