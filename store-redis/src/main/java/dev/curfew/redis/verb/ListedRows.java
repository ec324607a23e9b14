package dev.curfew.redis.verb;

import dev.curfew.meter.DamagedRows;
import dev.curfew.redis.codec.SessionCodec;
import dev.curfew.redis.codec.UndecodableSessionException;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoredSession;
import dev.curfew.store.UndecodableRevocationException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the rows of one reply, as {@code listed.lua} appends them, with what covers each; what cannot be read is left
 * out. Confined to one thread.
 */
final class ListedRows {
    /** Of each row: a name, the row, and five fields of entries. */
    static final int PARTS = 7;

    private static final DamagedRows DAMAGED = new DamagedRows(ListedRows.class, System::nanoTime);
    private static final byte[] NOTHING = new byte[0];

    private final int partitions;
    private final byte[] birth;
    private final Instant now;

    /** Fields that several rows share, each of which came with the first of them. */
    private final Map<LookupKey, byte[]> shared = new HashMap<>();

    ListedRows(int partitions, byte[] birth, Instant now) {
        this.partitions = partitions;
        this.birth = birth;
        this.now = now;
    }

    /** Reads what stands in a reply from a name on. */
    Optional<FoundSession> read(LookupKey session, ScriptReply reply, int at) {
        byte[] bytes = reply.bytes(at + 1);
        // First of all: the next rows rely on what came with this one, readable or not.
        byte[] ofSubject = once(SessionCodec.subjectOf(bytes), reply.bytes(at + 4));
        byte[] ofClient = once(SessionCodec.clientOf(bytes), reply.bytes(at + 5));
        byte[] ofRealm = once(SessionCodec.realmOf(bytes), reply.bytes(at + 6));
        try {
            StoredSession row = SessionCodec.decode(session, bytes);
            CandidateEntries candidates = new CandidateEntries()
                    .birth(partitions, birth)
                    .field(session, reply.bytes(at + 2))
                    .field(session, reply.bytes(at + 3))
                    .field(row.subjectKey(), ofSubject)
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

    private byte[] once(@Nullable LookupKey key, byte[] sent) {
        if (key == null) {
            return NOTHING;
        }
        if (sent.length > 0) {
            shared.put(key, sent);
        }
        return shared.getOrDefault(key, NOTHING);
    }
}
