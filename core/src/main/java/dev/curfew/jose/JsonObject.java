package dev.curfew.jose;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes one JSON object, member by member. Confined to one thread. */
public final class JsonObject {
    private final StringBuilder out = new StringBuilder("{");

    public JsonObject() {}

    /**
     * Writes claims: String, Boolean, Integer, Long, finite Double, null, and List and Map of these, as
     * {@link StrictJson} gives them.
     *
     * @throws IllegalArgumentException if there is something else
     */
    public static JsonObject of(Map<String, ? extends @Nullable Object> members) {
        JsonObject object = new JsonObject();
        members.forEach(object::withValue);
        return object;
    }

    /** Writes a value of one of the kinds of {@link #of}. */
    public JsonObject withValue(String name, @Nullable Object value) {
        name(name);
        value(value);
        return this;
    }

    public JsonObject with(String name, String value) {
        name(name);
        quote(value);
        return this;
    }

    public JsonObject with(String name, long value) {
        name(name);
        out.append(value);
        return this;
    }

    public JsonObject with(String name, boolean value) {
        name(name);
        out.append(value);
        return this;
    }

    public JsonObject with(String name, List<JsonObject> objects) {
        name(name);
        out.append('[');
        for (int i = 0; i < objects.size(); i++) {
            out.append(i == 0 ? "" : ",").append(objects.get(i));
        }
        out.append(']');
        return this;
    }

    public JsonObject withTexts(String name, List<String> texts) {
        return withValue(name, texts);
    }

    public byte[] bytes() {
        return toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return out + "}";
    }

    private void name(String name) {
        if (out.length() > 1) {
            out.append(',');
        }
        quote(name);
        out.append(':');
    }

    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            quote(text);
        } else if (value instanceof Map<?, ?> members) {
            JsonObject object = new JsonObject();
            members.forEach((name, each) -> object.withValue(String.valueOf(name), each));
            out.append(object);
        } else if (value instanceof List<?> elements) {
            array(elements);
        } else if (value == null
                || value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof Double number && Double.isFinite(number)) {
            out.append(value);
        } else {
            throw new IllegalArgumentException(
                    "no JSON is written of a " + value.getClass().getName());
        }
    }

    private void array(List<?> elements) {
        out.append('[');
        for (int i = 0; i < elements.size(); i++) {
            out.append(i == 0 ? "" : ",");
            value(elements.get(i));
        }
        out.append(']');
    }

    private void quote(String text) {
        out.append('"');
        if (isPlain(text)) {
            out.append(text).append('"');
            return;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (mustBeEscaped(c)) {
                out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\' || mustBeEscaped(c)) {
                return false;
            }
        }
        return true;
    }

    /** Controls by the standard; the rest so that the text stays text inside a script or a page. */
    private static boolean mustBeEscaped(char c) {
        return c < ' ' || c == 0x7F || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
    }
}
