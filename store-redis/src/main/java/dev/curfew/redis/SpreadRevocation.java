package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.ArrayList;
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
final class SpreadRevocation {
    private static final long UNCOUNTED = RevokeResult.Recorded.UNCOUNTED;

    private final Partitions partitions;
    private final RedisKeys keys;

    SpreadRevocation(Partitions partitions) {
        this.partitions = partitions;
        this.keys = partitions.keys();
    }

    RevokeResult.Recorded revoke(RevocationRequest request, Survey survey, Instant now) {
        RevocationTarget target = request.target();
        long none = isSession(target) || target.kind() == RevocationTarget.Kind.TOKEN ? 0 : UNCOUNTED;
        if (survey.earlier().isPresent()) {
            RevokeResult.Recorded earlier = survey.earlier().get();
            long count = write(request, earlier.entry(), earlier.newlyCovered(), survey, now);
            return new RevokeResult.Recorded(earlier.entry(), Math.max(count, earlier.newlyCovered()), false);
        }
        Revocation fixed = fix(request, survey, now);
        Optional<Revocation> done = survey.standing().stream()
                .flatMap(List::stream)
                .filter(entry -> request.isDoneBy(entry, fixed, now))
                .findFirst();
        if (done.isPresent() || fixed.isForgotten(survey.earliest())) {
            Revocation standing = done.orElse(fixed);
            if (done.isPresent()
                    && (request.fixed().isPresent()
                            || !survey.standing().stream()
                                    .allMatch(of ->
                                            of.stream().anyMatch(entry -> request.isDoneBy(entry, fixed, now))))) {
                write(request, standing, none, survey, now);
            }
            return new RevokeResult.Recorded(standing, none, false);
        }
        long count = target.kind() == RevocationTarget.Kind.TOKEN ? 1 : none;
        return new RevokeResult.Recorded(fixed, write(request, fixed, count, survey, now), true);
    }

    /** "Now" is by the later of the node's clock and the servers'. */
    private Revocation fix(RevocationRequest request, Survey survey, Instant now) {
        if (isSession(request.target())) {
            return request.fix(survey.clock(), partitions.settings(), survey.newest(), Optional.empty());
        }
        Instant byTheServers =
                survey.clock().plus(partitions.settings().nodeSkew()).minusMillis(1);
        Instant newest = survey.newest().isAfter(byTheServers) ? survey.newest() : byTheServers;
        return request.fix(now, partitions.settings(), newest, Optional.empty());
    }

    private static boolean isSession(RevocationTarget target) {
        return target.kind() == RevocationTarget.Kind.FOREIGN_SESSION;
    }

    /** Writes to all partitions, first to the one whose session is counted. */
    private long write(RevocationRequest request, Revocation entry, long count, Survey survey, Instant now) {
        Optional<Integer> bucket = entry.target().kind() == RevocationTarget.Kind.FOREIGN_SESSION
                ? survey.foreignBucket()
                : Optional.empty();
        List<Step> steps = partitions.everywhere(partition -> {
            List<byte[]> names = new ArrayList<>();
            names.add(keys.due(partition));
            names.add(keys.acts(partition, now).get(0));
            bucket.filter(of -> keys.partitionOf(of) == partition).ifPresent(of -> {
                names.add(keys.revocations(of));
                names.add(keys.sessions(of));
            });
            return new Step(
                    LuaScript.REVOKE_EVERYWHERE,
                    partition,
                    names,
                    List.of(
                            entry.target().key().toBytes(),
                            RevocationCodec.encode(entry),
                            Partitions.number(count),
                            request.act().toBytes()));
        });
        return partitions.writeAll("revoke", steps, now).stream()
                .mapToLong(answer -> Reply.number(answer, 0))
                .max()
                .orElse(count);
    }
}
