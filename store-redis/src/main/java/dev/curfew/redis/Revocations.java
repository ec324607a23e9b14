package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verb that revokes. Thread-safe. */
final class Revocations {
    private static final int MEANS_NOW = 1;
    private static final int DONE_BY_IDENTITY = 2;
    private static final int VERBATIM = 4;

    private final Partitions partitions;
    private final RedisKeys keys;
    private final Checks checks;
    private final Listing listing;
    private final Recorder recorder;
    private final SpreadRevocation spread;

    Revocations(Partitions partitions, Checks checks, Listing listing, Recorder recorder) {
        this.partitions = partitions;
        this.keys = partitions.keys();
        this.checks = checks;
        this.listing = listing;
        this.recorder = recorder;
        this.spread = new SpreadRevocation(partitions);
    }

    RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        RevocationTarget target = request.target();
        Revocation fixed = request.fix(now, partitions.settings(), Instant.EPOCH, Optional.empty());
        Optional<TokenFacts> caller = precondition.caller();
        if (target.bucket() == RevocationTarget.EVERYWHERE) {
            return everywhere(request, caller, now);
        }
        boolean isElsewhere = caller.filter(
                        facts -> keys.partitionOf(facts.bucket()) != keys.partitionOf(target.bucket()))
                .isPresent();
        if (isElsewhere) {
            Optional<RevokeResult> refused = refusedElsewhere(request, caller.get(), now);
            if (refused.isPresent()) {
                return refused.get();
            }
        }
        List<Object> answer =
                partitions.write("revoke", step(request, fixed, caller.orElse(null), isElsewhere, now), now);
        return switch (Reply.text(answer, 0)) {
            case "C" ->
                RevokeResult.CallerRevoked.by(
                        new Candidates().entries(answer, 1).covering(caller.orElseThrow(), now));
            case "N" -> new RevokeResult.NotOwned();
            default -> recorded(answer, now);
        };
    }

    private RevokeResult recorded(List<Object> answer, Instant now) {
        Revocation entry = RevocationCodec.decode(LookupKey.fromBytes(Reply.bytes(answer, 1)), Reply.bytes(answer, 2));
        if (Recorder.isForeign(entry.target())) {
            recorder.copyForeign(List.of(entry), now);
        }
        return new RevokeResult.Recorded(entry, Reply.number(answer, 3), Reply.number(answer, 4) == 1);
    }

    /**
     * A caller whose bucket lies in another partition is tested there, before the step: nothing of the caller's is
     * here.
     */
    private Optional<RevokeResult> refusedElsewhere(RevocationRequest request, TokenFacts caller, Instant now) {
        Survey survey = Survey.of(partitions, request.target(), request.act(), now);
        List<Revocation> covering = survey.earlier().isPresent() ? List.of() : checks.covering(caller, now);
        return covering.isEmpty() ? Optional.empty() : Optional.of(RevokeResult.CallerRevoked.by(covering));
    }

    private RevokeResult everywhere(RevocationRequest request, Optional<TokenFacts> caller, Instant now) {
        Survey survey = Survey.of(partitions, request.target(), request.act(), now);
        if (caller.isPresent() && survey.earlier().isEmpty()) {
            List<Revocation> covering = checks.covering(caller.get(), now);
            if (!covering.isEmpty()) {
                return RevokeResult.CallerRevoked.by(covering);
            }
            if (!owns(caller.get(), request.target(), survey, now)) {
                return new RevokeResult.NotOwned();
            }
        }
        return spread.revoke(request, survey, now);
    }

    private boolean owns(TokenFacts caller, RevocationTarget target, Survey survey, Instant now) {
        if (target.kind() != RevocationTarget.Kind.FOREIGN_SESSION) {
            return false;
        }
        LookupKey subject = caller.subjectKey();
        return target.key().equals(caller.sessionKey())
                || subject != null
                        && survey.foreignBucket()
                                .flatMap(bucket -> listing.find(target.key(), bucket, now))
                                .filter(found -> found.session().subjectKey().equals(subject))
                                .isPresent();
    }

    private Step step(
            RevocationRequest request, Revocation fixed, @Nullable TokenFacts caller, boolean isTested, Instant now) {
        RevocationTarget target = request.target();
        int bucket = target.bucket();
        int partition = keys.partitionOf(bucket);
        List<byte[]> names = new ArrayList<>(List.of(
                keys.revocations(bucket),
                keys.sessions(bucket),
                keys.index(bucket),
                keys.due(partition),
                keys.ended(bucket),
                keys.revocations(caller == null || isTested ? bucket : caller.bucket())));
        names.addAll(keys.acts(partition, now));
        List<byte[]> args = new ArrayList<>(List.of(
                target.key().toBytes(),
                RevocationCodec.encode(fixed),
                Partitions.number(bucket),
                Partitions.number(flags(request, fixed, now)),
                Partitions.number(caller == null ? 0 : isTested ? 2 : 1)));
        if (caller != null) {
            for (LookupKey key : new LookupKey[] {
                caller.tokenKey(),
                caller.sessionKey(),
                caller.signingKeyKey(),
                caller.subjectKey(),
                caller.clientKey(),
                caller.realmKey()
            }) {
                args.add(key == null ? new byte[0] : key.toBytes());
            }
            args.add(Partitions.number(caller.began().map(Instant::toEpochMilli).orElse(-1L)));
            args.add(Partitions.number(LoginInstant.of(caller)));
        }
        args.add(request.act().toBytes());
        return new Step(LuaScript.REVOKE, partition, names, args);
    }

    /** What the script must know of the request: the second flag is found by asking whether a lesser entry would do. */
    private static int flags(RevocationRequest request, Revocation fixed, Instant now) {
        RevocationTarget.Kind kind = request.target().kind();
        boolean meansNow = request.fixed().isEmpty()
                && (kind == RevocationTarget.Kind.FOREIGN_SESSION
                        || kind.isCutOff() && request.issuedBefore().isEmpty());
        Revocation lesser = Revocation.of(request.target())
                .revokedAt(fixed.revokedAt())
                .issuedBefore(Instant.EPOCH)
                .forgetAfter(now.plusMillis(1))
                .build();
        boolean byIdentity = !lesser.supersedes(fixed) && request.isDoneBy(lesser, fixed, now);
        boolean isFixed = request.fixed().isPresent();
        return (meansNow && !isFixed ? MEANS_NOW : 0) | (byIdentity ? DONE_BY_IDENTITY : 0) | (isFixed ? VERBATIM : 0);
    }
}
