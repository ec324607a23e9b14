package dev.curfew.redis;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.UndecodableRevocationException;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places that a reload walks, by number: for each partition its own hash, its notices, and its buckets. */
final class Place {
    private static final byte BIRTH = 'b';

    private Place() {}

    /** Something that stands at a place; the order tells what of it a reader has already. */
    record Item(LookupKey key, long hash, @Nullable FeedEntry found) {
        static final Comparator<Item> ORDER = Comparator.comparing(Item::key).thenComparingLong(Item::hash);

        FeedEntry entry() {
            return java.util.Objects.requireNonNull(found);
        }
    }

    static int count(RedisKeys keys) {
        return keys.partitions() * perPartition(keys);
    }

    static int partition(RedisKeys keys, int place) {
        return place / perPartition(keys);
    }

    /** Whether entries stand there that every partition keeps. */
    static boolean isOfPartition(RedisKeys keys, int place) {
        return place % perPartition(keys) == 0;
    }

    /** The bucket that stands there, or -1. */
    static int bucket(RedisKeys keys, int place) {
        int within = place % perPartition(keys);
        return within < 2 ? -1 : (within - 2) * keys.partitions() + partition(keys, place);
    }

    static Read reading(RedisKeys keys, int place) {
        int partition = partition(keys, place);
        int within = place % perPartition(keys);
        return switch (within) {
            case 0 -> Read.wholeHash(keys.part(partition));
            case 1 -> Read.members(keys.notices(partition));
            default -> Read.wholeHash(keys.revocations(bucket(keys, place)));
        };
    }

    /** Reads an answer, and tells how many fields of it could not be decoded. */
    static int read(RedisKeys keys, int place, List<byte[]> answer, List<Item> items) {
        if (place % perPartition(keys) == 1) {
            int undecodable = 0;
            for (byte[] member : answer) {
                if (member.length != LookupKey.BYTES) {
                    undecodable++;
                    continue;
                }
                LookupKey key = LookupKey.fromBytes(member);
                items.add(new Item(key, 1, new FeedEntry.Rotated(key)));
            }
            return undecodable;
        }
        int undecodable = 0;
        for (int i = 0; i + 1 < answer.size(); i += 2) {
            undecodable += field(keys, answer.get(i), answer.get(i + 1), items);
        }
        return undecodable;
    }

    private static int field(RedisKeys keys, byte[] name, byte[] value, List<Item> items) {
        try {
            if (name.length == LookupKey.BYTES) {
                LookupKey key = LookupKey.fromBytes(name);
                for (Revocation entry : RevocationCodec.field(key, value)) {
                    items.add(new Item(key, hash(entry), new FeedEntry.Revoked(entry)));
                }
            } else if (name.length == 1 && name[0] == BIRTH) {
                LookupKey key = new LookupKey(0, keys.partitions());
                items.add(new Item(key, 1, new FeedEntry.Revoked(RevocationCodec.decode(key, value))));
            }
            return 0;
        } catch (UndecodableRevocationException e) {
            return 1;
        }
    }

    private static int perPartition(RedisKeys keys) {
        return 2 + RedisKeys.BUCKETS / keys.partitions();
    }

    /** Tells apart the entries of one field; never 0. */
    private static long hash(Revocation entry) {
        long hash = mixed(entry.reason().code(), entry.revokedAt().toEpochMilli());
        hash = mixed(hash, entry.issuedBefore().toEpochMilli());
        hash = mixed(hash, entry.forgetAfter().toEpochMilli());
        hash = mixed(
                mixed(hash, entry.actor().kind().code()), entry.actor().id().hashCode());
        if (entry.exempt().isPresent()) {
            LookupKey spared = entry.exempt().get().key();
            hash = mixed(mixed(hash, spared.high()), spared.low());
        }
        return hash == 0 ? 1 : hash;
    }

    private static long mixed(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ mixed >>> 32;
    }
}
