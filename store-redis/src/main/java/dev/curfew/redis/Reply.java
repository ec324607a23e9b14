package dev.curfew.redis;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what scripts answer: byte strings, integers and lists of them. */
final class Reply {
    private Reply() {}

    @SuppressWarnings("unchecked")
    static List<Object> list(Object answer) {
        return answer instanceof List<?> list ? (List<Object>) list : List.of(answer);
    }

    static byte[] bytes(List<Object> answer, int index) {
        return (byte[]) answer.get(index);
    }

    static String text(List<Object> answer, int index) {
        return new String(bytes(answer, index), StandardCharsets.US_ASCII);
    }

    static long number(@Nullable Object answer) {
        return answer instanceof byte[] bytes
                ? Long.parseLong(new String(bytes, StandardCharsets.US_ASCII))
                : (Long) java.util.Objects.requireNonNull(answer);
    }

    static long number(List<Object> answer, int index) {
        return number(answer.get(index));
    }
}
