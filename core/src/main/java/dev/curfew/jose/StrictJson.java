package dev.curfew.jose;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object, exactly as RFC 8259 writes it: UTF-8 only, no duplicate member, no deep nesting.
 *
 * <p>Where two readers of a token disagree, the one that checks and the one that acts see two tokens; what could be
 * read in two ways is therefore refused. Answers unmodifiable values: String, Long, Double, Boolean, List, Map or null.
 */
public final class StrictJson {
    private static final int MAX_DEPTH = 32;

    /** Of the members of an object. */
    private static final int FLAT = 2;

    private final JsonScanner scanner;
    private final int maxDepth;

    private StrictJson(JsonScanner scanner, int maxDepth) {
        this.scanner = scanner;
        this.maxDepth = maxDepth;
    }

    public static Map<String, @Nullable Object> object(byte[] utf8) throws NotStrictJsonException {
        return read(utf8, MAX_DEPTH);
    }

    /** The same, of an object without any object or array in it, so that nesting costs nothing. */
    public static Map<String, @Nullable Object> flatObject(byte[] utf8) throws NotStrictJsonException {
        Map<String, @Nullable Object> object = read(utf8, FLAT);
        if (object.values().stream().anyMatch(value -> value instanceof Map || value instanceof Collection)) {
            throw new NotStrictJsonException();
        }
        return object;
    }

    private static Map<String, @Nullable Object> read(byte[] utf8, int maxDepth) throws NotStrictJsonException {
        JsonScanner scanner = JsonScanner.of(utf8);
        scanner.skipSpace();
        Map<String, @Nullable Object> object = new StrictJson(scanner, maxDepth).readObject(1);
        scanner.skipSpace();
        if (!scanner.isAtEnd()) {
            throw new NotStrictJsonException();
        }
        return object;
    }

    private @Nullable Object readValue(int depth) throws NotStrictJsonException {
        if (depth > maxDepth) {
            throw new NotStrictJsonException();
        }
        return switch (scanner.peek()) {
            case '{' -> readObject(depth);
            case '[' -> readArray(depth);
            case '"' -> scanner.readString();
            case 't' -> scanner.readWord("true", true);
            case 'f' -> scanner.readWord("false", false);
            case 'n' -> scanner.readWord("null", null);
            default -> scanner.readNumber();
        };
    }

    private Map<String, @Nullable Object> readObject(int depth) throws NotStrictJsonException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        scanner.expect('{');
        scanner.skipSpace();
        if (!scanner.accept('}')) {
            do {
                scanner.skipSpace();
                String name = scanner.readString();
                scanner.skipSpace();
                scanner.expect(':');
                scanner.skipSpace();
                if (members.containsKey(name)) {
                    throw new NotStrictJsonException();
                }
                members.put(name, readValue(depth + 1));
                scanner.skipSpace();
            } while (scanner.accept(','));
            scanner.expect('}');
        }
        return Collections.unmodifiableMap(members);
    }

    private List<@Nullable Object> readArray(int depth) throws NotStrictJsonException {
        List<@Nullable Object> elements = new ArrayList<>();
        scanner.expect('[');
        scanner.skipSpace();
        if (!scanner.accept(']')) {
            do {
                scanner.skipSpace();
                elements.add(readValue(depth + 1));
                scanner.skipSpace();
            } while (scanner.accept(','));
            scanner.expect(']');
        }
        return Collections.unmodifiableList(elements);
    }
}
