package dev.curfew.redis.feed;

import dev.curfew.redis.codec.RevocationCodec;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.UndecodableRevocationException;
import java.util.List;

/**
 * The places that a reload reads, by number: for each partition its own hash, its notices, its buckets. Immutable.
 */
final class ReloadPlan {
    private static final byte BIRTH = 'b';
    private static final int OWN_HASH = 0;
    private static final int NOTICES = 1;
    private static final int FIRST_BUCKET = 2;

    private final RedisKeys keys;
    private final int perPartition;

    ReloadPlan(RedisKeys keys) {
        this.keys = keys;
        this.perPartition = FIRST_BUCKET + RedisKeys.BUCKETS / keys.partitions();
    }

    int count() {
        return keys.partitions() * perPartition;
    }

    int partition(int place) {
        return place / perPartition;
    }

    /** Whether entries stand there that every partition keeps. */
    boolean isOwnHash(int place) {
        return place % perPartition == OWN_HASH;
    }

    boolean isBucket(int place) {
        return place % perPartition >= FIRST_BUCKET;
    }

    /** The bucket that stands there. */
    int bucket(int place) {
        return (place % perPartition - FIRST_BUCKET) * keys.partitions() + partition(place);
    }

    ReadCommand reading(int place) {
        return switch (place % perPartition) {
            case OWN_HASH -> ReadCommand.wholeHash(keys.part(partition(place)));
            case NOTICES -> ReadCommand.members(keys.notices(partition(place)));
            default -> ReadCommand.wholeHash(keys.revocations(bucket(place)));
        };
    }

    /** Adds what an answer holds to some items, and tells how many fields of it could not be decoded. */
    int read(int place, List<byte[]> answer, List<ReloadItem> items) {
        return place % perPartition == NOTICES ? readNotices(answer, items) : readHash(answer, items);
    }

    private static int readNotices(List<byte[]> answer, List<ReloadItem> items) {
        int undecodable = 0;
        for (byte[] member : answer) {
            if (member.length == LookupKey.BYTES) {
                items.add(ReloadItem.rotated(LookupKey.fromBytes(member)));
            } else {
                undecodable++;
            }
        }
        return undecodable;
    }

    private int readHash(List<byte[]> answer, List<ReloadItem> items) {
        int undecodable = 0;
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            try {
                readField(answer.get(i), answer.get(i + 1), items);
            } catch (UndecodableRevocationException e) {
                undecodable++;
            }
        }
        return undecodable;
    }

    private void readField(byte[] name, byte[] value, List<ReloadItem> items) {
        if (name.length == LookupKey.BYTES) {
            LookupKey key = LookupKey.fromBytes(name);
            for (Revocation entry : RevocationCodec.field(key, value)) {
                items.add(ReloadItem.revoked(key, entry));
            }
        } else if (name.length == 1 && name[0] == BIRTH) {
            LookupKey key = new LookupKey(0, keys.partitions());
            items.add(ReloadItem.birth(key, RevocationCodec.decode(key, value)));
        }
    }
}
