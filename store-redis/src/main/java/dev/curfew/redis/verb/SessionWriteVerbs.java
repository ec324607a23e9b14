package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
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
import dev.curfew.store.NewSession;
import dev.curfew.store.OperationId;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The verbs that write rows of sessions. Thread-safe. */
public final class SessionWriteVerbs {
    private static final DamagedRows DAMAGED = new DamagedRows(SessionWriteVerbs.class, System::nanoTime);
    private static final OperationId UNREPEATED = new OperationId(0, 0);
    private static final byte[] NOTHING = new byte[0];

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

    public InsertResult insert(NewSession login, Instant now) {
        ScriptCall call = insertCall(login, now);
        boolean endsNone = login.limit().isUnlimited() && login.replaces().isEmpty();
        ScriptReply reply = endsNone ? scripts.run("insert", call, now) : scripts.write("insert", call, now);
        return switch (reply.text(0)) {
            case "K" -> new InsertResult.AlreadyKnown();
            case "C" ->
                new InsertResult.Covered(new CandidateEntries()
                        .entries(reply, 1)
                        .covering(login.row().facts(), now)
                        .get(0));
            case "O" -> new InsertResult.OverLimit((int) reply.number(1));
            default -> new InsertResult.Inserted(ended(reply, now));
        };
    }

    private ScriptCall insertCall(NewSession login, Instant now) {
        StoredSession session = login.row();
        SessionLimit limit = login.limit();
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
                ending(RevocationTarget.Kind.SESSION, RevocationReason.LIMIT_EXCEEDED, session, now),
                ending(RevocationTarget.Kind.FOREIGN_SESSION, RevocationReason.LIMIT_EXCEEDED, session, now),
                login.replaces().map(old -> old.key().toBytes()).orElse(NOTHING),
                ending(RevocationTarget.Kind.SESSION, RevocationReason.REPLACED, session, now),
                ending(RevocationTarget.Kind.FOREIGN_SESSION, RevocationReason.REPLACED, session, now));
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
                DAMAGED.met(key, "ended by a login, but not answered: " + e.getMessage());
            }
        }
        recorder.copyForeign(entries, now);
        return ended;
    }

    /** The entry by which a login ends another session, as far as it does not depend on that one. */
    private byte[] ending(RevocationTarget.Kind kind, RevocationReason reason, StoredSession session, Instant now) {
        RevocationTarget target = new RevocationTarget(kind, session.key(), session.realmKey(), session.bucket());
        return RevocationCodec.encode(RevocationRequest.of(target, UNREPEATED)
                .because(reason, Actor.system())
                .build()
                .fix(now, scripts.settings(), Instant.EPOCH, Optional.empty()));
    }

    public List<Touch> touch(Collection<Touch> batch, Instant now) {
        Map<Integer, List<Touch>> byBucket = new LinkedHashMap<>();
        for (Touch touch : batch) {
            int bucket = reads.bucketOf(touch.session(), now);
            if (bucket != SessionRef.UNROUTED) {
                byBucket.computeIfAbsent(bucket, same -> new ArrayList<>()).add(touch);
            }
        }
        List<ScriptCall> calls = new ArrayList<>();
        byBucket.forEach((bucket, touches) -> calls.add(touchCall(bucket, touches)));
        Iterator<ScriptReply> replies = scripts.runAll("touch", calls, now).iterator();
        Set<LookupKey> moved = new HashSet<>();
        for (List<Touch> touches : byBucket.values()) {
            ScriptReply reply = replies.next();
            for (int i = 0; i < touches.size(); i++) {
                if (reply.number(i) == 1) {
                    moved.add(touches.get(i).session().key());
                }
            }
        }
        return batch.stream()
                .filter(touch -> moved.contains(touch.session().key()))
                .toList();
    }

    private ScriptCall touchCall(int bucket, List<Touch> touches) {
        int partition = keys.partitionOf(bucket);
        List<byte[]> args = new ArrayList<>();
        args.add(ScriptCall.number(bucket));
        for (Touch touch : touches) {
            args.add(touch.session().key().toBytes());
            args.add(ScriptCall.number(touch.lastSeen().toEpochMilli()));
        }
        return new ScriptCall(
                LuaScript.TOUCH,
                partition,
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.ended(bucket), keys.due(partition)),
                args);
    }
}
