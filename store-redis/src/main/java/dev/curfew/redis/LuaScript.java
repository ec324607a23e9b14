package dev.curfew.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * The scripts, each behind the shared parts that it needs. Their own first lines say what their keys and arguments are.
 */
enum LuaScript {
    OPEN(Shared.BIRTH, Rule.ALONE),
    LAYOUT(Shared.INDEX, Rule.ALONE),
    COMPANY(Shared.COMPANY, Rule.ALONE),
    RESET(Shared.COMPANY, Rule.COMPARES),
    LOOK(Shared.COMPANY, Rule.JUDGES),
    BUCKET(Shared.COMPANY, Rule.COMPARES),
    CUTOFF(Shared.COMPANY, Rule.COMPARES),
    FIND(Shared.ROWS, Rule.JUDGES),
    LIST(Shared.INDEX, Rule.JUDGES),
    INSERT(Shared.INDEX, Rule.JUDGES),
    TOUCH(Shared.ROWS, Rule.JUDGES),
    ROTATE(Shared.ROWS, Rule.JUDGES),
    REVOKE(Shared.COUNTING, Rule.COMPARES),
    SURVEY(Shared.ACTS, Rule.COMPARES),
    SPREAD(Shared.ACTS, Rule.COMPARES),
    RECORD(Shared.RECORDING, Rule.COMPARES),
    MARK(Shared.COMPANY, Rule.COMPARES),
    DUE(Shared.COMPANY, Rule.COMPARES),
    SWEEP(Shared.RECORDING, Rule.COMPARES),
    PURGE(Shared.INDEX, Rule.COMPARES),
    HORIZON(Shared.COMPANY, Rule.COMPARES),
    PAYLOAD(Shared.ROWS, Rule.COMPARES),
    TIMES(Shared.NONE, Rule.ALONE),
    LIMIT(Shared.NONE, Rule.ALONE);

    /** What a script demands before its own steps. */
    private enum Rule {
        ALONE(""),
        /** That the buckets among its keys are not lost. */
        COMPARES("guard"),
        /** That its instant does not lie before the horizon, too. */
        JUDGES("judge guard");

        private final String parts;

        Rule(String parts) {
            this.parts = parts;
        }
    }

    /** The parts that scripts share, in their order: who needs one needs all before it. */
    enum Shared {
        NONE,
        HEAD,
        RULE,
        FEED,
        BIRTH,
        COMPANY,
        ROWS,
        RECORDING,
        ACTS,
        INDEX,
        COUNTING;

        /** This part behind all that it needs. */
        String text() {
            StringBuilder text = new StringBuilder();
            for (Shared part : values()) {
                if (part != NONE && part.compareTo(this) <= 0) {
                    text.append(LuaText.read("shared/" + part.name().toLowerCase(Locale.ROOT) + ".lua"));
                }
            }
            return text.toString();
        }
    }

    private final String text;
    private final String digest;

    LuaScript(Shared shared, Rule rule) {
        StringBuilder all = new StringBuilder(shared.text());
        for (String part : rule.parts.split(" ", -1)) {
            all.append(part.isEmpty() ? "" : LuaText.read("shared/" + part + ".lua"));
        }
        this.text = all + LuaText.read(name().toLowerCase(Locale.ROOT) + ".lua");
        this.digest = LuaText.sha1(text);
    }

    byte[] text() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Whether what it answers is believed although it writes nothing: a replica, which refuses to write, must not
     * answer it.
     */
    boolean isAnswering() {
        return switch (this) {
            case LOOK, BUCKET, CUTOFF, FIND, LIST, SURVEY, MARK, OPEN -> true;
            default -> false;
        };
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
