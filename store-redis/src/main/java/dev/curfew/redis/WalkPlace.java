package dev.curfew.redis;

import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadCursor;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in the walk through all indexes: the bucket, and the member that was met last, or nothing in front of the
 * first.
 */
final class WalkPlace {
    static final byte[] NOTHING = new byte[0];

    /** Subject key, begin, creation, session key. */
    private static final int MEMBER_BYTES = 2 * LookupKey.BYTES + 2 * Millis.BYTES;

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,4})-((?:[0-9a-f]{" + 2 * MEMBER_BYTES + "})?)");

    private final int bucket;
    private final byte[] member;

    WalkPlace(int bucket, byte[] member) {
        this.bucket = bucket;
        this.member = member;
    }

    static WalkPlace atBucket(int bucket) {
        return new WalkPlace(bucket, NOTHING);
    }

    static WalkPlace of(PayloadCursor cursor) {
        if (cursor.equals(PayloadCursor.start())) {
            return atBucket(0);
        }
        Matcher matcher = TEXT.matcher(cursor.text());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("the cursor is of another store");
        }
        return new WalkPlace(Integer.parseInt(matcher.group(1)), HexFormat.of().parseHex(matcher.group(2)));
    }

    int bucket() {
        return bucket;
    }

    byte[] member() {
        return member;
    }

    LookupKey session() {
        return LookupKey.fromBytes(Arrays.copyOfRange(member, MEMBER_BYTES - LookupKey.BYTES, MEMBER_BYTES));
    }

    PayloadCursor toCursor() {
        return new PayloadCursor(bucket + "-" + HexFormat.of().formatHex(member));
    }
}
