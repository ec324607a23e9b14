package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.IndexMember;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.UndecodableSessionException;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoredSession;
import dev.curfew.store.UndecodableRevocationException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        return reply.isEmpty() ? Optional.empty() : Optional.of(found(key, reply, 0, now));
    }

    /** A row with what covers it, from where a reply has it. */
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
            List<FoundSession> page = new ArrayList<>();
            Map<LookupKey, byte[]> shared = new HashMap<>();
            for (int i = 3; i < reply.size(); i += 6) {
                read(reply, i, key, shared, now).ifPresent(page::add);
            }
            from = reply.bytes(2);
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

    private Optional<FoundSession> read(
            ScriptReply reply, int at, LookupKey subject, Map<LookupKey, byte[]> shared, Instant now) {
        LookupKey session = reply.key(at);
        CandidateEntries candidates = new CandidateEntries().birth(keys.partitions(), reply.bytes(0));
        // First of all: the next rows rely on what came with this one, readable or not.
        byte[] bytes = reply.bytes(at + 1);
        byte[] ofClient = once(shared, SessionCodec.clientOf(bytes), reply, at + 4);
        byte[] ofRealm = once(shared, SessionCodec.realmOf(bytes), reply, at + 5);
        try {
            StoredSession row = SessionCodec.decode(session, bytes);
            candidates
                    .field(subject, reply.bytes(1))
                    .field(session, reply.bytes(at + 2))
                    .field(session, reply.bytes(at + 3))
                    .field(row.clientKey().orElse(null), ofClient)
                    .field(row.realmKey(), ofRealm);
            return Optional.of(new FoundSession(row, candidates.covering(row.facts(), now)));
        } catch (UndecodableSessionException e) {
            DAMAGED.met(session, "left out of a list: " + e.getMessage());
        } catch (UndecodableRevocationException e) {
            // Not known to be live, so that it counts as covered; the others are not its concern.
            DAMAGED.met(session, "session " + session + " counts as revoked and is left out: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** A field that several rows share is sent with the first of them only that the script can read. */
    private static byte[] once(Map<LookupKey, byte[]> shared, @Nullable LookupKey key, ScriptReply reply, int at) {
        if (key == null) {
            return NOTHING;
        }
        byte[] sent = reply.bytes(at);
        if (sent.length > 0) {
            shared.put(key, sent);
        }
        return shared.getOrDefault(key, NOTHING);
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
