package dev.curfew.redis.script;

import dev.curfew.redis.connection.Script;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The scripts. Each is the file of its name, whose first lines say what its keys, arguments and answers are, behind the
 * shared files that it needs.
 */
public enum LuaScript implements Script {
    OPEN,
    CONVERT_LAYOUT,
    CONFIRM_LOSS,
    RESET_HORIZON,
    CHECK,
    READ_BUCKET,
    NEWEST_CUT_OFF,
    FIND,
    LIST,
    LIST_SCOPE,
    COUNT_LIVE,
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
    PURGE_GROUP,
    RAISE_HORIZON,
    REPLACE_PAYLOADS,
    ERASE,
    READ_RECORD,
    WRITE_RECORD,
    REMOVE_RECORD,
    LIST_RECORDS,
    PARTITION_TIMES,
    RATE_LIMIT;

    private final String text = LuaSource.join(name().toLowerCase(Locale.ROOT));
    private final String digest = LuaSource.sha1(text);

    @Override
    public byte[] text() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String digest() {
        return digest;
    }

    @Override
    public boolean needsPrimary() {
        return switch (this) {
            case CHECK,
                    READ_BUCKET,
                    NEWEST_CUT_OFF,
                    FIND,
                    LIST,
                    LIST_SCOPE,
                    COUNT_LIVE,
                    READ_TARGET,
                    FEED_END,
                    OPEN,
                    READ_RECORD,
                    LIST_RECORDS -> true;
            default -> false;
        };
    }
}
