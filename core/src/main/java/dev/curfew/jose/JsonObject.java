package dev.curfew.jose;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Writes one JSON object, member by member. Confined to one thread. */
public final class JsonObject {
    private final StringBuilder out = new StringBuilder("{");

    public JsonObject() {}

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
        name(name);
        out.append('[');
        for (int i = 0; i < texts.size(); i++) {
            out.append(i == 0 ? "" : ",");
            quote(texts.get(i));
        }
        out.append(']');
        return this;
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

    private void quote(String text) {
        out.append('"');
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

    /** Controls by the standard; the rest so that the text stays text inside a script or a page. */
    private static boolean mustBeEscaped(char c) {
        return c < ' ' || c == 0x7F || c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029';
    }
}
