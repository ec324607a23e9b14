package dev.curfew.redis.script;

import dev.curfew.session.LookupKey;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a script answers: byte strings and integers, by their index. Immutable. */
public final class ScriptReply {
    private final List<?> parts;

    private ScriptReply(List<?> parts) {
        this.parts = parts;
    }

    public static ScriptReply of(Object answer) {
        return new ScriptReply(answer instanceof List<?> list ? list : List.of(answer));
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    public int size() {
        return parts.size();
    }

    public byte[] bytes(int index) {
        return (byte[]) parts.get(index);
    }

    /** All parts, which are byte strings. */
    public List<byte[]> allBytes() {
        return parts.stream().map(part -> (byte[]) part).toList();
    }

    public LookupKey key(int index) {
        return LookupKey.fromBytes(bytes(index));
    }

    public String text(int index) {
        return new String(bytes(index), StandardCharsets.US_ASCII);
    }

    /** An integer, or the number that a text is. */
    public long number(int index) {
        return parts.get(index) instanceof Long number ? number : Long.parseLong(text(index));
    }

    /** Whether the script has done nothing, and says why. */
    boolean isRejection() {
        return !parts.isEmpty() && parts.get(0) instanceof byte[] first && first.length > 1 && first[0] == '!';
    }
}
