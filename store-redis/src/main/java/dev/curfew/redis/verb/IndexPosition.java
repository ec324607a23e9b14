package dev.curfew.redis.verb;

import dev.curfew.redis.codec.IndexMember;
import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadCursor;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the walk through the indexes of all buckets: the bucket, with the member that was read last, or no
 * bytes in front of the first. Immutable.
 */
final class IndexPosition {
    static final byte[] NOTHING = new byte[0];

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})-((?:[0-9a-f]{" + 2 * IndexMember.BYTES + "})?)");

    private final int bucket;
    private final byte[] member;

    IndexPosition(int bucket, byte[] member) {
        this.bucket = bucket;
        this.member = member;
    }

    static IndexPosition atBucket(int bucket) {
        return new IndexPosition(bucket, NOTHING);
    }

    static IndexPosition of(PayloadCursor cursor) {
        if (cursor.equals(PayloadCursor.start())) {
            return atBucket(0);
        }
        Matcher matcher = TEXT.matcher(cursor.text());
        if (!matcher.matches()) {
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

    PayloadCursor toCursor() {
        return new PayloadCursor(bucket + "-" + HexFormat.of().formatHex(member));
    }
}
