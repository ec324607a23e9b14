package dev.curfew.redis.script;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A script with its own keys and arguments, which come behind those that every script is given. Immutable.
 *
 * @param script which one
 * @param partition on which it runs
 * @param keys all in that partition
 * @param args in the order that the script's first lines say
 */
public record ScriptCall(LuaScript script, int partition, List<byte[]> keys, List<byte[]> args) {
    /** A call without keys and arguments of its own. */
    public static ScriptCall of(LuaScript script, int partition) {
        return new ScriptCall(script, partition, List.of(), List.of());
    }

    /** A number as an argument. */
    public static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
