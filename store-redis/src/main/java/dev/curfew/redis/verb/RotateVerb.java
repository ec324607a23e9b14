package dev.curfew.redis.verb;

import dev.curfew.crypto.SecretHash;
import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The verb that exchanges secret, credential and payload of a session. Thread-safe. */
public final class RotateVerb {
    private static final DamagedRows DAMAGED = new DamagedRows(RotateVerb.class, System::nanoTime);
    private static final int OF_SECRET = 1;
    private static final int OF_PAYLOAD = 2;
    private static final int LEAVES_NOTICE = 4;
    private static final byte[] NOTHING = new byte[0];

    private final ScriptRunner scripts;
    private final RedisKeys keys;
    private final SessionReadVerbs reads;

    public RotateVerb(ScriptRunner scripts, SessionReadVerbs reads) {
        this.scripts = scripts;
        this.keys = scripts.keys();
        this.reads = reads;
    }

    /**
     * As durable as a revocation: what it supersedes must not come back.
     *
     * @throws dev.curfew.store.UndecodableRevocationException if an entry that may cover the session cannot be read,
     *     and nothing was exchanged; to answer that there is no such session would be the end of its token
     */
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        int bucket = reads.bucketOf(session, now);
        if (bucket == SessionRef.UNROUTED) {
            return new RotateResult.NotLive(Optional.empty());
        }
        LookupKey key = session.key();
        ScriptReply reply = scripts.write("rotate", call(key, bucket, rotation), now);
        try {
            return result(key, reply, now);
        } catch (UndecodableSessionException e) {
            DAMAGED.met(key, "nothing is exchanged: " + e.getMessage());
            return new RotateResult.NotLive(Optional.empty());
        }
    }

    private RotateResult result(LookupKey key, ScriptReply reply, Instant now) {
        return switch (reply.text(0)) {
            case "E" -> new RotateResult.Rotated();
            case "M" -> new RotateResult.Mismatch(SessionCodec.decode(key, reply.bytes(1)));
            default -> new RotateResult.NotLive(found(key, reply, now));
        };
    }

    private Optional<FoundSession> found(LookupKey key, ScriptReply reply, Instant now) {
        return reply.size() == 1 ? Optional.empty() : Optional.of(reads.found(key, reply, 1, now));
    }

    private ScriptCall call(LookupKey key, int bucket, Rotation rotation) {
        int partition = keys.partitionOf(bucket);
        int flags = (rotation.nextSecret().isPresent() ? OF_SECRET : 0)
                | (rotation.nextPayload().isPresent() ? OF_PAYLOAD : 0)
                | (rotation.leavesNotice() ? LEAVES_NOTICE : 0);
        return new ScriptCall(
                LuaScript.ROTATE,
                partition,
                List.of(
                        keys.revocations(bucket),
                        keys.sessions(bucket),
                        keys.ended(bucket),
                        keys.due(partition),
                        keys.notices(partition)),
                List.of(
                        key.toBytes(),
                        ScriptCall.number(bucket),
                        ScriptCall.number(flags),
                        rotation.expectedSecret().map(SecretHash::toBytes).orElse(NOTHING),
                        rotation.nextSecret().map(SecretHash::toBytes).orElse(NOTHING),
                        rotation.nextCredential().orElse(NOTHING),
                        rotation.expectedPayload().orElse(NOTHING),
                        rotation.nextPayload().orElse(NOTHING),
                        rotation.lastSeen()
                                .map(seen -> ScriptCall.number(seen.toEpochMilli()))
                                .orElse(NOTHING)));
    }
}
