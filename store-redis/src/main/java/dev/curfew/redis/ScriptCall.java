package dev.curfew.redis;

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
record ScriptCall(LuaScript script, int partition, List<byte[]> keys, List<byte[]> args) {
    /** A call without keys and arguments of its own. */
    static ScriptCall of(LuaScript script, int partition) {
        return new ScriptCall(script, partition, List.of(), List.of());
    }

    /** A number as an argument. */
    static byte[] number(long value) {
        return Long.toString(value).getBytes(StandardCharsets.US_ASCII);
    }
}
