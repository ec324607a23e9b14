package dev.curfew.redis.script;

import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The name of every key, and the partition in which it lies. Immutable.
 *
 * <p>The number of the partition is the hash tag, so that all keys of a partition lie in one slot. Times to live are
 * set by the scripts, relative to the earlier of the instant of the operation and the server's clock: containers of a
 * bucket live as long as the longest thing in them, revocations to the end of that day, and two hours, so that a purge
 * every hour finds each row before its time to live ends; those of a group of shared records as long as the longest of
 * these, and two hours; acts three hours; notices two hours. The partition's own hash and its feed have none.
 */
public final class RedisKeys {
    public static final int BUCKETS = SessionRef.BUCKET_MASK + 1;

    private static final long HOUR_MILLIS = Duration.ofHours(1).toMillis();

    private final String prefix;
    private final int partitions;

    public RedisKeys(String prefix, int partitions) {
        this.prefix = prefix;
        this.partitions = partitions;
    }

    /** What every key may begin with; a blank in it would be another store. */
    public static String requirePrefix(String value, String name) {
        if (!Objects.requireNonNull(value, name).matches("[A-Za-z0-9_.:-]{1,32}")) {
            throw new IllegalArgumentException(name + " must be 1 to 32 letters, digits, -, _, . or :");
        }
        return value;
    }

    public int partitions() {
        return partitions;
    }

    public int partitionOf(int bucket) {
        return bucket & (partitions - 1);
    }

    /** The buckets of a partition, in the order of the places of a reload. */
    public List<Integer> bucketsOf(int partition) {
        List<Integer> buckets = new ArrayList<>();
        for (int bucket = partition; bucket < BUCKETS; bucket += partitions) {
            buckets.add(bucket);
        }
        return buckets;
    }

    /** The containers of each bucket of a partition: revocations, rows, index and ended, in turns. */
    public List<byte[]> containersOf(int partition) {
        List<byte[]> containers = new ArrayList<>();
        for (int bucket : bucketsOf(partition)) {
            containers.addAll(List.of(revocations(bucket), sessions(bucket), index(bucket), ended(bucket)));
        }
        return containers;
    }

    /** Hash: birth marker, installation, entries kept everywhere, newest cut-offs of realms. */
    public byte[] part(int partition) {
        return name(partition, "w");
    }

    /** Stream: the feed. */
    public byte[] feed(int partition) {
        return name(partition, "f");
    }

    /** Sorted set: when something is due for a purge, by bucket. */
    public byte[] due(int partition) {
        return name(partition, "d");
    }

    /** Sorted set: sessions of which an exchange left a notice lately. */
    public byte[] notices(int partition) {
        return name(partition, "n");
    }

    /** Hash: the bucket of each foreign session. */
    public byte[] foreign(int partition) {
        return name(partition, "g");
    }

    /** Hash: the entries of a bucket, by target key. */
    public byte[] revocations(int bucket) {
        return name(partitionOf(bucket), "r" + bucket);
    }

    /** Hash: the rows of a bucket, by session key. */
    public byte[] sessions(int bucket) {
        return name(partitionOf(bucket), "s" + bucket);
    }

    /** Sorted set: the sessions of a bucket, by subject, begin and creation. */
    public byte[] index(int bucket) {
        return name(partitionOf(bucket), "u" + bucket);
    }

    /** Sorted set: those of the index that have ended. */
    public byte[] ended(int bucket) {
        return name(partitionOf(bucket), "v" + bucket);
    }

    /**
     * What a group of shared records consists of, in the partition of its bucket: the hash of its records by item, the
     * sorted sets of its items in their order and by their end, and that of the groups of the partition by when
     * something in them is due for a purge.
     */
    public List<byte[]> records(LookupKey group) {
        int partition = partitionOf(group.bucket());
        return List.of(
                name(partition, "k" + group),
                name(partition, "l" + group),
                name(partition, "x" + group),
                dueRecords(partition));
    }

    /** Sorted set: when something in a group of shared records is due for a purge. */
    public byte[] dueRecords(int partition) {
        return name(partition, "e");
    }

    /** Hashes: what acts of this hour, the last and the next did; another node's clock may be behind or ahead. */
    public List<byte[]> acts(int partition, Instant now) {
        long hour = Math.floorDiv(now.toEpochMilli(), HOUR_MILLIS);
        return List.of(acts(partition, hour), acts(partition, hour - 1), acts(partition, hour + 1));
    }

    private byte[] acts(int partition, long hour) {
        return name(partition, "a" + hour);
    }

    /** The channel of hints, as the scripts name it. */
    public byte[] hints() {
        return (prefix + ":h").getBytes(StandardCharsets.UTF_8);
    }

    /** String: when the next call is due. */
    public static byte[] permits(String prefix, RateLimitKey key) {
        LookupKey hashed = LookupKey.of("rate-limit", key.action().name(), key.caller());
        byte[] head = (prefix + ":l:").getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(head.length + LookupKey.BYTES)
                .put(head)
                .put(hashed.toBytes())
                .array();
    }

    /** The type that a key of a partition has, as Redis names it. */
    static String typeOf(byte[] key) {
        String name = new String(key, StandardCharsets.UTF_8);
        return switch (name.charAt(name.lastIndexOf("}:") + 2)) {
            case 'f' -> "stream";
            case 'd', 'e', 'l', 'n', 'u', 'v', 'x' -> "zset";
            default -> "hash";
        };
    }

    private byte[] name(int partition, String rest) {
        return (prefix + ":{" + partition + "}:" + rest).getBytes(StandardCharsets.UTF_8);
    }
}
