package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import dev.curfew.store.StoredSession;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verbs that read rows of sessions. Thread-safe. */
final class Listing {
    private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
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

    SessionPage list(LookupKey key, ListQuery query, Instant now) {
        int bucket = key.bucket();
        List<Object> answer = partitions.run(
                "list",
                new Step(
                        LuaScript.LIST,
                        keys.partitionOf(bucket),
                        List.of(
                                keys.revocations(bucket),
                                keys.sessions(bucket),
                                keys.index(bucket),
                                keys.ended(bucket)),
                        List.of(
                                key.toBytes(),
                                query.after().map(Listing::place).orElse(NOTHING),
                                Partitions.number(query.limit()),
                                Partitions.number(query.liveOnly() ? 1 : 0))),
                now);
        List<FoundSession> page = new ArrayList<>();
        Map<LookupKey, byte[]> shared = new HashMap<>();
        for (int i = 3; i < answer.size(); i += 6) {
            read(answer, i, key, shared, now).ifPresent(page::add);
        }
        return new SessionPage(page, Reply.number(answer, 2) == 1);
    }

    private Optional<FoundSession> read(
            List<Object> answer, int at, LookupKey subject, Map<LookupKey, byte[]> shared, Instant now) {
        LookupKey session = LookupKey.fromBytes(Reply.bytes(answer, at));
        StoredSession row;
        try {
            row = SessionCodec.decode(session, Reply.bytes(answer, at + 1));
        } catch (UndecodableSessionException e) {
            LOG.warn("left out of a list: {}", e.getMessage());
            return Optional.empty();
        }
        Candidates candidates = new Candidates()
                .birth(keys.partitions(), Reply.bytes(answer, 0))
                .field(subject, Reply.bytes(answer, 1))
                .field(session, Reply.bytes(answer, at + 2))
                .field(session, Reply.bytes(answer, at + 3));
        row.clientKey().ifPresent(client -> candidates.field(client, once(shared, client, answer, at + 4)));
        candidates.field(row.realmKey(), once(shared, row.realmKey(), answer, at + 5));
        return Optional.of(new FoundSession(row, candidates.covering(row.facts(), now)));
    }

    /** A field that several rows share is sent with the first of them only. */
    private static byte[] once(Map<LookupKey, byte[]> shared, LookupKey key, List<Object> answer, int at) {
        return shared.computeIfAbsent(key, first -> Reply.bytes(answer, at));
    }

    private static byte[] place(SessionCursor cursor) {
        ByteBuffer place = ByteBuffer.allocate(2 * Millis.BYTES + LookupKey.BYTES);
        Millis.put(place, INVERSE - cursor.authenticatedAt().toEpochMilli());
        Millis.put(place, INVERSE - cursor.createdAt().toEpochMilli());
        return place.put(cursor.key().toBytes()).array();
    }
}
