package dev.curfew.redis.verb;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationSet;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fetched entries that may cover some facts, judged by the rule itself. Confined to one thread. */
final class CandidateEntries {
    private final RevocationSet set = new RevocationSet();

    CandidateEntries birth(int partitions, byte[] entry) {
        set.add(RevocationCodec.decode(new LookupKey(0, partitions), entry));
        return this;
    }

    CandidateEntries field(@Nullable LookupKey key, byte[] field) {
        if (key != null && field.length > 0) {
            RevocationCodec.field(key, field).forEach(set::add);
        }
        return this;
    }

    CandidateEntries entries(ScriptReply reply, int from) {
        for (int i = from; i < reply.size(); i += 2) {
            set.add(RevocationCodec.decode(reply.key(i), reply.bytes(i + 1)));
        }
        return this;
    }

    List<Revocation> covering(TokenFacts facts, Instant now) {
        return set.covering(facts, now);
    }
}
