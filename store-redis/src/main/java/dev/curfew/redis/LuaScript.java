package dev.curfew.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** The scripts, each behind the shared chunk. Their own first lines say what their keys and arguments are. */
enum LuaScript {
    OPEN(true),
    BORN(true),
    CUTOFF(true),
    FIND(true),
    LIST(true),
    INSERT(true),
    TOUCH(true),
    ROTATE(true),
    REVOKE(true),
    SURVEY(true),
    SPREAD(true),
    RECORD(true),
    MARK(true),
    DUE(true),
    SWEEP(true),
    PURGE(true),
    PAYLOAD(true),
    LIMIT(false);

    private final String text;
    private final String digest;

    LuaScript(boolean isOfPartition) {
        String own = LuaText.read(name().toLowerCase(Locale.ROOT) + ".lua");
        this.text = isOfPartition ? LuaText.read("prelude.lua") + own : own;
        this.digest = LuaText.sha1(text);
    }

    byte[] text() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    String digest() {
        return digest;
    }

    /** Reads resources, without comments and indentation: they would only be sent and hashed. */
    private static final class LuaText {
        static String read(String name) {
            try (InputStream in = LuaScript.class.getResourceAsStream(name)) {
                if (in == null) {
                    throw new IllegalStateException("missing resource " + name);
                }
                StringBuilder code = new StringBuilder();
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("--"))
                        .forEach(line -> code.append(line).append('\n'));
                return code.toString();
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
}
