package dev.curfew.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JSON object (RFC 8259) that holds nothing but strings, numbers and words, which is all that a body may be; an
 * object or array inside is refused at once, so that depth costs nothing. Strict: UTF-8 only, no member twice. Confined
 * to one thread.
 */
final class FlatJson {
    private static final String NUMBER_CHARACTERS = "+-.0123456789eE";

    private final String text;
    private final String wanted;
    private @Nullable String found;
    private int at;

    private FlatJson(String text, String wanted) {
        this.text = text;
        this.wanted = wanted;
    }

    /** Answers the member of that name, which must be a string if it is there. */
    static Optional<String> stringMember(byte[] utf8, String name) throws Refusal {
        FlatJson reader = new FlatJson(decode(utf8), name);
        reader.readObject();
        return Optional.ofNullable(reader.found);
    }

    private static String decode(byte[] utf8) throws Refusal {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private void readObject() throws Refusal {
        expect('{');
        skipSpace();
        if (!accept('}')) {
            Set<String> names = new HashSet<>();
            do {
                readMember(names);
            } while (accept(','));
            expect('}');
        }
        skipSpace();
        if (at < text.length()) {
            throw malformed();
        }
    }

    private void readMember(Set<String> names) throws Refusal {
        skipSpace();
        String name = readString();
        expect(':');
        skipSpace();
        boolean isString = peek() == '"';
        String value = isString ? readString() : "";
        if (!isString) {
            skipNumberOrWord();
        }
        skipSpace();
        if (!names.add(name) || name.equals(wanted) && !isString) {
            throw malformed();
        }
        if (name.equals(wanted)) {
            found = value;
        }
    }

    private String readString() throws Refusal {
        if (next() != '"') {
            throw malformed();
        }
        StringBuilder value = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw malformed();
            }
            value.append(c == '\\' ? readEscape() : c);
        }
        return value.toString();
    }

    private char readEscape() throws Refusal {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> (char) (hexDigit() << 12 | hexDigit() << 8 | hexDigit() << 4 | hexDigit());
            default -> throw malformed();
        };
    }

    private int hexDigit() throws Refusal {
        char c = next();
        // Character.digit alone would also take digits of other scripts.
        int digit = c < 128 ? Character.digit(c, 16) : -1;
        if (digit < 0) {
            throw malformed();
        }
        return digit;
    }

    private void skipNumberOrWord() throws Refusal {
        for (String word : new String[] {"true", "false", "null"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return;
            }
        }
        int start = at;
        while (at < text.length() && NUMBER_CHARACTERS.indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        // Possessive, so that a long run of digits is read once.
        if (!text.substring(start, at).matches("-?(?:0|[1-9]\\d*+)(?:\\.\\d++)?(?:[eE][+-]?\\d++)?")) {
            throw malformed();
        }
    }

    private void expect(char c) throws Refusal {
        skipSpace();
        if (!accept(c)) {
            throw malformed();
        }
    }

    private boolean accept(char c) {
        boolean isThere = at < text.length() && text.charAt(at) == c;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private char peek() throws Refusal {
        if (at >= text.length()) {
            throw malformed();
        }
        return text.charAt(at);
    }

    private char next() throws Refusal {
        char c = peek();
        at++;
        return c;
    }

    private void skipSpace() {
        while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private static Refusal malformed() {
        return Refusal.of(Problem.REQUEST_MALFORMED);
    }
}
