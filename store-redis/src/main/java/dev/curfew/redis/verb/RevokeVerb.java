package dev.curfew.redis.verb;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
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
public final class RevokeVerb {
    private static final int MEANS_NOW = 1;
    private static final int DONE_BY_NAME = 2;
    private static final int VERBATIM = 4;

    private final ScriptRunner scripts;
    private final RedisKeys keys;
    private final CheckVerbs checks;
    private final SessionReadVerbs sessions;
    private final RecordVerb recorder;
    private final RevokeEverywhere everywhere;

    public RevokeVerb(ScriptRunner scripts, CheckVerbs checks, SessionReadVerbs sessions, RecordVerb recorder) {
        this.scripts = scripts;
        this.keys = scripts.keys();
        this.checks = checks;
        this.sessions = sessions;
        this.recorder = recorder;
        this.everywhere = new RevokeEverywhere(scripts);
    }

    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        RevocationTarget target = request.target();
        Revocation fixed = request.fix(now, scripts.settings(), Instant.EPOCH, Optional.empty());
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
        ScriptReply reply = scripts.write("revoke", call(request, fixed, caller.orElse(null), isElsewhere, now), now);
        return switch (reply.text(0)) {
            case "C" ->
                RevokeResult.CallerRevoked.by(
                        new CandidateEntries().entries(reply, 1).covering(caller.orElseThrow(), now));
            case "N" -> new RevokeResult.NotOwned();
            default -> recorded(reply, now);
        };
    }

    private RevokeResult recorded(ScriptReply reply, Instant now) {
        Revocation entry = RevocationCodec.decode(reply.key(1), reply.bytes(2));
        if (RecordVerb.isForeign(entry.target())) {
            recorder.copyForeign(List.of(entry), now);
        }
        return new RevokeResult.Recorded(entry, reply.number(3), reply.number(4) == 1);
    }

    /**
     * A caller whose bucket lies in another partition is tested there, before the call: nothing of the caller's is
     * here.
     */
    private Optional<RevokeResult> refusedElsewhere(RevocationRequest request, TokenFacts caller, Instant now) {
        AllPartitionsRead all = AllPartitionsRead.of(scripts, "revoke", request.target(), request.act(), now);
        List<Revocation> covering = all.earlier().isPresent() ? List.of() : checks.covering(caller, now);
        return covering.isEmpty() ? Optional.empty() : Optional.of(RevokeResult.CallerRevoked.by(covering));
    }

    private RevokeResult everywhere(RevocationRequest request, Optional<TokenFacts> caller, Instant now) {
        AllPartitionsRead all = AllPartitionsRead.of(scripts, "revoke", request.target(), request.act(), now);
        if (caller.isPresent() && all.earlier().isEmpty()) {
            List<Revocation> covering = checks.covering(caller.get(), now);
            if (!covering.isEmpty()) {
                return RevokeResult.CallerRevoked.by(covering);
            }
            if (!owns(caller.get(), request.target(), all, now)) {
                return new RevokeResult.NotOwned();
            }
        }
        return everywhere.revoke(request, all, now);
    }

    private boolean owns(TokenFacts caller, RevocationTarget target, AllPartitionsRead all, Instant now) {
        if (target.kind() != RevocationTarget.Kind.FOREIGN_SESSION) {
            return false;
        }
        LookupKey subject = caller.subjectKey();
        return target.key().equals(caller.sessionKey())
                || subject != null
                        && all.foreignBucket()
                                .flatMap(bucket -> sessions.find(target.key(), bucket, now))
                                .filter(found -> found.session().subjectKey().equals(subject))
                                .isPresent();
    }

    private ScriptCall call(
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
                ScriptCall.number(bucket),
                ScriptCall.number(flags(request)),
                ScriptCall.number(caller == null ? 0 : isTested ? 2 : 1)));
        if (caller != null) {
            args.addAll(args(caller));
        }
        args.add(request.act().toBytes());
        return new ScriptCall(LuaScript.REVOKE, partition, names, args);
    }

    private static List<byte[]> args(TokenFacts caller) {
        List<byte[]> args = new ArrayList<>();
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
        args.add(ScriptCall.number(caller.began().map(Instant::toEpochMilli).orElse(-1L)));
        args.add(ScriptCall.number(LoginInstant.of(caller)));
        return args;
    }

    /** What the script must know of the request. */
    private static int flags(RevocationRequest request) {
        return (request.meansNow() ? MEANS_NOW : 0)
                | (request.isDoneByName() ? DONE_BY_NAME : 0)
                | (request.fixed().isPresent() ? VERBATIM : 0);
    }
}
