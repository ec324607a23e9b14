package dev.curfew.redis;

import dev.curfew.crypto.SecretHash;
import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.Partitions.Step;
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
final class Sessions {
    private static final DamagedRows DAMAGED = new DamagedRows(Sessions.class, System::nanoTime);
    private static final OperationId UNREPEATED = new OperationId(0, 0);
    private static final LookupKey NO_ACT = new LookupKey(0, 0);

    private final Partitions partitions;
    private final RedisKeys keys;
    private final Recorder recorder;

    Sessions(Partitions partitions, Recorder recorder) {
        this.partitions = partitions;
        this.keys = partitions.keys();
        this.recorder = recorder;
    }

    InsertResult insert(StoredSession session, SessionLimit limit, Instant now) {
        int bucket = session.bucket();
        int partition = keys.partitionOf(bucket);
        Step step = new Step(
                LuaScript.INSERT,
                partition,
                List.of(
                        keys.revocations(bucket),
                        keys.sessions(bucket),
                        keys.index(bucket),
                        keys.due(partition),
                        keys.foreign(partition),
                        keys.ended(bucket)),
                List.of(
                        session.key().toBytes(),
                        SessionCodec.encode(session),
                        Partitions.number(bucket),
                        Partitions.number(limit.isUnlimited() ? 0 : limit.max()),
                        Partitions.number(limit.whenReached() == WhenReached.END_OLDEST ? 1 : 0),
                        RevocationCodec.encode(overLimit(RevocationTarget.Kind.SESSION, session, now)),
                        RevocationCodec.encode(overLimit(RevocationTarget.Kind.FOREIGN_SESSION, session, now))));
        List<Object> answer =
                limit.isUnlimited() ? partitions.run("insert", step, now) : partitions.write("insert", step, now);
        return switch (Reply.text(answer, 0)) {
            case "K" -> new InsertResult.AlreadyKnown();
            case "C" ->
                new InsertResult.Covered(new Candidates()
                        .entries(answer, 1)
                        .covering(session.facts(), now)
                        .get(0));
            case "O" -> new InsertResult.OverLimit((int) Reply.number(answer, 1));
            default -> new InsertResult.Inserted(ended(answer, now));
        };
    }

    /**
     * The insert has happened: a row that cannot be read must not make it look failed, nor keep an entry from its
     * second place.
     */
    private List<FoundSession> ended(List<Object> answer, Instant now) {
        List<FoundSession> ended = new ArrayList<>();
        List<Revocation> entries = new ArrayList<>();
        for (int i = 1; i < answer.size(); i += 3) {
            LookupKey key = LookupKey.fromBytes(Reply.bytes(answer, i));
            Revocation entry = RevocationCodec.decode(key, Reply.bytes(answer, i + 2));
            entries.add(entry);
            try {
                ended.add(new FoundSession(SessionCodec.decode(key, Reply.bytes(answer, i + 1)), List.of(entry)));
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
                .fix(now, partitions.settings(), Instant.EPOCH, Optional.empty());
    }

    int touch(Collection<Touch> batch, Instant now) {
        Map<Integer, List<byte[]>> byBucket = new LinkedHashMap<>();
        for (Touch touch : batch) {
            int bucket = bucketOf(touch.session(), now);
            if (bucket != SessionRef.UNROUTED) {
                List<byte[]> args = byBucket.computeIfAbsent(bucket, same -> new ArrayList<>());
                args.add(touch.session().key().toBytes());
                args.add(Partitions.number(touch.lastSeen().toEpochMilli()));
            }
        }
        List<Step> steps = new ArrayList<>();
        byBucket.forEach((bucket, args) -> steps.add(new Step(
                LuaScript.TOUCH,
                keys.partitionOf(bucket),
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.ended(bucket)),
                args)));
        return partitions.runAll("touch", steps, now).stream()
                .mapToInt(answer -> (int) Reply.number(answer, 0))
                .sum();
    }

    RotateResult rotate(SessionRef session, SecretHash expected, SecretHash next, Instant now) {
        int bucket = bucketOf(session, now);
        if (bucket == SessionRef.UNROUTED) {
            return RotateResult.NOT_LIVE;
        }
        int partition = keys.partitionOf(bucket);
        Step step = new Step(
                LuaScript.ROTATE,
                partition,
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.notices(partition)),
                List.of(session.key().toBytes(), expected.toBytes(), next.toBytes()));
        return switch ((int) Reply.number(partitions.run("rotate", step, now), 0)) {
            case 0 -> RotateResult.NOT_LIVE;
            case 1 -> RotateResult.SECRET_MISMATCH;
            default -> RotateResult.ROTATED;
        };
    }

    /** The bucket of a session; for a foreign one whose subject nobody named, every partition is asked once. */
    int bucketOf(SessionRef session, Instant now) {
        if (session.bucket() != SessionRef.UNROUTED) {
            return session.bucket();
        }
        Survey survey = Survey.of(partitions, RevocationTarget.session(session), NO_ACT, now);
        return survey.foreignBucket().orElse(SessionRef.UNROUTED);
    }
}
