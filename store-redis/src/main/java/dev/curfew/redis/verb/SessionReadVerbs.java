package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.IndexMember;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The verbs that read rows of sessions. Thread-safe. */
public final class SessionReadVerbs {
    private static final DamagedRows DAMAGED = new DamagedRows(SessionReadVerbs.class, System::nanoTime);
    private static final LookupKey NO_ACT = new LookupKey(0, 0);
    private static final byte[] NOTHING = new byte[0];

    private final ScriptRunner scripts;
    private final RedisKeys keys;

    public SessionReadVerbs(ScriptRunner scripts) {
        this.scripts = scripts;
        this.keys = scripts.keys();
    }

    /** A row that cannot be read is as good as none: nobody can use its session. */
    public Optional<FoundSession> find(SessionRef session, Instant now) {
        int bucket = bucketOf(session, now);
        return bucket == SessionRef.UNROUTED ? Optional.empty() : find(session.key(), bucket, now);
    }

    /** The session that is a target; nothing if it is a foreign one whose subject nobody named. */
    public Optional<FoundSession> findTarget(RevocationTarget target, Instant now) {
        return target.bucket() == RevocationTarget.EVERYWHERE
                ? Optional.empty()
                : find(target.key(), target.bucket(), now);
    }

    Optional<FoundSession> find(LookupKey key, int bucket, Instant now) {
        ScriptReply reply = scripts.run(
                "find",
                new ScriptCall(
                        LuaScript.FIND,
                        keys.partitionOf(bucket),
                        List.of(keys.revocations(bucket), keys.sessions(bucket)),
                        List.of(key.toBytes())),
                now);
        try {
            return reply.isEmpty() ? Optional.empty() : Optional.of(found(key, reply, 0, now));
        } catch (UndecodableSessionException e) {
            DAMAGED.met(key, "not found: " + e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * A row with what covers it, from where a reply has it.
     *
     * @throws UndecodableSessionException if the row cannot be read
     */
    FoundSession found(LookupKey key, ScriptReply reply, int at, Instant now) {
        StoredSession row = SessionCodec.decode(key, reply.bytes(at + 1));
        CandidateEntries candidates = new CandidateEntries()
                .birth(keys.partitions(), reply.bytes(at))
                .field(key, reply.bytes(at + 2))
                .field(key, reply.bytes(at + 3))
                .field(row.subjectKey(), reply.bytes(at + 4))
                .field(row.clientKey().orElse(null), reply.bytes(at + 5))
                .field(row.realmKey(), reply.bytes(at + 6));
        return new FoundSession(row, candidates.covering(row.facts(), now));
    }

    /** A page of which no row can be read names no place from which the next one would start, and is passed over. */
    public SessionPage list(LookupKey key, ListQuery query, Instant now) {
        byte[] from = query.after().map(IndexMember::position).orElse(NOTHING);
        while (true) {
            ScriptReply reply = scripts.run("list", call(key, query, from), now);
            ListedRows rows = new ListedRows(keys.partitions(), reply.bytes(0), now);
            List<FoundSession> page = new ArrayList<>();
            for (int i = 2; i < reply.size(); i += ListedRows.PARTS) {
                rows.read(reply.key(i), reply, i).ifPresent(page::add);
            }
            from = reply.bytes(1);
            if (!page.isEmpty() || from.length == 0) {
                return new SessionPage(page, from.length > 0);
            }
        }
    }

    private ScriptCall call(LookupKey key, ListQuery query, byte[] from) {
        int bucket = key.bucket();
        return new ScriptCall(
                LuaScript.LIST,
                keys.partitionOf(bucket),
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.index(bucket), keys.ended(bucket)),
                List.of(
                        key.toBytes(),
                        from,
                        ScriptCall.number(query.limit()),
                        ScriptCall.number(query.liveOnly() ? 1 : 0)));
    }

    /** The bucket of a session; for a foreign one whose subject nobody named, every partition is asked once. */
    int bucketOf(SessionRef session, Instant now) {
        if (session.bucket() != SessionRef.UNROUTED) {
            return session.bucket();
        }
        AllPartitionsRead all = AllPartitionsRead.of(scripts, "find", RevocationTarget.session(session), NO_ACT, now);
        return all.foreignBucket().orElse(SessionRef.UNROUTED);
    }
}
