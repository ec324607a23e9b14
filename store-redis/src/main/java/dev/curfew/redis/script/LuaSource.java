package dev.curfew.redis.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins a file of Lua with the shared files that it needs, each once and behind those that it needs itself.
 *
 * <p>A file names them in its first comment, in lines that begin with {@code -- Needs:}. Comments and indentation are
 * left out: they would only be sent and hashed.
 */
public final class LuaSource {
    private static final String NEEDS = "-- Needs: ";

    private LuaSource() {}

    public static String join(String script) {
        Map<String, String> code = new LinkedHashMap<>();
        List<String> lines = lines(script);
        addNeeds(lines, code);
        return String.join("", code.values()) + code(lines);
    }

    private static void addNeeds(List<String> lines, Map<String, String> code) {
        for (String name : needs(lines)) {
            if (!code.containsKey(name)) {
                List<String> shared = lines("shared/" + name);
                addNeeds(shared, code);
                code.put(name, code(shared));
            }
        }
    }

    private static List<String> needs(List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(NEEDS))
                .flatMap(line -> Arrays.stream(line.substring(NEEDS.length()).split(", ", -1)))
                .toList();
    }

    private static String code(List<String> lines) {
        StringBuilder code = new StringBuilder();
        lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("--"))
                .forEach(line -> code.append(line).append('\n'));
        return code.toString();
    }

    /** The lines of a file beside this class, named without {@code .lua}. */
    static List<String> lines(String name) {
        try (InputStream in = LuaSource.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("missing resource " + name + ".lua");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
