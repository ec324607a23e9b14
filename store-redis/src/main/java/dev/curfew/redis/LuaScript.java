package dev.curfew.redis;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The scripts. Each is the file of its name, whose first lines say what its keys, arguments and answers are, behind the
 * shared files that it needs.
 */
enum LuaScript {
    OPEN,
    CONVERT_LAYOUT,
    CONFIRM_LOSS,
    RESET_HORIZON,
    CHECK,
    READ_BUCKET,
    NEWEST_CUT_OFF,
    FIND,
    LIST,
    INSERT,
    TOUCH,
    ROTATE,
    REVOKE,
    READ_TARGET,
    REVOKE_EVERYWHERE,
    RECORD,
    FEED_END,
    BEGIN_PURGE,
    UPDATE_ENDED,
    PURGE,
    RAISE_HORIZON,
    REPLACE_PAYLOADS,
    PARTITION_TIMES,
    RATE_LIMIT;

    private final String text = LuaSource.join(name().toLowerCase(Locale.ROOT));
    private final String digest = LuaSource.sha1(text);

    byte[] text() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String digest() {
        return digest;
    }

    /**
     * Whether what it answers is believed although it writes nothing: a replica, which refuses to write, must not
     * answer it.
     */
    boolean needsPrimary() {
        return switch (this) {
            case CHECK, READ_BUCKET, NEWEST_CUT_OFF, FIND, LIST, READ_TARGET, FEED_END, OPEN -> true;
            default -> false;
        };
    }
}
