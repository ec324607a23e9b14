package dev.curfew.jdbc.table;

import dev.curfew.session.LookupKey;
import java.util.Arrays;

/** Where a walk in the order of the keys goes on behind a row, also behind one whose key is damaged. */
public final class KeyPlace {
    /** In front of all keys. */
    public static final LookupKey START = new LookupKey(0, 0);

    private static final LookupKey GREATEST = new LookupKey(-1, -1);

    private KeyPlace() {}

    /**
     * The key itself, or the next one behind a key that is shorter or longer than a key. Behind the greatest of all
     * stands at most what is damaged: whoever arrives there twice is at the end.
     */
    public static LookupKey of(byte[] key) {
        LookupKey place = LookupKey.fromBytes(Arrays.copyOf(key, LookupKey.BYTES));
        if (key.length <= LookupKey.BYTES || place.equals(GREATEST)) {
            return place;
        }
        return new LookupKey(place.low() == -1 ? place.high() + 1 : place.high(), place.low() + 1);
    }
}
