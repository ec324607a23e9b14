package dev.curfew.redis.verb;

import dev.curfew.crypto.SecretHash;
import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.UndecodableSessionException;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionLimit.WhenReached;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RotateResult;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs that write rows of sessions. Thread-safe. */
public final class SessionWriteVerbs {
    private static final DamagedRows DAMAGED = new DamagedRows(SessionWriteVerbs.class, System::nanoTime);
    private static final OperationId UNREPEATED = new OperationId(0, 0);

    private final ScriptRunner scripts;
    private final RedisKeys keys;
    private final SessionReadVerbs reads;
    private final RecordVerb recorder;

    public SessionWriteVerbs(ScriptRunner scripts, SessionReadVerbs reads, RecordVerb recorder) {
        this.scripts = scripts;
        this.keys = scripts.keys();
        this.reads = reads;
        this.recorder = recorder;
    }

    public InsertResult insert(StoredSession session, SessionLimit limit, Instant now) {
        ScriptCall call = insertCall(session, limit, now);
        ScriptReply reply = limit.isUnlimited() ? scripts.run("insert", call, now) : scripts.write("insert", call, now);
        return switch (reply.text(0)) {
            case "K" -> new InsertResult.AlreadyKnown();
            case "C" ->
                new InsertResult.Covered(new CandidateEntries()
                        .entries(reply, 1)
                        .covering(session.facts(), now)
                        .get(0));
            case "O" -> new InsertResult.OverLimit((int) reply.number(1));
            default -> new InsertResult.Inserted(ended(reply, now));
        };
    }

    private ScriptCall insertCall(StoredSession session, SessionLimit limit, Instant now) {
        int bucket = session.bucket();
        int partition = keys.partitionOf(bucket);
        List<byte[]> names = List.of(
                keys.revocations(bucket),
                keys.sessions(bucket),
                keys.index(bucket),
                keys.due(partition),
                keys.foreign(partition),
                keys.ended(bucket));
        List<byte[]> args = List.of(
                session.key().toBytes(),
                SessionCodec.encode(session),
                ScriptCall.number(bucket),
                ScriptCall.number(limit.isUnlimited() ? 0 : limit.max()),
                ScriptCall.number(limit.whenReached() == WhenReached.END_OLDEST ? 1 : 0),
                RevocationCodec.encode(overLimit(RevocationTarget.Kind.SESSION, session, now)),
                RevocationCodec.encode(overLimit(RevocationTarget.Kind.FOREIGN_SESSION, session, now)));
        return new ScriptCall(LuaScript.INSERT, partition, names, args);
    }

    /**
     * The insert has happened: a row that cannot be read must not make it look failed, nor keep an entry from its
     * second place.
     */
    private List<FoundSession> ended(ScriptReply reply, Instant now) {
        List<FoundSession> ended = new ArrayList<>();
        List<Revocation> entries = new ArrayList<>();
        for (int i = 1; i < reply.size(); i += 3) {
            LookupKey key = reply.key(i);
            Revocation entry = RevocationCodec.decode(key, reply.bytes(i + 2));
            entries.add(entry);
            try {
                ended.add(new FoundSession(SessionCodec.decode(key, reply.bytes(i + 1)), List.of(entry)));
            } catch (UndecodableSessionException e) {
                DAMAGED.met(key, "ended for the limit, but not answered: " + e.getMessage());
            }
        }
        recorder.copyForeign(entries, now);
        return ended;
    }

    /** The entry by which a login over the limit ends another session, as far as it does not depend on that one. */
    private Revocation overLimit(RevocationTarget.Kind kind, StoredSession session, Instant now) {
        return RevocationRequest.of(
                        new RevocationTarget(kind, session.key(), session.realmKey(), session.bucket()), UNREPEATED)
                .because(RevocationReason.LIMIT_EXCEEDED, Actor.system())
                .build()
                .fix(now, scripts.settings(), Instant.EPOCH, Optional.empty());
    }

    public int touch(Collection<Touch> batch, Instant now) {
        Map<Integer, List<byte[]>> byBucket = new LinkedHashMap<>();
        for (Touch touch : batch) {
            int bucket = reads.bucketOf(touch.session(), now);
            if (bucket != SessionRef.UNROUTED) {
                List<byte[]> args = byBucket.computeIfAbsent(bucket, same -> new ArrayList<>());
                args.add(touch.session().key().toBytes());
                args.add(ScriptCall.number(touch.lastSeen().toEpochMilli()));
            }
        }
        List<ScriptCall> calls = new ArrayList<>();
        byBucket.forEach((bucket, args) -> calls.add(new ScriptCall(
                LuaScript.TOUCH,
                keys.partitionOf(bucket),
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.ended(bucket)),
                args)));
        return scripts.runAll("touch", calls, now).stream()
                .mapToInt(reply -> (int) reply.number(0))
                .sum();
    }

    public RotateResult rotate(SessionRef session, SecretHash expected, SecretHash next, Instant now) {
        int bucket = reads.bucketOf(session, now);
        if (bucket == SessionRef.UNROUTED) {
            return RotateResult.NOT_LIVE;
        }
        int partition = keys.partitionOf(bucket);
        ScriptCall call = new ScriptCall(
                LuaScript.ROTATE,
                partition,
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.notices(partition)),
                List.of(session.key().toBytes(), expected.toBytes(), next.toBytes()));
        return switch ((int) scripts.run("rotate", call, now).number(0)) {
            case 0 -> RotateResult.NOT_LIVE;
            case 1 -> RotateResult.SECRET_MISMATCH;
            default -> RotateResult.ROTATED;
        };
    }
}
