package dev.curfew.redis;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.Partitions.Step;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoredSession;
import dev.curfew.store.UndecodableRevocationException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The verbs that read rows of sessions. Thread-safe. */
final class Listing {
    private static final DamagedRows DAMAGED = new DamagedRows(Listing.class, System::nanoTime);
    private static final long INVERSE = (1L << 48) - 1;
    private static final byte[] NOTHING = new byte[0];

    private final Partitions partitions;
    private final RedisKeys keys;

    Listing(Partitions partitions) {
        this.partitions = partitions;
        this.keys = partitions.keys();
    }

    Optional<FoundSession> find(LookupKey key, int bucket, Instant now) {
        List<Object> answer = partitions.run(
                "find",
                new Step(
                        LuaScript.FIND,
                        keys.partitionOf(bucket),
                        List.of(keys.revocations(bucket), keys.sessions(bucket)),
                        List.of(key.toBytes())),
                now);
        if (answer.isEmpty()) {
            return Optional.empty();
        }
        StoredSession row = SessionCodec.decode(key, Reply.bytes(answer, 1));
        Candidates candidates = new Candidates()
                .birth(keys.partitions(), Reply.bytes(answer, 0))
                .field(key, Reply.bytes(answer, 2))
                .field(key, Reply.bytes(answer, 3))
                .field(row.subjectKey(), Reply.bytes(answer, 4))
                .field(row.clientKey().orElse(null), Reply.bytes(answer, 5))
                .field(row.realmKey(), Reply.bytes(answer, 6));
        return Optional.of(new FoundSession(row, candidates.covering(row.facts(), now)));
    }

    /** A page of which no row can be read names no place from which the next one would start, and is passed over. */
    SessionPage list(LookupKey key, ListQuery query, Instant now) {
        byte[] from = query.after().map(Listing::place).orElse(NOTHING);
        while (true) {
            List<Object> answer = partitions.run("list", step(key, query, from), now);
            List<FoundSession> page = new ArrayList<>();
            Map<LookupKey, byte[]> shared = new HashMap<>();
            for (int i = 3; i < answer.size(); i += 6) {
                read(answer, i, key, shared, now).ifPresent(page::add);
            }
            from = Reply.bytes(answer, 2);
            if (!page.isEmpty() || from.length == 0) {
                return new SessionPage(page, from.length > 0);
            }
        }
    }

    private Step step(LookupKey key, ListQuery query, byte[] from) {
        int bucket = key.bucket();
        return new Step(
                LuaScript.LIST,
                keys.partitionOf(bucket),
                List.of(keys.revocations(bucket), keys.sessions(bucket), keys.index(bucket), keys.ended(bucket)),
                List.of(
                        key.toBytes(),
                        from,
                        Partitions.number(query.limit()),
                        Partitions.number(query.liveOnly() ? 1 : 0)));
    }

    private Optional<FoundSession> read(
            List<Object> answer, int at, LookupKey subject, Map<LookupKey, byte[]> shared, Instant now) {
        LookupKey session = LookupKey.fromBytes(Reply.bytes(answer, at));
        Candidates candidates = new Candidates().birth(keys.partitions(), Reply.bytes(answer, 0));
        // First of all: the next rows rely on what came with this one, readable or not.
        byte[] bytes = Reply.bytes(answer, at + 1);
        byte[] ofClient = once(shared, SessionCodec.clientOf(bytes), answer, at + 4);
        byte[] ofRealm = once(shared, SessionCodec.realmOf(bytes), answer, at + 5);
        try {
            StoredSession row = SessionCodec.decode(session, bytes);
            candidates
                    .field(subject, Reply.bytes(answer, 1))
                    .field(session, Reply.bytes(answer, at + 2))
                    .field(session, Reply.bytes(answer, at + 3))
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

    /** A field that several rows share is sent with the first of them only. */
    private static byte[] once(Map<LookupKey, byte[]> shared, @Nullable LookupKey key, List<Object> answer, int at) {
        return key == null ? NOTHING : shared.computeIfAbsent(key, first -> Reply.bytes(answer, at));
    }

    private static byte[] place(SessionCursor cursor) {
        ByteBuffer place = ByteBuffer.allocate(2 * Millis.BYTES + LookupKey.BYTES);
        Millis.put(place, INVERSE - cursor.authenticatedAt().toEpochMilli());
        Millis.put(place, INVERSE - cursor.createdAt().toEpochMilli());
        return place.put(cursor.key().toBytes()).array();
    }
}
