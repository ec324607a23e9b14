package dev.curfew.redis.verb;

import dev.curfew.redis.codec.IndexMember;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.session.LookupKey;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the walk through the indexes of all buckets: the bucket, with the member that was read last, or no
 * bytes in front of the first. Immutable.
 */
final class IndexPosition {
    static final byte[] NOTHING = new byte[0];

    /** How many buckets are looked into in one go. */
    static final int BUCKETS_AT_ONCE = 64;

    /** At how many rows of a bucket one script looks, so that it holds up the server for a few milliseconds at most. */
    static final int ROWS_AT_ONCE = 250;

    private static final Pattern TEXT =
            Pattern.compile("(0|[1-9][0-9]{0,3})-((?:[0-9a-f]{" + 2 * IndexMember.BYTES + "})?)");

    private final int bucket;
    private final byte[] member;

    IndexPosition(int bucket, byte[] member) {
        this.bucket = bucket;
        this.member = member;
    }

    static IndexPosition atBucket(int bucket) {
        return new IndexPosition(bucket, NOTHING);
    }

    /** What {@link #toString} has written; no text is in front of all buckets. */
    static IndexPosition parse(String text) {
        if (text.isEmpty()) {
            return atBucket(0);
        }
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(1)) >= RedisKeys.BUCKETS) {
            throw new IllegalArgumentException("the cursor is of another store");
        }
        return new IndexPosition(
                Integer.parseInt(matcher.group(1)), HexFormat.of().parseHex(matcher.group(2)));
    }

    int bucket() {
        return bucket;
    }

    byte[] member() {
        return member;
    }

    LookupKey session() {
        return IndexMember.sessionOf(member);
    }

    /** Bucket and member in hexadecimal: pseudonyms. */
    @Override
    public String toString() {
        return bucket + "-" + HexFormat.of().formatHex(member);
    }
}
